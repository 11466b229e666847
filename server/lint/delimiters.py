"""Maths delimiters that paired with nothing: dollars and backslashed brackets left in running text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from server.lint import katex
from server.lint.document import Document, Leaf

_DOLLARS = re.compile(r"\$+")
_DRAWING = re.compile(r"\[asy\].*?(?:\[/asy\]|\Z)", re.DOTALL)
_FORMULA_LIKE = re.compile(r"\\[A-Za-z]|[\^_=]|\A\s*[A-Za-z]\s*\Z")
_HAN = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}[,.;]?\s+(?:[A-Za-z]+\s+)*[A-Za-z]{2,}")
_WORD = re.compile(
    rf"(?<![\\A-Za-z'])(?:[a-z]{{4,}}|[A-Z][a-z]+|and|or|for|to|per|the|is|are|at|if|so|of|in|on|an)(?![A-Za-z])|[{_HAN}]"
)
_GROUP = re.compile(r"\\[A-Za-z]+\s*\{[^{}]*\}")
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
    """Yield what is left over, in order, a leaf at a time. Runs of three dollars and more are not delimiters, nor are
    those of a drawing in Asymptote."""
    brackets = [(start, char) for start, char in document.escapes if char in "()[]"]
    if not brackets and "$" not in document.masked:
        return
    drawings = [match.span() for match in _DRAWING.finditer(document.text)] if "[asy]" in document.text else []
    for leaf in document.leaves:
        found = [
            Mark(leaf, match.start(), match.group())
            for match in _DOLLARS.finditer(document.masked, leaf.start, leaf.end)
            if len(match.group()) < 3 and not any(start < match.start() < end for start, end in drawings)
        ]
        found += [Mark(leaf, start, f"\\{char}") for start, char in brackets if leaf.start <= start < leaf.end]
        yield from sorted(found, key=lambda mark: mark.start)


def has_words(tex: str) -> bool:
    """Say whether a word of prose stands in `tex`, outside the groups of commands."""
    return _WORD.search(_GROUP.sub(" ", tex)) is not None


def reads_as_formula(tex: str) -> bool:
    """Say whether the text between two single dollars could be a formula: no words follow one another in it."""
    prose = _PROSE if re.search(r"[\\^=]", tex) else _WORD
    if "\n\n" in tex or ("\\text" not in tex and prose.search(tex) is not None):
        return False
    return re.search(r"[A-Za-z^_=<>(\[]|\\[{}|]", tex) is not None


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
    if not _FORMULA_LIKE.search(between):
        return False
    if opener.text == "$" and (_BLANK_LINE.search(between) or not reads_as_formula(between)):
        return False
    whole = _MARGIN.sub("", between)
    if _ENVIRONMENT.fullmatch(whole.strip()):
        return True
    return katex.check([(whole, opener.text in ("$$", "\\["))])[0].kind == "ok"
