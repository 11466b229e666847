"""FMT102."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document, Leaf
from server.lint.registry import Options, rule

FORBIDDEN = message("The guide does not want a heading “{title}”.")
REQUIRED = message("The guide asks for a heading “{title}”.")


class Sections(Options):
    """Titles of headings, compared without case."""

    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


@rule(code="FMT102", name="wrong-sections", level="error", options=Sections)
def wrong_sections(document: Document, options: Sections) -> Iterator[Finding]:
    """A heading the guide asks for is missing, or one it forbids is there.

    `required` and `forbidden` are lists of titles. Case, emphasis and a final colon do not matter.

    Bad (required: [Solution, Answer]):
        # Solution

        4
    Bad (forbidden: [Conclusion]):
        ## **Conclusion:**

        4
    Good (required: [Answer], forbidden: [Conclusion]):
        ## Answer

        4
    """
    headings = {_title(document, leaf): leaf for leaf in document.leaves if leaf.kind == "heading"}
    for title in options.forbidden:
        if leaf := headings.get(title.casefold()):
            yield Finding(leaf.start, leaf.end, FORBIDDEN, {"title": title})
    for title in options.required:
        if title.casefold() not in headings:
            yield Finding(0, 0, REQUIRED, {"title": title})


def _title(document: Document, leaf: Leaf) -> str:
    return document.text[leaf.start : leaf.end].strip("#*_ \t\r\n=-:：").casefold()
