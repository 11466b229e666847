"""FMT201."""

import re
from collections.abc import Iterator, Sequence

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document, Leaf
from server.lint.masks import HIDDEN
from server.lint.registry import Options, rule
from server.lint.rules.fmt._emphasis import blank, spaces_inside

LITERAL = message("“{mark}” is shown as it is: the emphasis does not close.")
SPACED = message("“{mark}” is shown as it is: a space stands inside the emphasis.")
REMOVE = message("Remove")
CLOSE = message("Close emphasis")
CLOSE_UP = message("Remove the space")
MOVE_OUT = message("Move the space out")
LINE = message("Its end is a guess: the end of the line.")
# not a power `2**n`, a name `__len__()`, a path `src/**/a.py` or `**kwargs`
_CJK = "\u3000-\u30ff\u4e00-\u9fff\uff01-\uff60"
_MARK = re.compile(
    r"(?<![*_\w/])(?:\*\*|__)(?![*_/]|kw(?:args)?\b|[a-z]\w*\()|(?<![*_/])(?:\*\*|__)(?![*_\w/])"
    rf"|(?<=[{_CJK}])\*\*(?![*_/])|(?<![*_/])\*\*(?=[{_CJK}])"
)
_POWER = re.compile(rf"(?:[^\W{_CJK}]|[){HIDDEN}])\*\*(?:[^\W{_CJK}]|[({HIDDEN}-])")
_LINE_END = re.compile(r"[\r\n]")
LONGEST_TITLE = 80  # characters


@rule(code="FMT201", name="unclosed-emphasis", level="warning")
def unclosed_emphasis(document: Document, options: Options) -> Iterator[Finding]:
    """Emphasis marks are left over.

    A `**` or `__` that pairs with nothing stays in the text as asterisks or underscores. So does a pair with a space
    inside: `**so **`.

    How to mend: close the emphasis, or remove the mark. Only the writer knows which.

    Bad:
        The answer is **four.
    Bad:
        The answer is four.**
    Bad:
        **Note: **it is four.
    Good:
        The answer is **four**.
    Good:
        In Python, 2**3 is 8 and `**` is the power; in C, \\*\\* is not. Fill in: ____
    """
    if "**" not in document.masked and "__" not in document.masked:
        return
    for leaf in document.leaves:
        yield from _in_leaf(document, leaf)


def _in_leaf(document: Document, leaf: Leaf) -> Iterator[Finding]:
    prose = document.masked
    marks = [
        match
        for match in _MARK.finditer(prose, leaf.start, leaf.end)
        if not _POWER.match(prose, match.start() - 1, leaf.end)
    ]
    at = 0
    while at < len(marks):
        mark = marks[at]
        pair = marks[at : at + 2]
        if spaces := spaces_inside(prose, pair, leaf.start):
            both = tuple((*each.span(), "") for each in pair)
            repairs: tuple[Repair, ...] = (_close_up(prose, pair[1], spaces), Repair(REMOVE, "unsafe", both))
            yield Finding(*mark.span(), SPACED, {"mark": mark.group()}, repairs)
            at += 1
        elif not _between_spaces(prose, mark):
            repairs = (*_close(document, leaf, mark), Repair(REMOVE, "unsafe", ((*mark.span(), ""),)))
            yield Finding(*mark.span(), LITERAL, {"mark": mark.group()}, repairs)
        at += 1


def _between_spaces(prose: str, mark: re.Match[str]) -> bool:
    return blank(prose[mark.start() - 1 : mark.start()]) and blank(prose[mark.end() : mark.end() + 1])


def _close_up(prose: str, second: re.Match[str], spaces: Sequence[tuple[int, int]]) -> Repair:
    """A sign like a colon closes nothing before a letter: the space goes behind the mark."""
    end = second.end()
    edits = tuple((*span, "") for span in spaces)
    signed = not prose[spaces[-1][0] - 1].isalnum()
    if spaces[-1][1] == second.start() and signed and prose[end : end + 1].isalnum() and prose[end].isascii():
        return Repair(MOVE_OUT, "unsafe", (*edits, (end, end, " ")))
    return Repair(CLOSE_UP, "unsafe", edits)


def _close(document: Document, leaf: Leaf, mark: re.Match[str]) -> Iterator[Repair]:
    """Offer to close what opens a short line at the line's end."""
    first = mark.start()
    while first > leaf.start and document.masked[first - 1] in " \t":
        first -= 1
    if first > leaf.start and document.masked[first - 1] not in "\r\n":
        return
    line = _LINE_END.split(document.text[mark.end() : min(leaf.end, mark.end() + LONGEST_TITLE + 2)], maxsplit=1)
    words = line[0].rstrip()
    if 0 < len(words) <= LONGEST_TITLE and mark.group() not in words:
        at = mark.end() + len(words)
        yield Repair(CLOSE, "unsafe", ((at, at, mark.group()),), LINE)
