"""DLM001."""

import re
from collections.abc import Iterator

from server.lint import delimiters, lone_dollars
from server.lint.delimiters import Mark, Split
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.masks import ADDRESS, HTML, MARK
from server.lint.registry import Options, rule

UNCLOSED = message("The formula that {mark} opens is never closed.")
UNOPENED = message("{mark} closes a formula that was never opened.")
CUT = message("Markdown cuts this formula: a line inside it begins like a list, a quote or a heading.")
STRAY = message("This dollar sign stands inside a formula.")
JOIN = message("Join lines")
CLOSE = message("Close formula")
REMOVE = message("Remove")
WHY = message("The end of the formula is a guess.")
_PROSE = re.compile(
    r"[ \t]+(?=[A-Za-z]{3,}\b)|[,.;:!?]?[ \t]*(?=[\r\n]|\Z)|[,.;:!?](?=[ \t])"
    rf"|[ \t]*(?=[\u3000-\u9fff\uff01-\uff5e{MARK}{HTML}{ADDRESS}])"
)


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
    for split in delimiters.splits(document):
        if not split.by_blank_line:
            yield _cut(document, split)
    for _, middle, _ in lone_dollars.strays(document):
        yield Finding(middle.start, middle.end, STRAY, repairs=(_without(middle),))
    whole, roles = lone_dollars.whole(document), lone_dollars.roles(document)
    for mark in delimiters.leftovers(document):
        if mark.start in whole:
            continue
        role = roles.get(mark.start) if mark.text == "$" else delimiters.role(document, mark)
        if role == "opens":
            yield Finding(mark.start, mark.end, UNCLOSED, {"mark": mark.text}, (_close(document, mark),))
        elif role == "closes":
            yield Finding(mark.start, mark.end, UNOPENED, {"mark": mark.text}, (_without(mark),))


def _without(mark: Mark) -> Repair:
    return Repair(REMOVE, "unsafe", ((mark.start, mark.end, ""),))


def _cut(document: Document, split: Split) -> Finding:
    start, end = split.opener.start, split.closer.end
    line_end = delimiters.line_end(document, split.opener)
    edits = tuple((match.start(), match.end(), " ") for match in line_end.finditer(document.text, start, end))
    join = (Repair(JOIN, "unsafe", edits),) if "%" not in document.text[start:end] else ()
    return Finding(start, end, CUT, repairs=join, level="warning")


def _close(document: Document, mark: Mark) -> Repair:
    if mark.text in ("$$", "\\["):
        end = mark.leaf.start + len(document.text[mark.leaf.start : mark.leaf.end].rstrip())
    else:
        farthest = min(mark.leaf.end, mark.end + delimiters.REACH)
        found = _PROSE.search(document.masked, mark.end + 1, farthest)
        end = found.start() if found and found.start() < farthest else mark.leaf.end
    return Repair(CLOSE, "unsafe", ((end, end, delimiters.CLOSERS[mark.text]),), WHY)
