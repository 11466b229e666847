"""FMT302."""

import re
from collections.abc import Iterator
from itertools import pairwise

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document, Leaf
from server.lint.masks import MARK
from server.lint.registry import Options, rule

SWALLOWED = message("These {count} lines look like a list but run on in the paragraph.")
LAZY = message("This line becomes part of the list item above.")
BLANK = message("Insert a blank line")
_NUMBERED = re.compile(r"^(?P<lead>[ \t>]*)(?P<number>\d{1,9})[.)][ \t]+\S[^\n\r]*", re.MULTILINE)
_MARGIN = re.compile(r"[ \t>]*")
_ENDS = re.compile(r"[.!?。！？][*_\"”’)）]*[ \t]*\r?\n$")
_STARTS = re.compile(f"{MARK}*[A-Z\u4e00-\u9fff][A-Za-z\u4e00-\u9fff'’]* ?[^\n]")


@rule(code="FMT302", name="list-not-set-off", level="warning")
def list_not_set_off(document: Document, options: Options) -> Iterator[Finding]:
    """A list is not set off by a blank line.

    A numbered list that starts with another number than 1 does not begin within a paragraph: its lines run on. And a
    line right under the last item belongs to that item, indented or not. Where the item ends in a full stop and the
    line begins a sentence at the margin, that is hardly meant.

    How to mend: insert a blank line.

    Bad:
        It remains to show:
        2. uniqueness,
        3. the converse.
    Bad:
        - First case.
        - Second case.
        Both cases agree.
    Good:
        It remains to show:

        2. uniqueness,
        3. the converse.
    Good:
        - An item that runs
        over two lines.
    """
    last = {node.children[-1].start for node in document.nodes if node.tag in ("ul", "ol") and node.children}
    for leaf in document.leaves:
        if leaf.kind in ("paragraph", "item"):
            yield from _swallowed(document, leaf)
        if leaf.kind == "item" and leaf.start in last:
            yield from _lazy(document, leaf)


def _swallowed(document: Document, leaf: Leaf) -> Iterator[Finding]:
    """Find the first run of two lines and more that count upwards."""
    text, found = document.masked, list(_NUMBERED.finditer(document.masked, leaf.start, leaf.end))
    for one, two in pairwise(found):
        follows = text[one.end() : two.start()].strip("\r\n") == ""
        if follows and int(two["number"]) == int(one["number"]) + 1 and one.start() > leaf.start:
            count = sum(item.start() >= one.start() for item in found)
            start = one.start("number")
            line = document.line(start)[0]
            prefix = re.sub(r"[^>]", " ", document.text[line:start]).rstrip()
            above = line  # what broke the line above would now be trailing white space
            while above and document.text[above - 1].isspace():
                above -= 1
            edits = ((above, line, f"{document.newline}{prefix}{document.newline}"),)
            yield Finding(start, found[-1].end(), SWALLOWED, {"count": count}, (Repair(BLANK, "safe", edits),))
            return


def _lazy(document: Document, leaf: Leaf) -> Iterator[Finding]:
    """Find lines that stand no further in than the mark of the item they fall to, and begin a new sentence."""
    margin = leaf.start - document.line(leaf.start)[0]
    above, position = leaf.start, document.text.find("\n", leaf.start, leaf.end) + 1
    while 0 < position < leaf.end:
        at = _MARGIN.match(document.text, position, leaf.end).end()  # type: ignore[union-attr]
        ends = _ENDS.search(document.masked[above:position])
        if ends and at - position <= margin and _STARTS.match(document.masked, at, leaf.end):
            quote = document.text[position:at].rstrip()
            end = min(document.line(at)[1], leaf.end)
            repair = Repair(BLANK, "unsafe", ((position, position, f"{quote}{document.newline}"),))
            yield Finding(at, end, LAZY, repairs=(repair,))
            return
        above, position = position, document.text.find("\n", position, leaf.end) + 1
