"""Lists and their numbers: which follow on one another, and what gives a list other numbers."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from server.lint.diagnostic import Repair, message
from server.lint.document import Document
from server.lint.parser import BLOCKS, Node

RENUMBER = message("Make it {shown}")
RENUMBER_ALL = message("Number the list from {first}")
_NUMBER = re.compile(r"(\d{1,9})[.)]")
_HIGHEST = 999_999_999  # more digits begin no list
_PREFIX = re.compile(r"[ \t>]*")
Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Numbered:
    """The items of a list and their numbers as they are written; whether running text may stand right above it."""

    items: list[Node]
    written: list[int]
    follows_text: bool


def chains(document: Document) -> Iterator[list[Numbered]]:
    """Yield the lists of one parent that no heading and no rule parts."""
    chains: dict[int, list[Numbered]] = {}
    last: dict[int, str] = {}
    for node in document.nodes:
        if node.tag not in BLOCKS:
            continue
        parent = id(node.parent)
        if node.tag[0] == "h" and parent in chains:  # a heading or a rule
            yield chains.pop(parent)
        if node.tag == "ol":
            items = [child for child in node.children if child.tag == "li"]
            numbers = [int(match[1]) for item in items if (match := _NUMBER.match(document.text, item.start))]
            if items and len(numbers) == len(items):
                chains.setdefault(parent, []).append(Numbered(items, numbers, last.get(parent, "p") == "p"))
        last[parent] = node.tag
    yield from chains.values()


def end_of_number(document: Document, item: Node) -> int:
    match = _NUMBER.match(document.text, item.start)
    return match.end(1) if match else item.start


def renumbered(document: Document, chain: Sequence[Numbered], at: int, first: int) -> tuple[Repair, ...]:
    """Return the repair of a whole list, and of those behind it that would then start anew: one number mended alone
    would leave the next ones wrong."""
    edits: list[Edit] = []
    wrong: list[int] = []
    for number, place in enumerate(range(at, len(chain)), first):
        each = chain[place]
        if number > first and each.written[0] != number - 1:
            break
        if number + len(each.items) - 1 > _HIGHEST:
            return ()
        if number != each.written[0] and each.follows_text:
            edits += _set_off(document, each.items[0])
        for right, item, old in zip(count(number), each.items, each.written, strict=False):
            if right != old:
                wrong.append(right)
                edits += _to_number(document, item, right)
        if number == each.written[0] or len(each.items) > 1:
            break
    args = {"shown": wrong[0]} if len(wrong) == 1 else {"first": first}
    return (Repair(RENUMBER if len(wrong) == 1 else RENUMBER_ALL, "unsafe", tuple(sorted(edits)), args=args),)


def _to_number(document: Document, item: Node, right: int) -> Iterator[Edit]:
    """Yield the edits that give an item its number and keep what belongs to it under it."""
    end = end_of_number(document, item)
    wider = len(str(right)) - (end - item.start)
    yield item.start, end, str(right)
    if wider < 0:
        yield end + 1, end + 1, " " * -wider
    elif wider:
        yield from _indented(document, item, wider)


def _indented(document: Document, item: Node, wider: int) -> Iterator[Edit]:
    """Yield the edits that move the further lines of an item to the right, but those that only go on a paragraph."""
    lines, text = document.map.lines, document.text
    first, last = bisect_right(lines, item.start), bisect_right(lines, max(item.start, item.end - 1))
    column = item.start - lines[first - 1]
    for start in lines[first:last]:
        if text[start + column : start + column + 3] == "   ":
            yield start + column, start + column, " " * wider


def _set_off(document: Document, item: Node) -> Iterator[Edit]:
    """Yield a blank line before a list that follows a paragraph: only one that begins with 1 may do without."""
    start, _ = document.line(item.start)
    prefix = document.text[start : item.start]
    if not start or not _PREFIX.fullmatch(prefix):
        return
    if document.text[slice(*document.line(start - 1))].strip(" \t>"):
        end = "\r\n" if document.text.endswith("\r\n", 0, start) else "\n"
        yield start, start, prefix.rstrip() + end
