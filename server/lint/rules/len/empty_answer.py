"""LEN001."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule

EMPTY = message("The answer is empty.")


@rule(code="LEN001", name="empty-answer", level="error")
def empty_answer(document: Document, options: Options) -> Iterator[Finding]:
    """The answer is empty.

    Spaces, blank lines and invisible characters alone are no answer.

    Bad:
    Bad:
        \u200b
    Good:
        4
    """
    if not document.text.strip(" \t\r\n\v\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"):
        yield Finding(0, len(document.text), EMPTY)
