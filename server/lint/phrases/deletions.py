"""What goes with words that are taken out, so that what is left still reads: a space, emphasis marks, a capital."""

from server.lint.document import Document
from server.lint.masks import MARK
from server.lint.phrases import scopes

Edit = tuple[int, int, str]


def of_words(document: Document, start: int, end: int) -> Edit:
    """Take `start:end` out, with emphasis around just it and the space beside it; what then begins gets its capital."""
    masked, text = document.masked, document.text
    capital = text[start : start + 1].isupper()
    while start > 0 and end < len(masked) and masked[start - 1] == masked[end] == MARK:
        start, end = start - 1, end + 1
    behind = _past_space(text, end)
    if behind == len(text):  # nothing follows
        return _before_space(text, start, " \t\r\n>"), end, ""
    before = start
    while before and masked[before - 1] == MARK:
        before -= 1
    if not before:
        end = behind
    elif masked[before - 1].isspace() and text[end] == " ":
        end += 1
    elif text[end] in "\r\n":
        start = _before_space(text, start, " \t")
    following = text[end : end + 1]
    if capital and following.isascii() and following.islower():
        return start, end + 1, following.upper()
    return start, end, ""


def of_sentence(document: Document, start: int, end: int) -> Edit:
    """Take out the sentences that hold `start:end`, a line that held nothing else, and what led to them at the end."""
    text = document.text
    low, high = scopes.sentence(document, start, end)
    if _past_space(text, high) == len(text):
        low = _before_space(text, low, " \t\r\n>")
    elif (low == 0 or text[low - 1] in "\r\n") and text[high : high + 1] in ("\r", "\n"):
        high += 2 if text.startswith("\r\n", high) else 1
    return low, high, ""


def without_lead(document: Document, start: int, end: int) -> int:
    """Return where the words of a match in prose begin: behind the spaces, marks and signs that lead up to them."""
    at = start
    while at < end and not (document.masked[at].isalnum() or document.masked[at] in "<[({（【「"):
        at += 1
    return at if at < end else start


def _past_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _before_space(text: str, at: int, spaces: str) -> int:
    while at and text[at - 1] in spaces:
        at -= 1
    return at
