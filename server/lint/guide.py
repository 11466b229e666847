"""Guides: the YAML a lead writes, checked to the last key, and the lint settings it comes to."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from server.lint import phrases, problems, registry
from server.lint.diagnostic import Level
from server.lint.problems import Problem
from server.lint.voice import ENGLISH, Saying, Voice
from server.lint.yaml_places import Places, RepeatedKey, read_yaml

Language = Literal["en", "zh", "any"]


class GuideError(ValueError):
    """A guide that cannot be used. `problems` lists everything wrong, `file` names where."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__(self.told(ENGLISH))

    def told(self, voice: Voice) -> str:
        """Return every problem on a line of its own, as `voice` says it."""
        return "\n".join(self._lines(voice))

    def _lines(self, voice: Voice) -> Iterator[str]:
        for problem in self.problems:
            place = f"{self.file}:{problem.line}" if problem.line else self.file
            said = problem.told(voice)
            yield f"{place}: {problem.path}: {said}" if problem.path else f"{place}: {said}"


class Part(BaseModel):
    """Any mapping of a guide: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RuleSettings(BaseModel):
    """Settings of one rule: its level, and options the rule itself declares."""

    model_config = ConfigDict(extra="allow", frozen=True)
    level: Level | None = Field(default=None, description="The level of its findings; the rule's own unless set.")

    @property
    def options(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class When(Part):
    """Which tasks a profile is for: any of the tags, and the language."""

    tags: tuple[str, ...] = Field(default=(), description="Tasks with any of these tags; all when empty.")
    language: Language = Field(default="any", description="Answers in this language.")

    def fits(self, tags: frozenset[str], language: str) -> bool:
        return (not self.tags or bool(tags & set(self.tags))) and self.language in ("any", language)


class LintLayer(Part):
    select: tuple[str, ...] | None = Field(default=None, description="More rules: codes, their beginnings, or names.")
    ignore: tuple[str, ...] | None = Field(default=None, description="Rules to leave out, named in the same ways.")
    rules: dict[str, RuleSettings] = Field(
        default_factory=dict, description="Levels and options by rule; to name a rule here turns it on."
    )


class Profile(LintLayer):
    when: When = Field(description="Which tasks it is for.")


class LintSettings(LintLayer):
    """`style` are phrase rules of the house's own, in force unless ignored."""

    extends: Literal["recommended", "none"] = Field(default="recommended", description="The rules to begin with.")
    profiles: tuple[Profile, ...] = Field(
        default=(), description="Settings for some tasks only; what comes first counts."
    )
    style: tuple[phrases.Phrase, ...] = Field(default=(), description="Phrase rules of the house's own.")

    @field_validator("style")
    @classmethod
    def own(cls, style: tuple[phrases.Phrase, ...]) -> tuple[phrases.Phrase, ...]:
        for each in style:
            if not each.code.startswith("STY"):
                raise PydanticCustomError("not_style", "{code}: codes of a guide's own rules begin with STY",
                                          {"code": each.code})  # fmt: skip
        codes = [each.code for each in style]
        if twice := next((code for code in codes if codes.count(code) > 1), None):
            raise PydanticCustomError("id_twice", "{list}: the id {id} is used twice", {"list": "style", "id": twice})
        return style

    @cached_property
    def house(self) -> tuple[registry.Rule, ...]:
        """The rules `style` comes to."""
        return tuple(phrases.rule_of(each) for each in self.style)


class CheckItem(Part):
    id: str = Field(min_length=1, description="Its name in the data, once in the list.")
    text: str = Field(min_length=1, description="What the writer confirms.")
    required: bool = Field(default=True, description="Whether it must be confirmed before submitting.")


class ScalePoint(Part):
    value: int = Field(ge=-1000, le=1000, description="The score; values rise.")
    text: str = Field(description="What the score means.")


class Criterion(Part):
    id: str = Field(min_length=1, description="Its name in the data, once in the list.")
    title: str = Field(description="What reviewers read.")
    description: str = Field(default="", description="What it means, at more length.")
    scale: tuple[ScalePoint, ...] = Field(min_length=2, description="The points to score by, two at least.")

    @field_validator("scale")
    @classmethod
    def rising(cls, scale: tuple[ScalePoint, ...]) -> tuple[ScalePoint, ...]:
        values = [point.value for point in scale]
        if values != sorted(set(values)):
            raise PydanticCustomError("scale_must_rise", "scale values must rise, each once")
        return scale


class IssueKind(Part):
    id: str = Field(min_length=1, description="Its name in the data, once in the list.")
    title: str = Field(description="What reviewers read.")
    description: str = Field(default="", description="What it means, at more length.")


@dataclass(frozen=True, slots=True)
class Setting:
    """One rule in force: its level and its options."""

    rule: registry.Rule
    level: Level
    options: registry.Options
    level_is_set: bool


class Guide(Part):
    """One guide file."""

    guide: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Its name: small letters, digits, hyphens.")
    title: str = Field(min_length=1, description="What people call it.")
    language: Language = Field(default="any", description="The language of its answers; told from the text when `any`.")
    instructions: str = Field(default="", description="What writers are told, in Markdown, at the desk.")
    lint: LintSettings = Field(default=LintSettings(), description="What lint checks.")
    checklist: tuple[CheckItem, ...] = Field(default=(), description="What writers confirm before submitting.")
    rubric: tuple[Criterion, ...] = Field(default=(), description="How reviewers score.")
    taxonomy: tuple[IssueKind, ...] = Field(default=(), description="The names of what can go wrong.")

    @model_validator(mode="after")
    def unique(self) -> "Guide":
        for name in ("checklist", "rubric", "taxonomy"):
            ids = [item.id for item in getattr(self, name)]
            twice = sorted({item for item in ids if ids.count(item) > 1})
            if twice:
                values = {"list": name, "id": repr(twice[0])}
                raise PydanticCustomError("id_twice", "{list}: the id {id} is used twice", values)
        return self

    @cached_property
    def _resolved(self) -> dict[tuple[frozenset[str], str], tuple[Setting, ...]]:
        return {}

    def settings(self, tags: Sequence[str] = (), language: str = "") -> tuple[Setting, ...]:
        """Return the rules in force for a task with these tags, written in this language (`en` or `zh`)."""
        key = (frozenset(tags), language)
        if key not in self._resolved:
            self._resolved[key] = tuple(_resolve(self.lint, *key))
        return self._resolved[key]


def _resolve(lint: LintSettings, tags: frozenset[str], language: str) -> Iterator[Setting]:
    layers: list[LintLayer] = [profile for profile in lint.profiles if profile.when.fits(tags, language)]
    select = [*(lint.select or ()), *next((layer.select for layer in layers if layer.select is not None), ())]
    ignore = [*(lint.ignore or ()), *next((layer.ignore for layer in layers if layer.ignore is not None), ())]
    chosen = {code for text in select for code in _codes(text)}
    refused = {code for text in ignore for code in _codes(text)}
    given = [_by_code(layer.rules) for layer in (*layers, lint)]
    for code, rule in registry.rules().items():
        mine = [rules[code] for rules in given if code in rules]
        wanted = (rule.standard and lint.extends == "recommended") or code in chosen or bool(mine)
        if wanted and code not in refused:
            level = next((item.level for item in mine if item.level), None)
            merged = {key: value for item in reversed(mine) for key, value in item.options.items()}
            yield Setting(rule, level or rule.level, registry.options(rule, merged), level is not None)
    for rule in lint.house:
        if not any(_means(selector, rule) for selector in ignore):
            yield Setting(rule, rule.level, rule.options(), level_is_set=False)


def _means(selector: str, rule: registry.Rule) -> bool:
    return selector == rule.name or (bool(selector) and rule.code.startswith(selector))


def _codes(selector: str) -> list[str]:
    return [rule.code for rule in registry.selected(selector)]


def _by_code(rules: dict[str, RuleSettings]) -> dict[str, RuleSettings]:
    return {code: item for name, item in rules.items() for code in _codes(name)}


def load_guide(path: Path) -> Guide:
    """Read a guide file. Raises GuideError, also when the file cannot be read or is not named after its guide."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        unread = Saying(problems.CANNOT_READ, {"reason": problems.reason(error)})
        raise GuideError(str(path), [Problem("", 0, unread)]) from error
    guide = parse_guide(text, file=str(path))
    if guide.guide != path.stem:
        names = {"name": repr(guide.guide), "stem": repr(path.stem)}
        raise GuideError(str(path), [Problem("guide", 0, Saying(problems.OTHER_NAME, names))])
    return guide


def parse_guide(yaml_text: str, file: str = "guide") -> Guide:
    """Check the YAML text of a guide. Raises GuideError with every problem found, each with its path and line."""
    try:
        data, places = read_yaml(yaml_text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise GuideError(file, [Problem("", line, _not_yaml(error.problem or error))]) from error
    except RepeatedKey as error:
        twice = Saying(problems.GIVEN_TWICE, {"key": repr(error.key)})
        raise GuideError(file, [Problem("", error.line, twice)]) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise GuideError(file, [Problem("", 0, _not_yaml(error))]) from error
    if not isinstance(data, dict):
        raise GuideError(file, [Problem("", 1, Saying(problems.NOT_A_MAPPING))])
    try:
        guide = Guide.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        raise GuideError(file, list(_translated(error, Guide, places))) from error
    if found := list(_rule_problems(guide.lint, places)) or list(_clashes(guide.lint, places)):
        raise GuideError(file, found)
    return guide


def _not_yaml(reason: object) -> Saying:
    return Saying(problems.NOT_YAML, {"reason": str(reason) or type(reason).__name__})


def _translated(
    error: ValidationError, model: type[BaseModel], places: Places, base: tuple[Any, ...] = ()
) -> Iterator[Problem]:
    for item in error.errors():
        path = (*base, *_written(item))
        what, hint = problems.said(dict(item)), None
        if item["type"] == "extra_forbidden":
            what, hint = Saying(problems.UNKNOWN_KEY), problems.near(str(path[-1]), _known(model, item["loc"][:-1]))
        elif item["type"] == "union_tag_invalid":
            hint = problems.near(item["ctx"]["tag"], phrases.VERBS)
        yield Problem(".".join(map(str, path)), places.line(path), what, hint)


def _written(error: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the path as the guide has it: pydantic puts the verb of a phrase rule in between."""
    loc: tuple[Any, ...] = error["loc"]
    if loc[:2] != ("lint", "style"):
        return loc
    return (*loc, "extends") if error["type"].startswith("union_tag") else (*loc[:3], *loc[4:])


def _known(model: type[BaseModel], path: Sequence[Any]) -> list[str]:
    """Return the keys allowed where `path` leads inside `model`."""
    found = [model]
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            found = list(_models_in(model.model_fields[step].annotation)) or found
        model = next((each for each in found if each.__name__.lower() == step), found[0])
    return list(model.model_fields)


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _models_in(inner)


def _rule_problems(lint: LintSettings, places: Places) -> Iterator[Problem]:
    yield from _layer_problems(lint, ("lint",), places, lint.house)
    for index, profile in enumerate(lint.profiles):
        yield from _layer_problems(profile, ("lint", "profiles", index), places, lint.house)
    names = [rule.name for rule in lint.house]
    for index, name in enumerate(names):
        if name in registry.by_name() or name in names[:index]:
            yield _problem(("lint", "style", index, "name"), places, Saying(problems.NAME_TWICE, {"name": repr(name)}))


def _problem(path: tuple[Any, ...], places: Places, what: Saying, hint: Saying | None = None) -> Problem:
    return Problem(".".join(map(str, path)), places.line(path), what, hint)


def _layer_problems(
    layer: LintLayer, base: tuple[Any, ...], places: Places, house: Sequence[registry.Rule]
) -> Iterator[Problem]:
    names = [*registry.rules(), *registry.by_name(), *(rule.code for rule in house)]
    for key in ("select", "ignore"):
        for index, selector in enumerate(getattr(layer, key) or ()):
            if not _codes(selector) and not any(_means(selector, rule) for rule in house):
                what = Saying(problems.NO_RULE, {"name": repr(selector)})
                yield _problem((*base, key, index), places, what, problems.near(selector, names))
    seen: dict[str, str] = {}
    for name, settings in layer.rules.items():
        path, found = (*base, "rules", name), _codes(name)
        if any(name in (rule.code, rule.name) for rule in house):
            yield _problem(path, places, Saying(problems.OWN_RULE))
        elif len(found) != 1:
            what = Saying(problems.SEVERAL_RULES if found else problems.NO_SUCH_RULE)
            yield _problem(path, places, what, None if found else problems.near(name, names))
        elif found[0] in seen:
            yield _problem(path, places, Saying(problems.RULE_TWICE, {"key": repr(seen[found[0]])}))
        else:
            seen[found[0]] = name
            yield from _option_problems(registry.rules()[found[0]], settings.options, places, path)


def _option_problems(
    rule: registry.Rule, options: dict[str, Any], places: Places, path: tuple[Any, ...]
) -> Iterator[Problem]:
    try:
        registry.options(rule, options)
    except ValidationError as error:
        yield from _translated(error, rule.options, places, path)


def _clashes(lint: LintSettings, places: Places) -> Iterator[Problem]:
    """Yield where a profile's options do not go with those of the guide or of a profile that can fit the same task."""
    layers: list[LintLayer] = [*lint.profiles, lint]
    given = [_by_code(layer.rules) for layer in layers]
    for index, profile in enumerate(lint.profiles):
        later = [at for at in range(index + 1, len(lint.profiles)) if _meet(profile.when, lint.profiles[at].when)]
        for code, settings in given[index].items():
            below = given[-1][code].options if code in given[-1] else {}
            options = [below, *(below | given[at][code].options for at in later if code in given[at])]
            for beneath in options:
                merged = beneath | settings.options
                path = ("lint", "profiles", index, "rules", code)
                if found := list(_option_problems(registry.rules()[code], merged, places, path)):
                    yield from found
                    break


def _meet(one: When, other: When) -> bool:
    return "any" in (one.language, other.language) or one.language == other.language
