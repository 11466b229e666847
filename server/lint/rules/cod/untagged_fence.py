"""COD102."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.rules.cod import _languages

UNTAGGED = message("The code block does not say its language.")
TAG = message("Tag as {language}")
WHY = message("Guessed from the code.")


@rule(code="COD102", name="untagged-fence", level="warning")
def untagged_fence(document: Document, options: Options) -> Iterator[Finding]:
    """A code block does not say its language.

    The tag colours the code and tells a model what it reads. Plain output is `text`.

    Bad:
        ```
        print(4)
        ```
    Good:
        ```text
        4
        ```
    """
    for block in document.code_blocks:
        if block.fence and block.closed and not block.info:
            end = block.start + len(block.fence)
            language = _languages.guess(block.body.text)
            tag = Repair(TAG, "unsafe", ((end, end, language),), WHY, {"language": language})
            yield Finding(block.start, end, UNTAGGED, repairs=(tag,))
