"""Masks: the text with everything but prose covered, one for one, so offsets found in it are offsets of the text.

Formulas stay nouns (`MATH`), so that no rule takes what stands around them for adjoining words.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.lint.document import Document

MATH, CODE, MARK, ESCAPED, HTML, ADDRESS = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
HIDDEN = "\ue000-\ue005"
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+\[[ xX]\])?(?=\s|$)")
_HEADING = re.compile(r"#{1,6}(?=[ \t]|$)")
_MARGIN = re.compile(r"(?<=[\n\r])[ \t>][ \t]*(?:>[ \t]?)*[ \t]*")
_INDENTED = re.compile(r"[\n\r][ \t>]")
_TAG = re.compile(
    r"</?[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*\s*/?>"
)
_COMMENT_OR_TAG = re.compile(f"<!--.*?-->|{_TAG.pattern}", re.DOTALL)
_VISIBLE = re.compile(r"[^\s]")
_BRACKET = re.compile(r"[\[\]]")
_NO_LINE_END = re.compile(r"[^\n\r]")
_SIGNS = {sign: sign.encode("utf-32-le") for sign in (MATH, CODE, MARK, ESCAPED, HTML, ADDRESS, " ")}
_EMPHASIS = {"em": 1, "strong": 2, "del": 2}


class _Sheet:
    """A text under construction whose length never changes; four bytes a character make covering a copy of memory."""

    def __init__(self, source: str) -> None:
        self.source = source
        blank = "\n".join([" " * len(line) for line in source.split("\n")])
        self._shown = source.encode("utf-32-le")
        self._cells = bytearray(blank.encode("utf-32-le"))

    def show(self, start: int, end: int) -> None:
        self._cells[4 * start : 4 * end] = self._shown[4 * start : 4 * end]

    def cover(self, start: int, end: int, sign: str) -> None:
        """Put `sign` over every character but line ends."""
        piece = self.source[start:end]
        if "\n" in piece or "\r" in piece:
            covered = _NO_LINE_END.sub(sign, piece).encode("utf-32-le")
        else:
            covered = _SIGNS[sign] * len(piece)
        self._cells[4 * start : 4 * end] = covered

    def text(self, start: int = 0, end: int | None = None) -> str:
        return self._cells[4 * start : None if end is None else 4 * end].decode("utf-32-le")


def mask(source: str, document: "Document") -> tuple[str, list[tuple[int, int]]]:
    """Return the masked text and the spans of inline HTML found in running text."""
    sheet = _Sheet(source)
    indented = _INDENTED.search(source) is not None
    for leaf in document.leaves:
        sheet.show(leaf.start, leaf.end)
        _hide_mark(sheet, leaf.kind, leaf.start, leaf.end)
        if indented:
            _hide_margins(sheet, leaf.start, leaf.end)
    for start, _ in document.escapes:
        sheet.cover(start, start + 2, ESCAPED)
    for node in document.nodes:
        if (width := _EMPHASIS.get(node.tag)) and node.start >= 0:
            width = 1 if node.tag == "del" and source[node.start : node.start + 2] != "~~" else width
            sheet.cover(node.start, node.start + width, MARK)
            sheet.cover(node.end - width, node.end, MARK)
    for start, end in document.code_spans:
        sheet.cover(start, end, CODE)
    for item in document.formulas:
        sheet.cover(item.start, item.end, MATH)
    _hide_links(sheet, document)
    masked = sheet.text()
    leaves = document.leaves if "<" in masked else ()
    html = sorted(span for leaf in leaves for span in inline_html(masked, leaf.start, leaf.end))
    return (_hidden(masked, html) if html else masked), html


def _hidden(masked: str, html: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end in html:
        pieces += (masked[at:start], _VISIBLE.sub(HTML, masked[start:end]))
        at = end
    return "".join((*pieces, masked[at:]))


def inline_html(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the spans of tags and comments in `start:end`; a comment is looked for only where one can still end."""
    end = len(text) if end is None else end
    at = text.find("<", start, end)
    last = text.rfind("-->", at, end) + 3 if at >= 0 else 0
    while at >= 0 and (
        found := (_COMMENT_OR_TAG.search(text, at, last) if at < last else None) or _TAG.search(text, at, end)
    ):
        yield found.span()
        at = found.end()


def _hide_mark(sheet: _Sheet, kind: str, start: int, end: int) -> None:
    if kind in ("item", "heading"):
        head = (_ITEM if kind == "item" else _HEADING).match(sheet.source, start, end)
        if head:
            sheet.cover(start, head.end(), " ")


def _hide_margins(sheet: _Sheet, start: int, end: int) -> None:
    for margin in _MARGIN.finditer(sheet.source, start, end):
        sheet.cover(margin.start(), margin.end(), " ")


def _hide_links(sheet: _Sheet, document: "Document") -> None:
    """Cover addresses, and of `[text](address)` all but the text."""
    for node in document.links:
        if node.start < 0 or "footnote" in node.attributes:
            continue
        if node.tag == "img" or sheet.source[node.start : node.start + 1] != "[":
            sheet.cover(node.start, node.end, ADDRESS)
            continue
        close = node.start + _closing_bracket(sheet.text(node.start, node.end))
        sheet.cover(node.start, node.start + 1, MARK)
        sheet.cover(close, node.end, ADDRESS)


def _closing_bracket(link: str) -> int:
    depth = 0
    for match in _BRACKET.finditer(link):
        depth += 1 if match.group() == "[" else -1
        if depth == 0:
            return match.start()
    return len(link)
