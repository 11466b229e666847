"""What a page or a terminal says of a rule: its docstring in pieces, its options, and how it is found by name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent
from typing import Any, Literal

from server import lint
from server.errors import NotFound

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
