"""Maths delimiters that paired with nothing: dollars and backslashed brackets left in running text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.lint.document import Document, Leaf
from server.lint.masks import HIDDEN

_DOLLARS = re.compile(r"\$+")
_SPACED = re.compile(r"(?<!\$)\$(?!\$)(?P<tex>[ \t]+[^$\n]*?|[^$\s][^$\n]*?[ \t]+)(?<!\$)\$(?!\$)")
_OPENS = re.compile(r"[ \t]*(?:\\[A-Za-z]|[({\[|]*-?[A-Za-z0-9]{1,2}[ \t]*[\^_=<>](?!\w{3})|[A-Za-z]\\)")
_CLOSES = re.compile(r"(?:\\[A-Za-z]+|[\^_](?:\w|\{[^{}$]*\})|\})[^$\n]{0,12}\Z")
_FORMULA_LIKE = re.compile(r"\\[A-Za-z]|[\^_=]|\A\s*[A-Za-z]\s*\Z")
_AMOUNT = re.compile(r"\$(?=\.?\d)")


@dataclass(frozen=True, slots=True)
class Mark:
    """One delimiter left over in `leaf`: `$`, `$$`, `\\(`, `\\)`, `\\[` or `\\]`."""

    leaf: Leaf
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def leftovers(document: Document) -> Iterator[Mark]:
    """Yield what is left over, in order, a leaf at a time. Runs of three dollars and more are not delimiters."""
    brackets = [(start, char) for start, char in document.escapes if char in "()[]"]
    if not brackets and "$" not in document.masked:
        return
    for leaf in document.leaves:
        found = [
            Mark(leaf, match.start(), match.group())
            for match in _DOLLARS.finditer(document.masked, leaf.start, leaf.end)
            if len(match.group()) < 3
        ]
        found += [Mark(leaf, start, f"\\{char}") for start, char in brackets if leaf.start <= start < leaf.end]
        yield from sorted(found, key=lambda mark: mark.start)


def spaced(document: Document) -> Iterator[tuple[int, int]]:
    """Yield the spans of `$ x $`: formulas that only a space beside a dollar keeps from being read as such."""
    for leaf in document.leaves:
        for match in _SPACED.finditer(document.masked, leaf.start, leaf.end):
            tex = match["tex"]
            if _FORMULA_LIKE.search(tex) and not _AMOUNT.match(match.group()) and not re.search(f"[{HIDDEN}]", tex):
                yield match.span()


def opens(document: Document, mark: Mark) -> bool:
    """Say whether what follows a single dollar reads as a formula."""
    return _OPENS.match(document.masked, mark.end, mark.leaf.end) is not None


def closes(document: Document, mark: Mark) -> bool:
    """Say whether what stands before a single dollar reads as a formula."""
    start = max(mark.leaf.start, mark.start - 40)
    return _CLOSES.search(document.masked[start : mark.start]) is not None


def amounts(document: Document, leaf: Leaf) -> list[int]:
    """Return the offsets of the dollar signs of amounts of money in a leaf."""
    return [match.start() for match in _AMOUNT.finditer(document.masked, leaf.start, leaf.end)]
