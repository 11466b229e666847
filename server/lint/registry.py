"""The rules: found in `rules/<family>/<rule_name>.py`, one function a file, or `.yaml`, one phrase rule a file."""

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from server.lint.diagnostic import Finding, Level, message

if TYPE_CHECKING:
    from server.lint.document import Document

Tier = Literal["first", "second"]
Check = Callable[["Document", Any], Iterable[Finding]]
_CODE = re.compile(r"[A-Z]{3}\d{3}")


class Options(BaseModel):
    """What a guide may set for a rule. A rule without options takes this empty set."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def in_order(low: float | None, high: float | None) -> None:
    """Raise PydanticCustomError where a rule's lower limit lies above its upper one."""
    if low is not None and high is not None and low > high:
        raise PydanticCustomError("min_above_max", "min {min} is above max {max}", {"min": low, "max": high})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `name` reads after "allow"; the docstring is `title` and `help`; `standard` ones are recommended."""

    code: str
    name: str
    level: Level
    tier: Tier
    title: str
    help: str
    options: type[Options]
    standard: bool
    check: Check
    module: str

    @property
    def family(self) -> str:
        return self.code[:3]


def rule(
    *,
    code: str,
    name: str,
    level: Level,
    tier: Tier = "first",
    options: type[Options] = Options,
    standard: bool = True,
) -> Callable[[Check], Check]:
    """Declare the decorated function a rule. It takes `(document, options)` and yields findings.

    Raises ValueError for a malformed code or a docstring without a title.
    """
    if not _CODE.fullmatch(code):
        raise ValueError(f"{code} is not a rule code")

    def declare(check: Check) -> Check:
        text = inspect.getdoc(check) or ""
        title, _, body = text.partition("\n")
        if not title:
            raise ValueError(f"{code} has no docstring")
        title = message(title.rstrip("."))
        check.rule = Rule(  # type: ignore[attr-defined]
            code, name, level, tier, title, body.strip(), options, standard, check, check.__module__
        )
        return check

    return declare


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by code, in the order of the codes."""
    from server.lint import phrases

    package = importlib.import_module("server.lint.rules")
    found: dict[str, Rule] = {}
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if info.ispkg or info.name.rsplit(".", 1)[1].startswith("_"):
            continue
        module = importlib.import_module(info.name)
        for value in vars(module).values():
            declared = getattr(value, "rule", None)
            if isinstance(declared, Rule) and declared.module == info.name:
                _add(found, declared)
    for declared in phrases.built_in(Path(package.__path__[0])):
        _add(found, declared)
    return dict(sorted(found.items()))


def _add(found: dict[str, Rule], declared: Rule) -> None:
    if declared.code in found:
        raise ValueError(f"{declared.code} is declared twice")
    found[declared.code] = declared


@cache
def by_name() -> dict[str, Rule]:
    """Return every rule by name."""
    return {item.name: item for item in rules().values()}


def selected(selector: str) -> list[Rule]:
    """Return the rules a code, a prefix of a code or a name means; empty when it means none."""
    if selector in by_name():
        return [by_name()[selector]]
    if not re.fullmatch(r"[A-Z]{1,3}\d{0,3}", selector):
        return []
    return [item for code, item in rules().items() if code.startswith(selector)]


def options(rule: Rule, values: dict[str, Any]) -> Options:
    """Check the options a guide gives a rule. Raises pydantic.ValidationError."""
    return rule.options.model_validate_json(json.dumps(values, default=str), strict=True)
