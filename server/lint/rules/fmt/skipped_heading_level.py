"""FMT101."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

SKIPPED = message("Heading of level {level} after level {before}: a level is skipped.")
LOWER = message("Make it level {level}")


@rule(code="FMT101", name="skipped-heading-level", level="warning")
def skipped_heading_level(document: Document, options: Options) -> Iterator[Finding]:
    """A heading skips a level.

    Readers and screen readers take the levels of headings for the outline of the answer. The first heading may have
    any level.

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
    before = 0
    for leaf in document.leaves:
        if leaf.kind != "heading":
            continue
        if before and leaf.level > before + 1:
            args = {"level": leaf.level, "before": before}
            extra = leaf.level - before - 1
            hashes = document.text.startswith("#" * leaf.level, leaf.start)
            edits = ((leaf.start, leaf.start + extra, ""),)
            repairs = (Repair(LOWER, "unsafe", edits, args={"level": before + 1}),) if hashes else ()
            yield Finding(leaf.start, leaf.end, SKIPPED, args, repairs)
        before = leaf.level
