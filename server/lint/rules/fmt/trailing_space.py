"""FMT601."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

TRAILING = message("White space at the end of the line.")
REMOVE = message("Remove it")
_TRAILING = re.compile(r"[\r\n](?<=[ \t][\r\n])")
# an item or a heading still empty: someone is typing
_MARKER = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:[-*+]|\d{1,9}[.)]|#{1,6}|>)")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)*>")


@rule(code="FMT601", name="trailing-space", level="info")
def trailing_space(document: Document, options: Options) -> Iterator[Finding]:
    """White space ends a line without a purpose.

    It is not seen, and shows up in every comparison of versions. Two spaces that break a line within a paragraph have
    a purpose, and code and formulas are left alone.

    Bad:
        The answer is four.␠

        It is even.
    Good:
        The first line␠␠
        and the second.
    """
    text = document.text
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    if first >= last:
        return
    found = [_run(text, match.start()) for match in _TRAILING.finditer(text, first, last)]
    if not found:
        return
    closed = sorted([(block.start, block.end) for block in document.code_blocks]
                    + [(item.start, item.end) for item in document.formulas])  # fmt: skip
    starts = [start for start, _ in closed]
    leaves = [leaf.start for leaf in document.leaves]
    for start, end in found:
        at = bisect_right(starts, start) - 1
        if at >= 0 and start < closed[at][1]:
            continue
        leaf = document.leaves[bisect_right(leaves, start) - 1] if leaves and leaves[0] <= start else None
        if leaf and text.endswith("  ", start, end) and end < leaf.end and text[end : leaf.end].strip():
            continue
        if start < end and not _MARKER.fullmatch(text, document.line(start)[0], start):
            yield Finding(start, end, TRAILING, repairs=(Repair(REMOVE, "safe", ((start, end, ""),)),))


def _run(text: str, end: int) -> tuple[int, int]:
    start = end
    while start and text[start - 1] in " \t":
        start -= 1
    if _QUOTE.fullmatch(text, text.rfind("\n", 0, start) + 1, start):
        start += text[start] == " "  # the first space belongs to the quote mark
    return start, end
