"""COD101."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

UNCLOSED = message("The code fence {fence} is never closed: all that follows is shown as code.")
CLOSE = message("Close code fence")
WHY = message("It may belong further up, where the code ends.")


@rule(code="COD101", name="unclosed-fence", level="error")
def unclosed_fence(document: Document, options: Options) -> Iterator[Finding]:
    """A code fence is never closed.

    Everything after the fence becomes code. What follows is linted as text too, so that nothing hides behind it.

    Bad:
        ```python
        print(4)
    Bad:
        > ~~~~
        > 4

        Done.
    Good:
        ```python
        print(4)
        ```
    """
    for block in document.code_blocks:
        if block.closed:
            continue
        body = document.text[: block.end].rstrip()
        end = max(len(body), block.head)
        prefix = document.text[document.line(block.start)[0] : block.start]
        quote = "".join(char if char == ">" else " " for char in prefix)
        close = Repair(CLOSE, "unsafe", ((end, end, f"{document.newline}{quote}{block.fence}"),), WHY)
        yield Finding(block.start, block.head, UNCLOSED, {"fence": block.fence}, (close,))
