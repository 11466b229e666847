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
REACH = 10_000  # of an environment that is looked for to its end


@dataclass(frozen=True, slots=True)
class Environment:
    """`start:opened` is its `\\begin{name}`; `end` is behind its `\\end{name}`, 0 where there is none within reach.

    `is_cut` where a blank line stands inside: Markdown does not take it for one thing.
    """

    name: str
    start: int
    opened: int
    end: int
    is_cut: bool


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
            end = end if end - edge.end() <= REACH else 0
            is_cut = _next(blanks, edge.end()) < end
            found[edge.start()] = Environment(edge[2], edge.start(), edge.end(), end, is_cut)
            past = edge.end() if is_cut else max(end, edge.end())
    return found


def _next(places: list[int], at: int) -> int:
    """Return the first of the sorted places from `at` on."""
    index = bisect_left(places, at)
    return places[index] if index < len(places) else NOWHERE
