"""DLM006."""

import re
from collections.abc import Iterator

from server.lint import delimiters
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

BLANK = message("A blank line ends the formula that {mark} opens.")
REMOVE = message("Remove the blank lines")
_BLANK_LINES = re.compile(r"(?<=\n)(?:[ \t>]*\r?\n)+")


@rule(code="DLM006", name="blank-line-in-formula", level="error")
def blank_line_in_formula(document: Document, options: Options) -> Iterator[Finding]:
    r"""A blank line stands inside a formula.

    A blank line ends the paragraph, and the formula with it: both halves are shown as text.

    Fix safety: unsafe, for two formulas may have been meant.

    Bad:
        $$
        x = 1

        + y
        $$
    Good:
        $$
        x = 1
        + y
        $$
    """
    for split in delimiters.splits(document):
        if split.by_blank_line:
            start, end = split.opener.end, split.closer.start
            blanks = _BLANK_LINES.finditer(document.text, start, end)
            remove = Repair(REMOVE, "unsafe", tuple((match.start(), match.end(), "") for match in blanks))
            yield Finding(split.opener.start, split.closer.end, BLANK, {"mark": split.opener.text}, (remove,))
