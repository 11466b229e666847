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
_MARGIN = re.compile(r"(?<=[\n\r])[ \t]*(?:>[ \t]?)*[ \t]*")
_TAG = re.compile(
    r"</?[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*\s*/?>"
)
_COMMENT_OR_TAG = re.compile(f"<!--.*?-->|{_TAG.pattern}", re.DOTALL)
_VISIBLE = re.compile(r"[^\s]")
_EMPHASIS = {"em": 1, "strong": 2, "del": 2}


def mask(source: str, document: "Document") -> tuple[str, list[tuple[int, int]]]:
    """Return the masked text and the spans of inline HTML found in running text."""
    chars = list("\n".join([" " * len(line) for line in source.split("\n")]))
    for leaf in document.leaves:
        chars[leaf.start : leaf.end] = source[leaf.start : leaf.end]
        _hide_margins(source, chars, leaf.kind, leaf.start, leaf.end)
    for start, _ in document.escapes:
        _cover(source, chars, start, start + 2, ESCAPED)
    for node in document.nodes:
        if (width := _EMPHASIS.get(node.tag)) and node.start >= 0:
            width = 1 if node.tag == "del" and source[node.start : node.start + 2] != "~~" else width
            _cover(source, chars, node.start, node.start + width, MARK)
            _cover(source, chars, node.end - width, node.end, MARK)
    for start, end in document.code_spans:
        _cover(source, chars, start, end, CODE)
    for item in document.formulas:
        _cover(source, chars, item.start, item.end, MATH)
    _hide_links(source, chars, document)
    masked = "".join(chars)
    html = list(inline_html(masked)) if "<" in masked else []
    for start, end in html:
        masked = masked[:start] + _VISIBLE.sub(HTML, masked[start:end]) + masked[end:]
    return masked, html


def inline_html(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of tags and comments; a comment is looked for only where one can still end."""
    at, last = 0, text.rfind("-->") + 3
    while found := (_COMMENT_OR_TAG.search(text, at, last) if at < last else None) or _TAG.search(text, at):
        yield found.span()
        at = found.end()


def _cover(source: str, chars: list[str], start: int, end: int, sign: str) -> None:
    piece = source[start:end]
    multiline = "\n" in piece or "\r" in piece
    chars[start:end] = re.sub(r"[^\n\r]", sign, piece) if multiline else sign * len(piece)


def _hide_margins(source: str, chars: list[str], kind: str, start: int, end: int) -> None:
    head = _ITEM.match(source, start, end) if kind == "item" else _HEADING.match(source, start, end)
    if head and kind in ("item", "heading"):
        chars[start : head.end()] = " " * (head.end() - start)
    for margin in _MARGIN.finditer(source, start, end):
        chars[margin.start() : margin.end()] = " " * (margin.end() - margin.start())


def _hide_links(source: str, chars: list[str], document: "Document") -> None:
    """Cover addresses, and of `[text](address)` all but the text."""
    for node in document.links:
        if node.start < 0 or "footnote" in node.attributes:
            continue
        if node.tag == "img" or source[node.start : node.start + 1] != "[":
            _cover(source, chars, node.start, node.end, ADDRESS)
            continue
        close = _closing_bracket(chars, node.start, node.end)
        _cover(source, chars, node.start, node.start + 1, MARK)
        _cover(source, chars, close, node.end, ADDRESS)


def _closing_bracket(chars: list[str], start: int, end: int) -> int:
    depth = 0
    for index in range(start, end):
        depth += (chars[index] == "[") - (chars[index] == "]")
        if depth == 0:
            return index
    return end
