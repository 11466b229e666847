"""What is told of a rule on its page, in a terminal and in the documents: pieces of its docstring, options, fixes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from textwrap import dedent
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml

from server import lint
from server.errors import NotFound
from server.text import message

SAFETIES = {
    "safe": message("safe: a machine may make it"),
    "unsafe": message("unsafe: a person looks first"),
    "display": message("only shown: it points the way"),
}
_KINDS: dict[Any, str] = {int: "number", float: "number", str: "text", bool: "true | false"}
_CONTEXT = ("prompt", "reference", "language")
_NAMED = re.compile(r"⟨U\+([0-9A-F]{4,6})⟩")

# "Bad:", "Good (min: 20):", the example indented below it
_HEAD = re.compile(r"(?P<kind>Bad|Good)(?: \((?P<given>.*)\))?:")

# a line break inside a paragraph: the source is wrapped, and wrapping it anew changes nothing
_WRAP = re.compile(r"(?<!\n)\n(?![\n|*-])")


@dataclass(frozen=True)
class Piece:
    """`given` is what the guide, or the task, says in this example: `min: 20`; empty when nothing."""

    kind: Literal["text", "bad", "good"]
    text: str
    given: str = ""


@dataclass(frozen=True)
class Option:
    """An option of a rule: its name, what it takes, its value when a guide says nothing, and its meaning."""

    name: str
    takes: str
    default: str
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


@lru_cache(maxsize=256)
def fixes(code: str) -> tuple[lint.Fix, ...]:
    """Return what a rule of the first tier offers in its own examples, one fix of each kind and safety."""
    rule = lint.rules()[code]
    if rule.tier != "first":
        return ()
    found: dict[tuple[str, str], lint.Fix] = {}
    for piece in pieces(rule.help):
        for item in _linted(rule, piece) if piece.kind == "bad" else ():
            for fix in item.fixes:
                found.setdefault((fix.template, fix.safety), fix)
    return tuple(found.values())


def _linted(rule: lint.Rule, piece: Piece) -> tuple[lint.Diagnostic, ...]:
    given = yaml.safe_load(f"{{{piece.given}}}")
    context = lint.LintContext(**{key: given.pop(key) for key in _CONTEXT if key in given})
    settings = {"extends": "none", "select": [rule.code], "rules": {rule.code: given}}
    guide = lint.parse_guide(yaml.safe_dump({"guide": "one", "title": "One", "lint": settings}))
    return lint.lint(spelt(piece.text), guide, context).diagnostics


def spelt(text: str) -> str:
    """Return `text` with `␠` read as a space and `⟨U+00A0⟩` as the character it names: unseen ones are written so."""
    return _NAMED.sub(lambda match: chr(int(match[1], 16)), text.replace("␠", " "))


def pieces(body: str) -> list[Piece]:
    """Return the pieces of a docstring's body, in order."""
    found: list[Piece] = []
    for is_example, lines in groupby(_marked(body), key=lambda pair: pair[0]):
        text = "\n".join(line for _, line in lines)
        found.append(_example(is_example, text) if is_example else Piece("text", _WRAP.sub(" ", text.strip())))
    return [piece for piece in found if piece.text]


def _marked(body: str) -> Iterator[tuple[str, str]]:
    """Yield each line with the heading of the example it belongs to; a number keeps equal headings apart."""
    inside, count = "", 0
    for line in body.split("\n"):
        if _HEAD.fullmatch(line):
            count += 1
            inside = f"{count} {line}"
            continue
        if inside and line and not line.startswith("    "):
            inside = ""
        yield inside, line


def _example(heading: str, text: str) -> Piece:
    head = _HEAD.fullmatch(heading.split(" ", 1)[1])
    assert head is not None
    return Piece("bad" if head["kind"] == "Bad" else "good", dedent(text).strip("\n"), head["given"] or "")
