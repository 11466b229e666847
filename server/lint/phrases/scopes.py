"""Where a phrase rule looks: the text it searches, and the stretches that count."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from server.lint.document import Document
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
    return searched(document, scope), spans(document, scope)


def searched(document: Document, scope: Scope) -> str:
    """Return the text to search, as long as the document's."""
    if scope == "text":
        return _without_code(document)
    return document.text if scope in ("all", "math", "code") else document.masked


def spans(document: Document, scope: Scope) -> Spans:
    """Return the spans that belong to `scope`."""
    if scope in ("all", "text"):
        return [(0, len(document.text))]
    if scope == "math":
        return [(item.body.start, item.body.end) for item in document.formulas]
    if scope == "code":
        return [*((block.start, block.end) for block in document.code_blocks), *document.code_spans]
    if scope == "link.text":
        return [(node.start, node.end) for node in document.links if node.start >= 0]
    return _prose(document, scope)


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
            pieces += [text[at:start], "\n".join([CODE * len(line) for line in text[start:end].split("\n")])]
            at = end
    return "".join([*pieces, text[at:]])


_SENTENCE_END = re.compile(r"[.!?。！？…]+[\"”’)）]*(?:\s|(?=[\u4e00-\u9fff])|\Z)|\n[ \t>]*\n")


def sentence(document: Document, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentences that hold `start:end`, with the space that joins them to the next."""
    leaves = document.once("leaves by start", lambda document: sorted(document.leaves, key=lambda leaf: leaf.start))
    at = bisect_right(leaves, start, key=lambda leaf: leaf.start) - 1
    low, high = (leaves[at].start, leaves[at].end) if at >= 0 and start < leaves[at].end else document.line(start)
    ends = document.once(
        f"sentence ends {low} {high}",
        lambda document: [match.span() for match in _SENTENCE_END.finditer(document.masked, low, high)],
    )
    first = bisect_right(ends, start, key=lambda span: span[1])
    last = bisect_left(ends, end - 1, lo=first, key=lambda span: span[0])
    return ends[first - 1][1] if first else low, ends[last][1] if last < len(ends) else high
