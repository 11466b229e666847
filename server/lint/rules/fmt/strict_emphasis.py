"""FMT202."""

import re
from collections.abc import Iterator
from unicodedata import category

from server.lint import parser
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

STRICT = message("Many renderers show these asterisks as they are: punctuation meets “{mark}”.")
OUTSIDE = message("Move the punctuation outside")
SPACE = message("Add a space")
WHY = message("It shows in the text.")
_CJK = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_WIDTH = {"em": 1, "strong": 2, "del": 2}


@rule(code="FMT202", name="strict-emphasis", level="warning")
def strict_emphasis(document: Document, options: Options) -> Iterator[Finding]:
    """Emphasis beside Chinese punctuation does not close everywhere.

    CommonMark lets `**` close only where a space or punctuation follows, when punctuation stands before it. Chinese
    has no spaces, so `**注意：**中文` stays literal in most renderers, though not in this preview.

    How to mend: move the punctuation outside the emphasis, or add a space.

    Bad:
        **注意：**中文
    Bad:
        这是**“引用”**的文字
    Good:
        **注意**：中文
    Good:
        **注意：** 中文
    Good:
        **Note:** English
    """
    text = document.text
    if text.isascii() or not ("*" in text or "_" in text or "~" in text) or not _CJK.search(text):
        return
    friendly = [node for node in document.nodes if node.tag in _WIDTH and node.start >= 0]
    # a single `~` is a space of TeX more often than a mark
    friendly = [node for node in friendly if node.tag != "del" or text.startswith("~~", node.start)]
    if not friendly:
        return
    strict = parser.parse(parser.readable(text), document.map.lines, cjk_friendly=False)
    closed = {(node.start, node.end) for node in strict.nodes if node.tag in _WIDTH}
    for node in friendly:
        if (node.start, node.end) not in closed:
            yield _finding(text, node.start, node.end, _WIDTH[node.tag])


def _finding(text: str, start: int, end: int, width: int) -> Finding:
    mark, inner = text[start : start + width], text[start + width : end - width]
    repairs = (*_outside(start, mark, inner), *_spaces(text, start, end, width))
    return Finding(start, end, STRICT, {"mark": mark}, repairs)


def _outside(start: int, mark: str, inner: str) -> Iterator[Repair]:
    """Propose the punctuation at either end outside the marks, where words are left between them."""
    head = next((index for index, char in enumerate(inner) if not _is_punctuation(char)), len(inner))
    tail = next((index for index, char in enumerate(reversed(inner)) if not _is_punctuation(char)), 0)
    body = inner[head : len(inner) - tail]
    if body and (head or tail) and not (set(inner[:head] + inner[len(inner) - tail :]) & set("*_~`$\\[]()<>")):
        whole = f"{inner[:head]}{mark}{body}{mark}{inner[len(inner) - tail :] if tail else ''}"
        yield Repair(OUTSIDE, "unsafe", ((start, start + 2 * len(mark) + len(inner), whole),))


def _spaces(text: str, start: int, end: int, width: int) -> Iterator[Repair]:
    before, after = text[start - 1 : start], text[end : end + 1]
    edits = []
    if before and not before.isspace() and _is_punctuation(text[start + width]):
        edits.append((start, start, " "))
    if after and not after.isspace() and _is_punctuation(text[end - width - 1]):
        edits.append((end, end, " "))
    if edits:
        yield Repair(SPACE, "unsafe", tuple(edits), WHY)


def _is_punctuation(char: str) -> bool:
    return category(char)[0] in "PS"
