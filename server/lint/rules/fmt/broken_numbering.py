"""FMT301."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.parser import Node
from server.lint.registry import Options, rule
from server.lint.rules.fmt import _numbering
from server.lint.rules.fmt._numbering import Numbered

BROKEN = message("This item is written {written} and shown as {shown}.")
RESTARTED = message("The numbering starts again at {written}, in a list of its own.")
_EVERYWHERE = 50  # of longer lists only the first finding offers to number them


@rule(code="FMT301", name="broken-numbering", level="info")
def broken_numbering(document: Document, options: Options) -> Iterator[Finding]:
    """The numbers of a list are not the ones a reader sees.

    A renderer counts from the first number, whatever the others say. A list that is cut by a paragraph or a code block
    starts anew: “1.”, text, “1.” are two lists of one item. All items numbered 1 are a habit, and pass.

    How to mend: give the items the numbers that follow, or indent what cuts the list, so that it belongs to the item.

    Fix safety: unsafe, for two lists may have been meant. It numbers the whole list, and keeps under each item what
    belongs to it.

    Bad:
        1. Expand.
        3. Collect.
    Bad:
        1. Expand.

        Use the binomial theorem.

        1. Collect.
    Good:
        1. Expand.
        2. Collect.
    Good:
        1. Expand.
        1. Collect.
    """
    for chain in _numbering.chains(document):
        single: tuple[int, int] | None = None  # the number of a list of one item, and what it should be
        for at, each in enumerate(chain):
            first = each.written[0]
            number = single[1] + 1 if single and single[0] == first else first
            broken = list(_broken(each))
            repairs = _numbering.renumbered(document, chain, at, number) if broken or number != first else ()
            if number != first:
                broken.insert(0, (each.items[0], first, number))
            for told, (item, written, shown) in enumerate(broken):
                template = RESTARTED if number != first and told == 0 else BROKEN
                some = repairs if told == 0 or len(broken) <= _EVERYWHERE else ()
                yield _finding(document, item, written, shown, template, some)
            single = (first, number) if len(each.items) == 1 else None


def _broken(each: Numbered) -> Iterator[tuple[Node, int, int]]:
    """Yield the items whose numbers are not the ones shown, with both; not where all are the same, which is a habit."""
    if len(set(each.written)) > 1:
        for shown, (item, number) in enumerate(zip(each.items, each.written, strict=True), each.written[0]):
            if number != shown:
                yield item, number, shown


def _finding(
    document: Document, item: Node, written: int, shown: int, template: str, repairs: tuple[Repair, ...]
) -> Finding:
    args = {"written": written, "shown": shown}
    return Finding(item.start, _numbering.end_of_number(document, item), template, args, repairs)
