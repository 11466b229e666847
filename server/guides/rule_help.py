"""What a page or a terminal says of a rule: its docstring in pieces, its options, and how it is found by name."""

from dataclasses import dataclass
from typing import Any

from server import lint
from server.errors import NotFound
from server.lint.rule_page import Piece, pieces

__all__ = ["Option", "Piece", "find", "options", "pieces"]


@dataclass(frozen=True)
class Option:
    """An option of a rule: its name, its value when a guide says nothing, and its meaning."""

    name: str
    default: Any
    meaning: str


def find(name: str) -> lint.Rule:
    """Return the rule of this code, in any case, or of this name. Raises NotFound."""
    for rule in lint.rules().values():
        if name.upper() == rule.code or name == rule.name:
            return rule
    raise NotFound("There is no rule called {name}.", name=name)


def options(rule: lint.Rule) -> list[Option]:
    """Return what a guide may set for a rule, besides its level."""
    return [
        Option(name, field.get_default(call_default_factory=True), field.description or "")
        for name, field in rule.options.model_fields.items()
    ]
