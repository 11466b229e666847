"""FMT501."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from pydantic import Field

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.masks import inline_html
from server.lint.registry import Options, rule
from server.lint.rules.plh.placeholder import IN_HTML
from server.lint.stretches import Stretches

RAW = message("“{tag}” is HTML: a renderer may drop it or show it as it is.")
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_QUOTE = re.compile(r"[ \t]*>")
_BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
ALLOWED = ("br", "sub", "sup", "kbd", "u", "ins", "del", "mark", "details", "summary")


class Elements(Options):
    """Names of elements that may stand in an answer."""

    allowed: tuple[str, ...] = Field(default=ALLOWED, description="Elements that may stand in an answer.")


@rule(code="FMT501", name="raw-html", level="warning", options=Elements)
def raw_html(document: Document, options: Elements) -> Iterator[Finding]:
    """An HTML tag stands in the text.

    Markdown passes HTML on, most renderers then drop it, and words in angle brackets such as `<String>` vanish with it.
    Closing tags are not counted apart. Comments pass.

    How to mend: use Markdown, or put the tag between backticks when it is meant to be seen.

    Bad:
        <div align="center">Four</div>
    Bad:
        A List<String> holds words.
    Good:
        Press <kbd>Enter</kbd>,<br>then read `List<String>`.
    Good (allowed: [div]):
        <div>Four</div>
    """
    if "<" not in document.text:
        return
    allowed = {name.lower() for name in options.allowed}
    plain = _without_quote_marks(document)
    for start, end in sorted((*document.html, *_blocks(document, plain))):
        name = _NAME.match(document.text, start, end)
        if not name or name[1].lower() in allowed or document.text[start + 1] == "/":
            continue
        if not IN_HTML.match(document.text, start, end):
            yield Finding(start, end, RAW, {"tag": " ".join(plain[start:end].split())})


def _blocks(document: Document, plain: str) -> Iterator[tuple[int, int]]:
    """Yield the tags of HTML blocks, which are neither running text nor code."""
    code, leaves = document.code_blocks, document.leaves
    elsewhere = Stretches([*((each.start, each.end) for each in code), *((each.start, each.end) for each in leaves)])
    for start, end in inline_html(plain):
        if document.masked[start] == " " and start not in elsewhere and not _BLANK_LINE.search(plain, start, end):
            yield start, end


def _without_quote_marks(document: Document) -> str:
    """Return the text with the marks of quotes blanked, one for one; a `>` more than those ends a tag."""
    lines, text = document.map.lines, document.text
    change = [0] * (len(lines) + 1)
    for node in document.nodes:
        if node.tag == "blockquote" and node.start >= 0:
            change[bisect_right(lines, node.start) - 1] += 1
            change[bisect_right(lines, max(node.start, node.end - 1))] -= 1
    if not any(change):
        return text
    pieces: list[str] = []
    ends = [*lines[1:], len(text)]
    for start, end, depth in zip(lines, ends, accumulate(change), strict=False):
        shown = start
        for _ in range(depth):
            if not (mark := _QUOTE.match(text, shown, end)):
                break
            shown = mark.end()
        pieces += (" " * (shown - start), text[shown:end])
    return "".join(pieces)
