"""FMT102."""

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from server.lint.diagnostic import Finding, message
from server.lint.document import Document, Leaf
from server.lint.registry import Options, rule

FORBIDDEN = message("The guide does not want a heading “{title}”.")
REQUIRED = message("The guide asks for a heading “{title}”.")
ALL_REQUIRED = message("The guide asks for headings that are missing: {titles}.")
_UNDERLINE = re.compile(r"[\r\n]+[ \t>]*[=-]+[ \t]*\Z")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
_NOTE = re.compile(r"\[\^[^\[\]]+\]")
# what stands before the words: signs and faces, a number in Western or Chinese figures
_BEFORE = re.compile(
    r"\A[\W_]*(?:(?:\d+(?:\.\d+)+[.)]?|\d+[.)、:：]|[IVX]+[.)、]|[一二三四五六七八九十]+[、）)])[\W_]*)?"
)
_BEHIND = re.compile("[\\s*_#:：\u2600-\u27bf\ufe0f\U0001f000-\U0001faff-]+\\Z")


Title = Annotated[str, Field(min_length=1)]


class Sections(Options):
    """Titles of headings, compared without case."""

    required: tuple[Title, ...] = Field((), description="Titles of which each must stand over a section.")
    forbidden: tuple[Title, ...] = Field((), description="Titles that no heading may have.")


@rule(code="FMT102", name="wrong-sections", level="error", options=Sections)
def wrong_sections(document: Document, options: Sections) -> Iterator[Finding]:
    """A heading the guide asks for is missing, or one it forbids is there.

    `required` and `forbidden` are lists of titles. Case, emphasis, a number before and a final colon do not matter.

    Bad (required: [Solution, Answer]):
        # Solution

        4
    Bad (forbidden: [Conclusion]):
        ## **Conclusion:**

        4
    Good (required: [Answer], forbidden: [Conclusion]):
        ## 2. Answer

        4
    """
    if not (options.required or options.forbidden) or not document.text.strip():
        return
    headings = [(_title(document, leaf), leaf) for leaf in document.leaves if leaf.kind == "heading"]
    forbidden = {_plain(title): title for title in options.forbidden}
    for title, leaf in headings:
        if title in forbidden:
            end = leaf.start + len(document.text[leaf.start : leaf.end].rstrip())
            yield Finding(leaf.start, end, FORBIDDEN, {"title": forbidden[title]})
    there = {title for title, _ in headings}
    missing = [title for title in options.required if _plain(title) not in there]
    if len(missing) == 1:
        yield Finding(0, 0, REQUIRED, {"title": missing[0]})
    elif missing:
        yield Finding(0, 0, ALL_REQUIRED, {"titles": ", ".join(f"“{title}”" for title in missing)})


def _title(document: Document, leaf: Leaf) -> str:
    return _plain(_UNDERLINE.sub("", document.text[leaf.start : leaf.end]))


def _plain(title: str) -> str:
    """Return the words of a heading, as they are compared."""
    words = _LINK.sub(r"\1", _NOTE.sub("", title)).replace("*", "").replace("`", "")
    return _BEHIND.sub("", _BEFORE.sub("", words)).casefold()
