"""Environments of LaTeX that stand outside formulas, as `\\begin{align}` does in the middle of running text."""

import re
import sys
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.lint.document import Document

_EDGE = re.compile(r"\\(begin|end)[ \t]*\{([A-Za-z]+\*?)\}")
_BLANK_LINE = re.compile(r"\n[ \t>]*\r?\n")
NOWHERE = sys.maxsize


@dataclass(frozen=True, slots=True)
class Environment:
    """`start:opened` is its `\\begin{name}`; `end` is behind its `\\end{name}`, 0 where a blank line comes first."""

    name: str
    start: int
    opened: int
    end: int


def bare(document: "Document") -> dict[int, Environment]:
    """Return the environments outside formulas by where they start; what stands inside another is part of it."""
    if "\\begin" not in document.masked:
        return {}
    closing: defaultdict[str, list[int]] = defaultdict(list)
    for edge in _EDGE.finditer(document.text):
        if edge[1] == "end":
            closing[edge[2]].append(edge.end())
    blanks = [match.start() for match in _BLANK_LINE.finditer(document.text)]
    found: dict[int, Environment] = {}
    past = 0
    for edge in _EDGE.finditer(document.masked):
        if edge[1] == "begin" and edge.start() >= past:
            end = _next(closing[edge[2]], edge.end())
            if end == NOWHERE or end > _next(blanks, edge.end()):
                end = 0
            found[edge.start()] = Environment(edge[2], edge.start(), edge.end(), end)
            past = end or edge.end()
    return found


def _next(places: list[int], at: int) -> int:
    """Return the first of the sorted places from `at` on."""
    index = bisect_left(places, at)
    return places[index] if index < len(places) else NOWHERE
