"""FMT103."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

GLUED = message("“{mark}” makes no heading: a space is missing after it.")
INSERT = message("Insert a space")
_GLUED = re.compile(r"^[ ]{0,3}(?P<mark>#{1,6})(?![#!\s\\])(?P<title>[^\n\r]*)", re.MULTILINE)
_DIRECTIVE = re.compile(r"(?:include|define|undef|if|ifdef|ifndef|else|elif|endif|pragma|error|region|endregion)\b")
_TAG = re.compile(r"[\w-]+[ \t]*")
_TAGS = re.compile(r"[\w-]+(?:[^\w#-][^\w#]*#[\w-]+)+\W*|[^#\n]*[^#\s]#(?!#).*")  # `#AI #Python`, `#话题#`
_CAMEL = re.compile(r"(?:[A-Z]+[a-z0-9]+){2,}[A-Z]*\W*")
_COLOUR = re.compile(r"(?=[A-Fa-f]*\d)(?:[\dA-Fa-f]{6}|[\dA-Fa-f]{3})\b")
_SELECTOR = re.compile(r"[\w.-][^{]*\{")


@rule(code="FMT103", name="heading-without-space", level="warning")
def heading_without_space(document: Document, options: Options) -> Iterator[Finding]:
    """A heading lacks the space after its hashes.

    `##Proof` is shown as it stands, hashes and all. Hashtags, a number such as #1, a colour, a line of C and a CSS
    selector are not headings.

    How to mend: the fix inserts the space. It is safe unless the new heading would skip a level.

    Bad:
        ##Proof

        Let $n$ be even.
    Bad:
        Some text.
        #解答
    Good:
        ## Proof
    Good:
        #goldsmith #Writing
    Good:
        #1 is the smallest; #include is C.
    """
    headings = [(leaf.start, leaf.level) for leaf in document.leaves if leaf.kind == "heading"]
    for leaf in document.leaves:
        if leaf.kind in ("paragraph", "item") and "#" in document.text[leaf.start : leaf.end]:
            for match in _GLUED.finditer(document.masked[leaf.start : leaf.end]):
                mark, title = match["mark"], match["title"]
                if not _is_something_else(mark, title):
                    start = leaf.start + match.start("mark")
                    end = start + len(mark)
                    safety = "safe" if _fits(headings, start, len(mark)) else "unsafe"
                    insert = Repair(INSERT, safety, ((end, end, " "),))  # type: ignore[arg-type]
                    yield Finding(start, end, GLUED, {"mark": mark}, (insert,))


def _is_something_else(mark: str, title: str) -> bool:
    if len(mark) > 1:
        return not any(char.isalnum() for char in title)
    if not title[0].isalpha() or any(sign.match(title) for sign in (_DIRECTIVE, _SELECTOR, _COLOUR)):
        return True
    if any(sign.fullmatch(title) for sign in (_TAGS, _CAMEL)):
        return True
    return title[0].isascii() and title[0].islower() and _TAG.fullmatch(title) is not None


def _fits(headings: list[tuple[int, int]], at: int, level: int) -> bool:
    """Say whether a heading of this level skips none after the one before it, nor makes the next one skip."""
    before = [of for start, of in headings if start < at][-1:]
    after = [of for start, of in headings if start > at][:1]
    return all(level <= of + 1 for of in before) and all(of <= level + 1 for of in after)
