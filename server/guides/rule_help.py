"""What is told of a rule on its page, in a terminal and in the documents: pieces of its docstring, options, fixes."""

import difflib
import re
from dataclasses import dataclass
from functools import lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml

from server import lint
from server.errors import NotFound
from server.lint.guide import LintSettings
from server.lint.phrases.schema import Common
from server.lint.rule_page import Piece, pieces
from server.text import message

SAFETIES = {
    "safe": message("safe"),
    "unsafe": message("after a look"),
    "display": message("only shown"),
}
_KINDS: dict[Any, str] = {int: "number", float: "number", str: "text", bool: "true | false"}

__all__ = ["SAFETIES", "Option", "Piece", "find", "fixes", "illustrated", "options", "pieces", "spelt"]

# characters nobody sees are written so in examples
_NAMED = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")
_CONTEXT = ("prompt", "reference", "language")


@dataclass(frozen=True)
class Option:
    """An option of a rule: its name, what it takes, its value when a guide says nothing, and its meaning."""

    name: str
    takes: str
    default: str
    meaning: str


def find(name: str) -> lint.Rule:
    """Return the rule of this code, in any case, or of this name. Raises NotFound."""
    if rule := named(name):
        return rule
    known = [*lint.rules(), *(rule.name for rule in lint.rules().values())]
    near = difflib.get_close_matches(name, known, n=1) or difflib.get_close_matches(name.upper(), known, n=1)
    if near:
        raise NotFound("There is no rule called {name}. Did you mean {near}?", name=name, near=near[0])
    raise NotFound("There is no rule called {name}.", name=name)


def named(name: str) -> lint.Rule | None:
    """Return the rule of this code, in any case, or of this name, if there is one."""
    return next((rule for rule in lint.rules().values() if name.upper() == rule.code or name == rule.name), None)


def options(rule: lint.Rule) -> list[Option]:
    """Return what a guide may set for a rule, besides its level."""
    return [
        Option(
            name,
            takes(field.annotation),
            written(field.get_default(call_default_factory=True)),
            field.description or "",
        )
        for name, field in rule.options.model_fields.items()
    ]


def takes(annotation: Any) -> str:
    """Say in a word what an option, or a key of a guide, takes; `[…]` is a list, `{…}` a mapping."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " | ".join(map(str, inside))
    if origin is tuple:
        return f"[{takes(inside[0])}]"
    if origin is dict:
        return f"{{{takes(inside[0])}: {takes(inside[1])}}}"
    if origin in (Annotated, Union, UnionType):
        return takes(inside[0])
    return _KINDS.get(annotation, "mapping")


def written(default: Any) -> str:
    """Return a default as a guide would write it, empty for nothing."""
    if default is None:
        return ""
    if isinstance(default, tuple):
        return f"[{', '.join(map(str, default))}]"
    return str(default).lower() if isinstance(default, bool) else str(default)


def illustrated(rule: lint.Rule, phrase: Common | None = None) -> list[tuple[Piece, list[lint.Fix]]]:
    """Return the pieces of a rule's help, each bad example with the fixes the rule offers for it.

    `phrase` is what a guide says of a rule of its own. Rules of the second tier think too long for a page: their
    examples come without fixes.
    """
    return [(piece, _offered(rule, piece, phrase)) for piece in pieces(rule.help)]


def spelt(text: str) -> str:
    """Return `text` with `␠` read as a space and `⟨U+00A0⟩` as the character it names: unseen ones are written so."""
    return _NAMED.sub(lambda match: chr(int(match[1], 16)), text.replace("␠", " "))


@lru_cache(maxsize=256)
def fixes(code: str) -> tuple[lint.Fix, ...]:
    """Return what a rule of the first tier offers in its own examples, one fix of each kind and safety."""
    offered = (fix for _, several in illustrated(lint.rules()[code]) for fix in several)
    return tuple({(fix.template, fix.safety): fix for fix in offered}.values())


def _offered(rule: lint.Rule, piece: Piece, phrase: Common | None) -> list[lint.Fix]:
    if piece.kind != "bad" or rule.tier != "first":
        return []
    given = yaml.safe_load(f"{{{piece.given}}}")
    context = {key: given.pop(key) for key in _CONTEXT if key in given}
    alone = {"style": (phrase,)} if phrase else {"select": (rule.code,), "rules": {rule.code: given}}
    guide = lint.Guide(guide="example", title="Example", lint=LintSettings(extends="none", **alone))
    found = lint.lint(spelt(piece.text), guide, lint.LintContext(**context)).diagnostics
    fixes = {(fix.title, fix.safety): fix for each in found if each.code == rule.code for fix in each.fixes}
    return list(fixes.values())
