"""DLM006."""

import re
from collections.abc import Iterator

from server.lint import delimiters
from server.lint.delimiters import Split
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

BLANK = message("A blank line ends the formula that {mark} opens.")
REMOVE = message("Remove the blank lines")
_BLANK_LINES = re.compile(r"(?<=\n)(?:[ \t>]*\r?\n)+")
_BLOCK = re.compile(r">|(?:[-+*]|1[.)]|#{1,6})[ \t]|(?:=+|-+)[ \t]*(?:\r?\n|\Z)|(?:\*[ \t]*){3}|`{3}|~{3}")


@rule(code="DLM006", name="blank-line-in-formula", level="error")
def blank_line_in_formula(document: Document, options: Options) -> Iterator[Finding]:
    r"""A blank line stands inside a formula.

    A blank line ends the paragraph, and the formula with it: both halves are shown as text.

    Fix safety: unsafe, for two formulas may have been meant. A line that begins like a list or a heading is joined to
    the one before it, for it would end the formula too.

    Bad:
        $$
        x = 1,

        y = 2
        $$
    Good:
        $$
        x = 1,
        y = 2
        $$
    """
    for split in delimiters.splits(document):
        if split.by_blank_line:
            remove = Repair(REMOVE, "unsafe", tuple(_edits(document, split)))
            yield Finding(split.opener.start, split.closer.end, BLANK, {"mark": split.opener.text}, (remove,))


def _edits(document: Document, split: Split) -> Iterator[tuple[int, int, str]]:
    """Yield the edits that take blank lines off; a line that begins like a block is joined to the one before, for it
    would cut the formula too."""
    text, start, end = document.text, split.opener.end, split.closer.start
    joins = "%" not in text[start:end]  # a comment would eat the line joined to it
    for gap in delimiters.line_end(document, split.opener).finditer(text, start, end):
        if joins and gap.end() < end and _BLOCK.match(text, gap.end(), end):
            yield gap.start(), gap.end(), " "
        elif blank := _BLANK_LINES.search(text, *gap.span()):
            yield *blank.span(), ""
