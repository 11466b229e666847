"""FMT602."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

LEADING = message("The answer begins with a blank line.")
TRAILING = message("The answer ends with blank lines or spaces.")
REMOVE = message("Remove it")


@rule(code="FMT602", name="blank-edges", level="warning")
def blank_edges(document: Document, options: Options) -> Iterator[Finding]:
    """The answer begins or ends with blank lines.

    They stay in the data, and a model learns them. One line end at the end of the text is fine.

    Bad:
        ␠
        Four.
    Bad:
        Four.␠␠
    Good:
        Four.
    """
    text = document.text
    body = text.strip(" \t\r\n")
    if not body:
        return
    first = len(text) - len(text.lstrip(" \t\r\n"))
    first = max(text.rfind("\n", 0, first), text.rfind("\r", 0, first)) + 1
    if first:
        yield Finding(0, first, LEADING, repairs=(Repair(REMOVE, "safe", ((0, first, ""),)),))
    last = len(text.rstrip(" \t\r\n"))
    open_code = any(block.end > last or not block.closed for block in document.code_blocks[-1:])
    if text[last:] not in ("", "\n", "\r\n") and not open_code:
        end = next((end for end in ("\r\n", "\n") if end in text[last:]), "")
        yield Finding(last, len(text), TRAILING, repairs=(Repair(REMOVE, "safe", ((last, len(text), end),)),))
