"""DLM001."""

import re
from collections.abc import Iterator

from server.lint import delimiters, lone_dollars
from server.lint.delimiters import Mark, Split
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

UNCLOSED = message("The formula that {mark} opens is never closed.")
UNOPENED = message("{mark} closes a formula that was never opened.")
STRAY = message("This dollar sign stands inside a formula.")
CUT = message("Markdown cuts this formula: a line inside it begins like a list, a quote or a heading.")
JOIN = message("Join lines")
CLOSE = message("Close formula")
REMOVE = message("Remove")
REACH = 300  # characters within which the end of a formula is looked for
_LINE_END = re.compile(r"[ \t]*\r?\n[ \t]*")
WHY = message("The end of the formula is a guess.")
_PROSE = re.compile(r"[ \t]+(?=[A-Za-z]{3,}\b)|[,.;:!?]?[ \t]*$|[,.;:!?](?=[ \t])|[ \t]*(?=[\u3000-\u9fff])", re.M)


@rule(code="DLM001", name="unpaired-delimiter", level="error")
def unpaired_delimiter(document: Document, options: Options) -> Iterator[Finding]:
    r"""A formula is not closed, or was never opened.

    `$`, `$$`, `\(` and `\[` need their partner in the same paragraph; a blank line ends every formula. A lone `$`
    is reported only where a formula stands beside it: `$5` is money.

    A line that begins with `-`, `+`, `>`, `#` or `=` can cut a formula in two, for Markdown sees blocks first. That is
    a warning: renderers that look for formulas first show it whole.

    Bad:
        The root is $\sqrt{2 + x.
    Bad:
        The root is \(x_1.
    Bad:
        $$
        x = 1
    Bad:
        $$
        a = b
        - c
        $$
    Bad:
        so x^2 = 4\].
    Good:
        The root is $\sqrt{2}$, \(x_1\), at most $5.
    Good:
        An \[aside], and `$x^2` in code.
    """
    marks = list(delimiters.leftovers(document))
    if not marks:
        return
    spaced = {place for start, end in lone_dollars.spaced(document, marks) for place in (start, end - 1)}
    paired: set[Mark] = set()
    for split in delimiters.splits(document, marks):
        paired |= {split.opener, split.closer}
        if not split.by_blank_line:
            yield _cut(document, split)
    for first, middle, last in lone_dollars.strays(document, marks):
        paired |= {first, middle, last}
        remove = Repair(REMOVE, "unsafe", ((middle.start, middle.end, ""),))
        yield Finding(middle.start, middle.end, STRAY, repairs=(remove,))
    for mark in marks:
        if mark in paired or mark.start in spaced:
            continue
        if _opens(document, mark):
            yield Finding(mark.start, mark.end, UNCLOSED, {"mark": mark.text}, (_close(document, mark),))
        elif _closes(document, mark):
            remove = Repair(REMOVE, "unsafe", ((mark.start, mark.end, ""),))
            yield Finding(mark.start, mark.end, UNOPENED, {"mark": mark.text}, (remove,))


def _cut(document: Document, split: Split) -> Finding:
    start, end = split.opener.start, split.closer.end
    edits = tuple((match.start(), match.end(), " ") for match in _LINE_END.finditer(document.text, start, end))
    join = (Repair(JOIN, "unsafe", edits),) if "%" not in document.text[start:end] else ()
    return Finding(start, end, CUT, repairs=join, level="warning")


def _opens(document: Document, mark: Mark) -> bool:
    if mark.text == "$":
        return lone_dollars.opens(document, mark)
    if mark.text == "$$":
        return document.masked[mark.end : mark.leaf.end].strip() != "" or mark.start == mark.leaf.start
    if mark.text == "\\[":
        rest = document.masked[mark.end : mark.leaf.end]
        return rest.count("]") <= rest.count("[")
    return mark.text == "\\("


def _closes(document: Document, mark: Mark) -> bool:
    if mark.text == "$":
        return lone_dollars.closes(document, mark)
    if mark.text == "\\]":
        before = document.masked[mark.leaf.start : mark.start]
        return before.count("[") <= before.count("]")
    return mark.text in ("$$", "\\)")


def _close(document: Document, mark: Mark) -> Repair:
    if mark.text in ("$$", "\\["):
        end = mark.leaf.start + len(document.text[mark.leaf.start : mark.leaf.end].rstrip())
    else:
        farthest = min(mark.leaf.end, mark.end + REACH)
        found = _PROSE.search(document.masked, mark.end + 1, farthest)
        end = found.start() if found and found.start() < farthest else mark.leaf.end
    return Repair(CLOSE, "unsafe", ((end, end, delimiters.CLOSERS[mark.text]),), WHY)
