"""FMT201."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document, Leaf
from server.lint.masks import HIDDEN
from server.lint.registry import Options, rule

LITERAL = message("“{mark}” is shown as it is: the emphasis does not close.")
REMOVE = message("Remove")
_MARK = re.compile(r"(?<![*_\w])(?:\*\*|__)(?=[^\s*_])|(?<=[^\s*_])(?:\*\*|__)(?![*_\w])")
_POWER = re.compile(rf"[\w){HIDDEN}]\s*\*\*\s*[\w({HIDDEN}-]")


@rule(code="FMT201", name="unclosed-emphasis", level="warning")
def unclosed_emphasis(document: Document, options: Options) -> Iterator[Finding]:
    """Emphasis marks are left over.

    A `**` or `__` that pairs with nothing stays in the text as asterisks or underscores.

    How to mend: close the emphasis, or remove the mark. Only the writer knows which.

    Bad:
        The answer is **four.
    Bad:
        The answer is four.**
    Good:
        The answer is **four**.
    Good:
        In Python, 2**3 is 8 and `**` is the power; in C, \\*\\* is not. Fill in: ____
    """
    if "**" not in document.masked and "__" not in document.masked:
        return
    for leaf in document.leaves:
        yield from _in_leaf(document, leaf)


def _in_leaf(document: Document, leaf: Leaf) -> Iterator[Finding]:
    prose = document.masked
    for match in _MARK.finditer(prose, leaf.start, leaf.end):
        start, end = match.span()
        if not _POWER.match(prose, start - 1, leaf.end):
            remove = Repair(REMOVE, "unsafe", ((start, end, ""),))
            yield Finding(start, end, LITERAL, {"mark": match.group()}, (remove,))
