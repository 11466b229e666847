"""Offsets of one text in code points, UTF-16 units and UTF-8 bytes."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

LINE_END = re.compile(r"\r\n|\n|\r")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")

_BLOCK = 256  # so many characters are encoded anew for a place; more would make long lines slow
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """One stretch of text, half open, in three units."""

    codepoints: Pair
    utf16: Pair
    bytes: Pair

    def to_dict(self) -> dict[str, list[int]]:
        """Return `{"codepoints": [s, e], "utf16": [s, e], "bytes": [s, e]}`."""
        return {"codepoints": list(self.codepoints), "utf16": list(self.utf16), "bytes": list(self.bytes)}


class TextMap:
    """Converts code-point offsets; free of work for ASCII, and for the UTF-16 side of BMP text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._ascii = text.isascii()

    @cached_property
    def lines(self) -> list[int]:
        """Offset of the first character of every line, as Markdown counts lines."""
        return [0, *(match.end() for match in LINE_END.finditer(self.text))]

    @cached_property
    def _astral(self) -> list[int]:
        return [match.start() for match in _ASTRAL.finditer(self.text)]

    @cached_property
    def _bytes_before_block(self) -> list[int]:
        sizes = (len(self._raw(start, start + _BLOCK)) for start in range(0, len(self.text), _BLOCK))
        return [0, *accumulate(sizes)]

    def _raw(self, start: int, end: int) -> bytes:
        return self.text[start:end].encode("utf-8", "surrogatepass")

    def utf16(self, index: int) -> int:
        """Return the UTF-16 offset of code point `index`."""
        return index if self._ascii else index + bisect_left(self._astral, index)

    def bytes(self, index: int) -> int:
        """Return the UTF-8 offset of code point `index`."""
        if self._ascii:
            return index
        block = index // _BLOCK
        return self._bytes_before_block[block] + len(self._raw(block * _BLOCK, index))

    def line_column(self, index: int) -> Pair:
        """Return the 1-based line and column (in code points) of `index`."""
        line = bisect_right(self.lines, index)
        return line, index - self.lines[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """Return `start:end` in all three units."""
        if self._ascii:
            pair = (start, end)
            return Span(pair, pair, pair)
        return Span(
            (start, end),
            (self.utf16(start), self.utf16(end)),
            (self.bytes(start), self.bytes(end)),
        )


def codepoint(text: str, utf16: int) -> int:
    """Return the code-point offset of UTF-16 offset `utf16` in `text` (a position inside a pair rounds down)."""
    if text.isascii():
        return utf16
    if not _ASTRAL.search(text):
        return min(utf16, len(text))
    units = text.encode("utf-16-le", "replace")
    whole = len(units[: 2 * utf16].decode("utf-16-le", "ignore"))  # half a pair at the end is left out
    return min(whole, len(text))


def edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """Return `text` with the edits made: each `(start, end, new)`, none overlapping another, in any order."""
    pieces: list[str] = []
    at = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        pieces += (text[at:start], new)
        at = end
    return "".join((*pieces, text[at:]))
