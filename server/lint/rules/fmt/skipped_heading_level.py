"""FMT101."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from server.lint import parser
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

SKIPPED = message("Heading of level {level} after level {before}: a level is skipped.")
LOWER = message("Make it level {level}")
WHY = message("The headings below it move up with it; the heading above may be the wrong one.")


@rule(code="FMT101", name="skipped-heading-level", level="warning")
def skipped_heading_level(document: Document, options: Options) -> Iterator[Finding]:
    """A heading skips a level.

    Readers and screen readers take the levels of headings for the outline of the answer. The first heading may have
    any level. A quotation has an outline of its own.

    How to mend: give the heading the level that follows. The fix is not applied unseen: the heading above may be the
    wrong one.

    Bad:
        # Proof

        ### Step 1
    Good:
        ## Proof

        ### Step 1

        ## Check
    """
    headings = [_Heading(node, int(node.tag[1])) for node in document.nodes if node.tag in _TAGS and node.start >= 0]
    for _, outline in groupby(sorted(headings, key=_Heading.quote), key=_Heading.quote):
        yield from _in_outline(document, list(outline))


_TAGS = frozenset(f"h{level}" for level in range(1, 7))


@dataclass(frozen=True, slots=True)
class _Heading:
    node: parser.Node
    level: int

    def quote(self) -> int:
        """Return where the quotation around it begins, -1 outside."""
        around = self.node.parent
        while around is not None and around.tag != "blockquote":
            around = around.parent
        return around.start if around else -1


def _in_outline(document: Document, headings: Sequence[_Heading]) -> Iterator[Finding]:
    before = 0
    for at, heading in enumerate(headings):
        if before and heading.level > before + 1:
            args = {"level": heading.level, "before": before}
            yield Finding(
                heading.node.start, heading.node.end, SKIPPED, args, _repairs(document, headings[at:], before)
            )
        before = heading.level


def _repairs(document: Document, headings: Sequence[_Heading], before: int) -> tuple[Repair, ...]:
    """Move the heading, and all of its section and of its neighbours', up to the level below `before`."""
    level = headings[0].level
    moved = [heading.node.start for heading in takewhile(lambda heading: heading.level >= level, headings)]
    if not all(document.text.startswith("#" * level, start) for start in moved):
        return ()
    edits = tuple((start, start + level - before - 1, "") for start in moved)
    return (Repair(LOWER, "unsafe", edits, WHY, {"level": before + 1}),)
