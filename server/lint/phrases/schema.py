"""The shape of a phrase rule, one model a verb, all strict: what is not known is an error with its place."""

import string
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from server.lint.diagnostic import Level, Safety
from server.lint.phrases import measures, search
from server.lint.phrases.scopes import Scope

Texts = tuple[Annotated[str, Field(min_length=1)], ...]
FILLS = frozenset(("match", "replacement", "count", "max", "min", "value", "words", "other", "first"))


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Status(Strict):
    """How settled a rule is. `preview` rules work only where a guide asks for them; `removed` ones are gone."""

    stage: Literal["stable", "preview", "deprecated", "removed"] = "stable"
    since: str = ""


class FixKind(Strict):
    """What the fix does with the words found."""

    kind: Literal["delete", "delete_sentence", "replace"]
    text: str = ""
    safety: Safety = "unsafe"
    why: str = ""


class Common(Strict):
    """What every phrase rule says."""

    code: str = Field(pattern=r"^[A-Z]{3}\d{3}$")
    name: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    status: Status = Status()
    scope: Scope = "prose"
    lang: tuple[Literal["en", "zh"], ...] = ()
    level: Level = "warning"
    message: str = Field(min_length=1)
    doc: str = ""
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    ignore_case: bool = True
    limit: int = Field(default=0, ge=0)
    unless_prompted: bool = False
    unless_quoted: bool = False

    @field_validator("message")
    @classmethod
    def fillable(cls, message: str) -> str:
        try:
            names = {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}
        except ValueError as error:
            raise PydanticCustomError("bad_message", "braces stand for words to fill in: {reason}",
                                      {"reason": str(error)}) from error  # fmt: skip
        if unknown := sorted(names - FILLS):
            raise PydanticCustomError("unknown_fill", "{name} is not filled in; known: {known}",
                                      {"name": unknown[0], "known": ", ".join(sorted(FILLS))})  # fmt: skip
        return message


class Searching(Common):
    """Rules that look for literals (`tokens`) and RE2 patterns (`patterns`)."""

    tokens: Texts = ()
    patterns: Texts = ()

    @model_validator(mode="after")
    def searchable(self) -> "Searching":
        if not self.tokens and not self.patterns:
            raise PydanticCustomError("nothing_to_find", "give tokens, patterns or both")
        search.Search(self.tokens, self.patterns, ignore_case=self.ignore_case)
        return self


class Existence(Searching):
    """Each of the words is a finding."""

    extends: Literal["existence"]
    fix: FixKind | None = None


class Substitution(Common):
    """Each of the words on the left has a better one on the right."""

    extends: Literal["substitution"]
    swap: dict[str, str] = Field(min_length=1)
    safety: Safety = "unsafe"


class Occurrence(Searching):
    """The words stand too often, or too seldom. `distinct` counts different words, forms of one as one; `per_words`
    makes it a density."""

    extends: Literal["occurrence"]
    max: int | None = Field(default=None, ge=0)
    min: int | None = Field(default=None, ge=1)
    distinct: bool = False
    per_words: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def limited(self) -> "Occurrence":
        if self.max is None and self.min is None:
            raise PydanticCustomError("no_limit", "give max, min or both")
        return self


class Repetition(Searching):
    """The same words come back more than `max` times."""

    extends: Literal["repetition"]
    max: int = Field(default=1, ge=1)


class Consistency(Common):
    """Two spellings of one thing; the rarer is the finding."""

    extends: Literal["consistency"]
    either: dict[str, str] = Field(min_length=1)


class Conditional(Common):
    """Where `first` stands, `second` must stand too; with a group in each, with the same words in it."""

    extends: Literal["conditional"]
    first: str
    second: str
    exceptions: Texts = ()

    @field_validator("first", "second")
    @classmethod
    def supported(cls, pattern: str) -> str:
        search.compiled(pattern, ignore_case=False)
        return pattern


class Metric(Common):
    """A figure computed of the whole answer is beyond a limit."""

    extends: Literal["metric"]
    formula: str
    max: float | None = None
    min: float | None = None

    @field_validator("formula")
    @classmethod
    def computable(cls, formula: str) -> str:
        measures.parse(formula)
        return formula

    @model_validator(mode="after")
    def limited(self) -> "Metric":
        if self.max is None and self.min is None:
            raise PydanticCustomError("no_limit", "give max, min or both")
        return self


class Sequence(Common):
    """The steps, RE2 patterns, must come in this order; with `required`, all of them."""

    extends: Literal["sequence"]
    steps: tuple[str, ...] = Field(min_length=2)
    required: bool = False

    @field_validator("steps")
    @classmethod
    def supported(cls, steps: tuple[str, ...]) -> tuple[str, ...]:
        for step in steps:
            search.compiled(step)
        return steps


Verb = Existence | Substitution | Occurrence | Repetition | Consistency | Conditional | Metric | Sequence
Phrase = Annotated[Verb, Field(discriminator="extends")]


def literal_pairs(pairs: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the pairs of a mapping as text."""
    return [(str(left), str(right)) for left, right in pairs.items()]
