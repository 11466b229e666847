"""The page of a rule, read from its docstring: paragraphs and examples in the order they stand there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent
from typing import Literal

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
