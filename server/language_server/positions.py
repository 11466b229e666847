"""Places in a text as an editor counts them: lines, and units of the encoding that was agreed on."""

import re
from dataclasses import dataclass, field

from lsprotocol import types

from server.lint.spans import LINE_END, TextMap

Encoding = types.PositionEncodingKind | str
_RETURN = re.compile(r"\r\n?")


@dataclass(slots=True)
class Positions:
    """Converts offsets in code points of `text`, whose lines end in `\\n`; the editor's may end otherwise."""

    text: str
    encoding: Encoding = types.PositionEncodingKind.Utf16
    map: TextMap = field(init=False)

    def __post_init__(self) -> None:
        self.map = TextMap(self.text)

    def at(self, index: int) -> types.Position:
        """Return the position of the code point at `index`."""
        line, column = self.map.line_column(index)
        start = index - column + 1
        if self.encoding == types.PositionEncodingKind.Utf32:
            return types.Position(line - 1, column - 1)
        units = self.map.bytes if self.encoding == types.PositionEncodingKind.Utf8 else self.map.utf16
        return types.Position(line - 1, units(index) - units(start))

    def range(self, start: int, end: int) -> types.Range:
        """Return the range of `start:end`."""
        return types.Range(self.at(start), self.at(end))

    def line(self, number: int) -> types.Range:
        """Return the range of a line, counted from 0, without what indents and ends it; the last one when beyond."""
        starts = self.map.lines
        start = starts[min(number, len(starts) - 1)]
        end = self.text.find("\n", start)
        words = self.text[start : end if end >= 0 else len(self.text)]
        return self.range(start + len(words) - len(words.lstrip()), start + len(words.rstrip()))


def one_line_end(text: str) -> str:
    """Return `text` with `\\n` at the end of its lines, as lint reads it. Lines and columns stay as they were."""
    return _RETURN.sub("\n", text) if "\r" in text else text


def line_end(text: str) -> str:
    """Return how the first line of `text` ends."""
    found = LINE_END.search(text)
    return found.group() if found else "\n"


def meet(one: types.Range, other: types.Range) -> bool:
    """Say whether two ranges share a character or touch."""
    return _order(one.start) <= _order(other.end) and _order(other.start) <= _order(one.end)


def _order(at: types.Position) -> tuple[int, int]:
    return at.line, at.character
