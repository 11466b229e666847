"""FMT301."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.parser import Node
from server.lint.registry import Options, rule

BROKEN = message("This item is written {written} and shown as {shown}.")
RESTARTED = message("The numbering starts again at {written}, in a list of its own.")
RENUMBER = message("Make it {shown}")
_NUMBER = re.compile(r"(\d{1,9})[.)]")


@rule(code="FMT301", name="broken-numbering", level="info")
def broken_numbering(document: Document, options: Options) -> Iterator[Finding]:
    """The numbers of a list are not the ones a reader sees.

    A renderer counts from the first number, whatever the others say. A list that is cut by a paragraph or a code block
    starts anew: “1.”, text, “1.” are two lists of one item. All items numbered 1 are a habit, and pass.

    How to mend: give the item the number that follows, or indent what cuts the list, so that it belongs to the item.

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
    single: dict[int, tuple[int, int]] = {}  # by parent: the number of a list of one item, and what it should be
    for node in document.nodes:
        if node.tag != "ol":
            if node.tag[0] == "h":  # a heading or a rule
                single.pop(id(node.parent), None)
            continue
        items = [child for child in node.children if child.tag == "li"]
        numbers = [_number(document, child) for child in items]
        if None in numbers or not numbers:
            continue
        written = [number for number in numbers if number is not None]
        yield from _in_list(document, items, written)
        before = single.pop(id(node.parent), None)
        number = written[0]
        if before and before[0] == written[0]:
            number = before[1] + 1
            yield _finding(document, items[0], written[0], number, RESTARTED)
        if len(written) == 1:
            single[id(node.parent)] = written[0], number


def _in_list(document: Document, items: list[Node], written: list[int]) -> Iterator[Finding]:
    if len(set(written)) == 1:
        return
    for shown, (item, number) in enumerate(zip(items, written, strict=True), written[0]):
        if number != shown:
            yield _finding(document, item, number, shown, BROKEN)


def _finding(document: Document, item: Node, written: int, shown: int, template: str) -> Finding:
    end = item.start + len(str(written))
    match = _NUMBER.match(document.text, item.start)
    end = match.end(1) if match else end
    repair = Repair(RENUMBER, "unsafe", ((item.start, end, str(shown)),), args={"shown": shown})
    return Finding(item.start, end, template, {"written": written, "shown": shown}, (repair,))


def _number(document: Document, item: Node) -> int | None:
    match = _NUMBER.match(document.text, item.start)
    return int(match[1]) if match else None
