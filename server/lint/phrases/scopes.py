"""Where a phrase rule looks: the text it searches, and the stretches that count."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from server.lint.document import Document, Leaf
from server.lint.masks import CODE

Scope = Literal[
    "prose", "prose.first_block", "prose.last_block", "heading", "list", "table.cell", "link.text", "math", "code",
    "text", "all",
]  # fmt: skip
MEANINGS: Mapping[Scope, str] = {
    "prose": "running text, headings and cells: no formula, no code, no address",
    "prose.first_block": "the first paragraph or item",
    "prose.last_block": "the last paragraph or item",
    "heading": "headings",
    "list": "items of lists",
    "table.cell": "cells of tables",
    "link.text": "the words of links",
    "math": "formulas, without their delimiters",
    "code": "blocks and spans of code",
    "text": "everything but code",
    "all": "everything",
}
# searched one stretch at a time, so that ^ and $ are its ends; elsewhere they are those of the text, or of lines: (?m)
APART = frozenset(("prose.first_block", "prose.last_block", "heading", "list", "table.cell", "link.text", "math"))
Spans = list[tuple[int, int]]
_KINDS = {"heading": "heading", "list": "item", "table.cell": "cell"}


def stretches(document: Document, scope: Scope) -> tuple[str, Spans]:
    """Return the text to search and the spans in it that belong to `scope`; a match must lie within one of them."""
    if scope == "all":
        return document.text, [(0, len(document.text))]
    if scope == "text":
        return _without_code(document), [(0, len(document.text))]
    if scope == "math":
        return document.text, [(item.body.start, item.body.end) for item in document.formulas]
    if scope == "code":
        return document.text, [*((block.start, block.end) for block in document.code_blocks), *document.code_spans]
    if scope == "link.text":
        return document.masked, [(node.start, node.end) for node in document.links if node.start >= 0]
    return document.masked, _prose(document, scope)


def _prose(document: Document, scope: Scope) -> Spans:
    leaves = document.leaves
    if scope in _KINDS:
        return [(leaf.start, leaf.end) for leaf in leaves if leaf.kind == _KINDS[scope]]
    running = [leaf for leaf in leaves if leaf.kind in ("paragraph", "item")]
    if scope == "prose.first_block":
        running = running[:1]
    elif scope == "prose.last_block":
        running = running[-1:]
    elif scope == "prose":
        running = leaves
    return [(leaf.start, leaf.end) for leaf in running]


def _without_code(document: Document) -> str:
    spans = tuple((block.start, block.end) for block in document.code_blocks) + tuple(document.code_spans)
    return _covered(document.text, spans) if spans else document.text


@lru_cache(maxsize=4)
def _covered(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    pieces, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            pieces += [text[at:start], re.sub(r"[^\n]", CODE, text[start:end])]
            at = end
    return "".join([*pieces, text[at:]])


LONGEST = 2_000  # characters before the words within which their sentence begins
_SENTENCE_END = re.compile(r"[.!?。！？…]+[\"”’)）]*(?:\s|(?=[\u4e00-\u9fff])|\Z)|\n[ \t>]*\n")


def sentence(document: Document, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentences that hold `start:end`, with the space that joins them to the next."""
    leaf = _leaf(document, start)
    low, high = (leaf.start, leaf.end) if leaf else document.line(start)
    for match in _SENTENCE_END.finditer(document.masked, max(low, start - LONGEST), high):
        if match.end() <= start:
            low = match.end()
        elif match.start() >= end - 1:
            return low, match.end()
    return low, high


def _leaf(document: Document, index: int) -> Leaf | None:
    """Return the leaf that holds `index`. Leaves stand in order, but for those of footnotes."""
    leaves = document.leaves
    at = bisect_right(leaves, index, key=lambda leaf: leaf.start) - 1
    if at >= 0 and leaves[at].start <= index < leaves[at].end:
        return leaves[at]
    return next((leaf for leaf in leaves if leaf.start <= index < leaf.end), None)
