"""COD102."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

UNTAGGED = message("The code block does not say its language.")
TAG = message("Tag as {language}")
WHY = message("Guessed from the code.")
_SIGNS = (
    ("json", re.compile(r"\A\s*[\[{]\s*(?:\"|\{|\]|\}|\d)")),
    ("html", re.compile(r"\A\s*<(?:!DOCTYPE|html|div|p|body|head|script|table|ul|form)\b", re.I)),
    ("cpp", re.compile(r"^#include\s*[<\"]|\bstd::", re.M)),
    ("java", re.compile(r"\bpublic\s+(?:static\s+)?(?:class|void|int)\b|System\.out\.")),
    ("python", re.compile(r"^\s*(?:def \w+\(.*:|from \w[\w.]* import |import \w+$|class \w+.*:$|print\()", re.M)),
    ("sql", re.compile(r"^\s*(?:SELECT\b.*\bFROM|INSERT INTO|CREATE TABLE|UPDATE \w+ SET)\b", re.M | re.I | re.S)),
    ("javascript", re.compile(r"^\s*(?:const|let|var) \w+ = |\bfunction\s*\w*\(|=> \{|console\.log\(", re.M)),
    ("bash", re.compile(r"^\s*(?:\$ |#!/bin/|sudo |apt |pip |npm |cd |git |curl |docker |echo |export )", re.M)),
)


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
            language = next((name for name, sign in _SIGNS if sign.search(block.body.text)), "text")
            tag = Repair(TAG, "unsafe", ((end, end, language),), WHY, {"language": language})
            yield Finding(block.start, end, UNTAGGED, repairs=(tag,))
