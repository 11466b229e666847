"""Formulas found by the parser, each able to say where its n-th character stands in the source."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from server.lint.parser import Node, Tree
from server.lint.spans import LINE_END

_BAR = re.compile(r"\\\|")
_PREFIX = re.compile(r"[ \t>]*")
_REACH = 80  # comrak's end column drifts by the indentation it strips from earlier lines


@dataclass(slots=True)
class Literal:
    """Text whose characters come from the source, though not one to one: `at(i)` finds the i-th in the source."""

    text: str
    start: int
    end: int
    pieces: list[tuple[int, int]] = field(default_factory=list)

    def at(self, index: int) -> int:
        """Return the source offset of character `index`; of the whole when the text could not be aligned."""
        if not self.pieces:
            return self.start
        if index >= len(self.text):
            return self.end
        piece = self.pieces[bisect_right(self.pieces, (index, len(self.text) + self.end + 1)) - 1]
        return min(piece[1] + index - piece[0], self.end)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source span of characters `start:end`; the whole literal when it could not be aligned."""
        if not self.pieces:
            return self.start, self.end
        if start >= end:
            return self.at(start), self.at(start)
        return self.at(start), self.at(end - 1) + 1


@dataclass(slots=True)
class Formula:
    """One formula: `start:end` with its delimiters, `tex` without them."""

    tex: str
    display: bool
    start: int
    end: int
    opener: str
    closer: str
    body: Literal
    in_table: bool = False


def formula(source: str, tex: str, display: bool, start: int, end: int, *, in_table: bool = False) -> Formula:
    """Build the formula comrak reported at `start:end`, mending the end column where comrak drifts."""
    opener = source[start : start + 2] if source[start : start + 1] == "\\" or display else "$"
    closer = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}.get(opener, "$")
    end = _mended(source, start + len(opener), end, tex, closer)
    inner = Literal(tex, start + len(opener), end - len(closer))
    inner.pieces = align(tex, source, inner.start, inner.end)
    return Formula(tex, display, start, end, opener, closer, inner, in_table)


def of_node(source: str, tree: Tree, node: Node) -> Formula:
    """Return the formula of a node of the tree of `source`."""
    start, end = in_cell(source, node)
    display = '"display"' in node.attributes
    return formula(source, tree.literal(node), display, start, end, in_table=_cell(node) is not None)


def of_tree(source: str, tree: Tree) -> Iterator[Formula]:
    """Yield what Markdown takes for formulas, in order: money and programs as well."""
    return (of_node(source, tree, node) for node in tree.nodes if "data-math-style" in node.attributes)


def in_cell(source: str, node: Node) -> tuple[int, int]:
    """Return the true span of a node, also inside a table cell."""
    cell = _cell(node)
    return shifted(source, cell.start, node.start, node.end) if cell else (node.start, node.end)


def _cell(node: Node) -> Node | None:
    walk = node.parent
    while walk is not None and walk.tag not in ("td", "th"):
        walk = walk.parent
    return walk


def shifted(source: str, cell: int, start: int, end: int) -> tuple[int, int]:
    r"""Return the true span inside a table cell: each `\|` before it was read as one character."""
    return _unescaped(source, cell, start), _unescaped(source, cell, end)


def _unescaped(source: str, cell: int, index: int) -> int:
    bars = _bars(source, cell)
    found = index
    while bars and (true := index + bisect_right(bars, found - 2)) != found:
        found = true
    return found


@lru_cache(64)
def _bars(source: str, cell: int) -> list[int]:
    end = source.find("\n", cell)
    return [match.start() for match in _BAR.finditer(source, cell, len(source) if end < 0 else end)]


def _mended(source: str, inner: int, end: int, tex: str, closer: str) -> int:
    tail = re.split(r"\n", tex)[-1][-8:] + closer
    if source.endswith(tail, inner, end) or source.endswith(closer, inner, end):
        return end
    for distance in range(1, _REACH):
        for candidate in (end - distance, end + distance):
            if candidate >= inner + len(closer) and source.endswith(tail, inner, candidate):
                return candidate
    return end


def align(tex: str, source: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return `(offset in tex, offset in source)` where each run of equal text begins, or nothing when they differ.

    Between the runs lie quote marks and indentation, which Markdown takes off, and the backslash of `\\|` in tables.
    """
    if source.startswith(tex, start) and start + len(tex) == end:
        return [(0, start)]
    pieces = [(0, start)]
    index, at = 0, start
    while index < len(tex) and at < end:
        if tex[index] == source[at] or (tex[index] in " \n" and source[at] in "\r\n"):
            newline = LINE_END.match(source, at, end)
            index += 2 if newline and tex.startswith(("\r ", "\r\n"), index) else 1  # comrak keeps the return of CRLF
            at = newline.end() if newline else at + 1
            if newline:
                at = _past_prefix(tex, index, source, at, end)
                pieces.append((index, at))
        elif source[at] == "\\" or source[at] in " \t":
            at += 1
            pieces.append((index, at))
        else:
            return []
    return pieces if index == len(tex) else []


def _past_prefix(tex: str, index: int, source: str, at: int, end: int) -> int:
    prefix = _PREFIX.match(source, at, end)
    longest = prefix.end() if prefix else at
    newline = LINE_END.search(source, at, end)
    stop = newline.start() if newline else end
    for start in range(at, longest + 1):
        if tex.startswith(source[start:stop].rstrip(" \t"), index):
            return start
    return longest
