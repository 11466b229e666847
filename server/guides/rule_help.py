"""What a page or a terminal says of a rule: its docstring in pieces, its options, how safe its fixes are, and how it is
found by name."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

from server import lint
from server.errors import NotFound
from server.lint.guide import LintSettings
from server.lint.phrases.schema import Common
from server.lint.rule_page import Piece, pieces

__all__ = ["Option", "Piece", "find", "illustrated", "options", "pieces"]

# characters nobody sees are written so in examples
_NAMED = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")
_CONTEXT = ("prompt", "reference", "language")


@dataclass(frozen=True)
class Option:
    """An option of a rule: its name, its value when a guide says nothing, and its meaning."""

    name: str
    default: Any
    meaning: str


def find(name: str) -> lint.Rule:
    """Return the rule of this code, in any case, or of this name. Raises NotFound."""
    if rule := named(name):
        return rule
    raise NotFound("There is no rule called {name}.", name=name)


def named(name: str) -> lint.Rule | None:
    """Return the rule of this code, in any case, or of this name, if there is one."""
    return next((rule for rule in lint.rules().values() if name.upper() == rule.code or name == rule.name), None)


def options(rule: lint.Rule) -> list[Option]:
    """Return what a guide may set for a rule, besides its level."""
    return [
        Option(name, field.get_default(call_default_factory=True), field.description or "")
        for name, field in rule.options.model_fields.items()
    ]


def illustrated(rule: lint.Rule, phrase: Common | None = None) -> list[tuple[Piece, list[lint.Fix]]]:
    """Return the pieces of a rule's help, each bad example with the fixes the rule offers for it.

    `phrase` is what a guide says of a rule of its own. Rules of the second tier think too long for a page: their
    examples come without fixes.
    """
    return [(piece, _offered(rule, piece, phrase)) for piece in pieces(rule.help)]


def _offered(rule: lint.Rule, piece: Piece, phrase: Common | None) -> list[lint.Fix]:
    if piece.kind != "bad" or rule.tier != "first":
        return []
    given = yaml.safe_load(f"{{{piece.given}}}")
    context = {key: given.pop(key) for key in _CONTEXT if key in given}
    alone = {"style": (phrase,)} if phrase else {"select": (rule.code,), "rules": {rule.code: given}}
    guide = lint.Guide(guide="example", title="Example", lint=LintSettings(extends="none", **alone))
    text = _NAMED.sub(lambda match: chr(int(match[1], 16)), piece.text.replace("␠", " "))
    found = lint.lint(text, guide, lint.LintContext(**context)).diagnostics
    fixes = {(fix.title, fix.safety): fix for each in found if each.code == rule.code for fix in each.fixes}
    return list(fixes.values())
