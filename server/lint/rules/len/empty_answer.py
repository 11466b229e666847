"""LEN001."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule

EMPTY = message("The answer is empty.")


@rule(code="LEN001", name="empty-answer", level="error")
def empty_answer(document: Document, options: Options) -> Iterator[Finding]:
    """The answer is empty.

    Spaces, blank lines, invisible characters and comments alone are no answer.

    Bad:
    Bad:
        ⟨U+200B⟩
    Good:
        4
    """
    text, at = document.text, 0
    if text[:1].isalnum():
        return
    while (comment := text.find("<!--", at)) >= 0 and not _visible(text[at:comment]):
        end = text.find("-->", comment)
        if end < 0:
            return
        at = end + 3
    if not _visible(text[at:]):
        yield Finding(0, len(text), EMPTY)


def _visible(text: str) -> bool:
    return any(char.isprintable() and not char.isspace() for char in text)
