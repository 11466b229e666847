"""Maths delimiters that paired with nothing: dollars and backslashed brackets left in running text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.lint import katex
from server.lint.document import Document, Leaf
from server.lint.masks import CODE, MATH

_DOLLARS = re.compile(r"\$+")
_SPACED = re.compile(r"(?<!\$)\$(?!\$)(?P<tex>[ \t]+[^$]*?|[^$\s][^$]*?[ \t]+)(?<!\$)\$(?!\$)")
_OPENS = re.compile(
    r"[ \t]*[({\[|]*-?(?:\\[A-Za-z]|\d+[\^_]|\d*[A-Za-z](?:[ \t]*[\^_=<>]|\\[A-Za-z])|[A-Za-z]\([A-Za-z]\)[ \t]*=)"
)
_CLOSES = re.compile(r"(?:\\[A-Za-z]+|[\^_](?:\w|\{[^{}$]*\})|\})[^$\n]{0,12}\Z")
_FORMULA_LIKE = re.compile(r"\\[A-Za-z]|[\^_=]|\A\s*[A-Za-z]\s*\Z")
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}[,.;]?\s+(?:[A-Za-z]+\s+)*[A-Za-z]{2,}")
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
    if "$" not in document.masked:
        return
    for leaf in document.leaves:
        for match in _SPACED.finditer(document.masked, leaf.start, leaf.end):
            tex = match["tex"]
            if (
                _FORMULA_LIKE.search(tex)
                and not _is_prose(tex)
                and not _AMOUNT.match(match.group())
                and MATH not in tex
                and CODE not in tex
            ):
                yield match.span()


def _is_prose(tex: str) -> bool:
    """Say whether words follow one another, as they do between two amounts of money and not in a formula."""
    return "\\text" not in tex and _PROSE.search(tex) is not None


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


CLOSERS = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
_BLANK_LINE = re.compile(r"\n(?:[ \t>]*\r?\n)+")
_ENVIRONMENT = re.compile(r"\\begin\{([^{}]*)\}.*\\end\{\1\}", re.DOTALL)
_MARGIN = re.compile(r"^[ \t>]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Split:
    """A formula whose delimiters stand in different blocks: by a blank line, or by a line that begins like a block."""

    opener: Mark
    closer: Mark
    by_blank_line: bool


def splits(document: Document, marks: list[Mark]) -> Iterator[Split]:
    """Yield the pairs of neighbouring leftovers between which stands a formula that compiles once in one piece."""
    at = 0
    while at + 1 < len(marks):
        opener, closer = marks[at], marks[at + 1]
        between = document.text[opener.end : closer.start]
        if opener.leaf != closer.leaf and CLOSERS.get(opener.text) == closer.text and _is_formula(opener, between):
            yield Split(opener, closer, _BLANK_LINE.search(between) is not None)
            at += 1
        at += 1


def _is_formula(opener: Mark, between: str) -> bool:
    if not _FORMULA_LIKE.search(between) or (opener.text == "$" and _BLANK_LINE.search(between)):
        return False
    whole = _MARGIN.sub("", between)
    if _ENVIRONMENT.fullmatch(whole.strip()):
        return True
    return katex.check([(whole, opener.text in ("$$", "\\["))])[0].kind == "ok"
