"""Maths delimiters that paired with nothing: dollars and backslashed brackets left in running text."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from server.lint import katex
from server.lint.document import Document, Leaf
from server.lint.money import HAN, SIGN
from server.lint.stretches import Stretches

Role = Literal["opens", "closes"]
REACH = 300  # characters within which the rest of a formula is looked for
CLOSERS = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
_DOLLARS = re.compile(r"(?<!\$)\$\$?(?!\$)")
_DRAWING = re.compile(r"\[asy\].*?(?:\[/asy\]|\Z)", re.DOTALL)
_SIGN = r"\\[A-Za-z]|[\^_=<>]"
_BEGINS = re.compile(rf"{_SIGN}|\A\s*[-({{\[|]*(?:\d|[A-Z]{{2,6}}(?![A-Za-z])|[A-Za-z](?![A-Za-z)]))")
_ENDS = re.compile(
    rf"{_SIGN}|[+*/]\s*\w\s*\Z|\s-\s\w\s*\Z|(?:\d[A-Za-z]?|[)\]|!'%]|(?<![A-Za-z])[A-Z]{{2,6}})[.,]?\s*\Z"
)
_LABEL = re.compile(r"\W*\w{1,3}\s*\Z")  # the mark of an item: `a\)`, `12\)`
_FORMULA_LIKE = re.compile(r"\\[A-Za-z]|[\^_=]|\A\s*[A-Za-z]\s*\Z")
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{2,}[,.;]?\s+(?:[A-Za-z]+\s+)*[A-Za-z]{2,}")
_WORD = re.compile(
    rf"(?<![\\A-Za-z'])(?:[a-z]{{4,}}|[A-Z][a-z]+|and|or|for|to|per|the|is|are|at|if|so|of|in|on|an)(?![A-Za-z])|[{HAN}]"
)
_MARKED = re.compile(r"[\\^=]")
_MATHEMATICAL = re.compile(r"[A-Za-z^_=<>(\[]|\\[{}|]")
_GROUP = re.compile(r"\\[A-Za-z]+\s*\{[^{}]*\}")


@dataclass(slots=True, eq=False)  # there are many, and each is itself alone
class Mark:
    """One delimiter left over in `leaf`: `$`, `$$`, `\\(`, `\\)`, `\\[` or `\\]`."""

    leaf: Leaf
    start: int
    text: str
    end: int


def leftovers(document: Document) -> Sequence[Mark]:
    """Return what is left over, in order, a leaf at a time. Runs of three dollars and more are not delimiters, nor are
    those of a drawing in Asymptote."""
    return document.once("delimiters left over", lambda document: list(_leftovers(document)))


def _leftovers(document: Document) -> Iterator[Mark]:
    brackets = sorted((start, char) for start, char in document.escapes if char in "()[]")
    if not brackets and "$" not in document.masked:
        return
    drawings = Stretches(match.span() for match in _DRAWING.finditer(document.text)) if "[asy]" in document.text else ()
    for leaf in document.leaves:
        found = [
            Mark(leaf, match.start(), match.group(), match.end())
            for match in _DOLLARS.finditer(document.masked, leaf.start, leaf.end)
            if not drawings or match.start() not in drawings
        ]
        if inside := brackets[bisect_left(brackets, (leaf.start, "")) : bisect_left(brackets, (leaf.end, ""))]:
            found += [Mark(leaf, start, f"\\{char}", start + 2) for start, char in inside]
            found.sort(key=lambda mark: mark.start)
        yield from found


def has_words(tex: str) -> bool:
    """Say whether a word of prose stands in `tex`, outside the groups of commands."""
    return _WORD.search(_GROUP.sub(" ", tex)) is not None


def reads_as_formula(tex: str) -> bool:
    """Say whether the text between two single dollars could be a formula: no words follow one another in it."""
    prose = _PROSE if _MARKED.search(tex) else _WORD
    if "\n\n" in tex or ("\\text" not in tex and prose.search(tex) is not None):
        return False
    return _MATHEMATICAL.search(tex) is not None


def is_prose(tex: str) -> bool:
    """Say whether words follow one another, as they do between two amounts of money and not in a formula."""
    return "\\text" not in tex and _PROSE.search(tex) is not None


def role(document: Document, mark: Mark) -> Role | None:
    """Return what a leftover, no single dollar, does by what stands beside it."""
    return "opens" if opens(document, mark) else "closes" if closes(document, mark) else None


def opens(document: Document, mark: Mark) -> bool:
    """Say whether what follows a leftover, no single dollar, reads as a formula that it would open."""
    rest = document.masked[mark.end : min(mark.leaf.end, mark.end + REACH)]
    if mark.text == "\\[" and rest.count("]") > rest.count("["):
        return False
    first = not _before(document, mark).strip()
    return mark.text in CLOSERS and (_BEGINS.search(rest) is not None or (first and _alone(document, mark)))


def closes(document: Document, mark: Mark) -> bool:
    """Say whether what stands before a leftover, no single dollar, reads as a formula that it would close."""
    before = _before(document, mark)
    if mark.text == "\\]" and before.count("[") > before.count("]"):
        return False
    if _LABEL.match(before) and mark.text == "\\)":
        return False
    return mark.text in CLOSERS.values() and (_ENDS.search(before) is not None or _alone(document, mark))


def _before(document: Document, mark: Mark) -> str:
    return document.masked[max(mark.leaf.start, mark.start - REACH) : mark.start]


def _alone(document: Document, mark: Mark) -> bool:
    """Say whether nothing else stands in the line."""
    start, end = document.line(mark.start)
    return not (document.masked[start : mark.start] + document.masked[mark.end : end]).strip()


_BLANK_LINE = re.compile(r"\n(?:[ \t>]*\r?\n)+")
_ENVIRONMENT = re.compile(r"\\begin\{([^{}]*)\}.*\\end\{\1\}", re.DOTALL)
_CHINESE_LINE = re.compile(r"^[ \t>]*[\u4e00-\u9fff]", re.MULTILINE)
_MARGIN = re.compile(r"^[ \t>]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Split:
    """A formula whose delimiters stand in different blocks: by a blank line, or by a line that begins like a block."""

    opener: Mark
    closer: Mark
    by_blank_line: bool


def splits(document: Document) -> Sequence[Split]:
    """Return the pairs of neighbouring leftovers between which stands a formula that compiles once in one piece."""
    return document.once("split formulas", lambda document: list(_split(document, leftovers(document))))


def _split(document: Document, marks: Sequence[Mark]) -> Iterator[Split]:
    at = 0
    while at + 1 < len(marks):
        opener, closer = marks[at], marks[at + 1]
        if (
            opener.leaf is not closer.leaf
            and CLOSERS.get(opener.text) == closer.text
            and _splits(document, opener, closer)
        ):
            between = document.text[opener.end : closer.start]
            yield Split(opener, closer, _BLANK_LINE.search(between) is not None)
            at += 1
        at += 1


def _splits(document: Document, opener: Mark, closer: Mark) -> bool:
    between = document.text[opener.end : closer.start]
    if not between.strip(" \t\r\n>") or (not _FORMULA_LIKE.search(between) and has_words(between)):
        return False
    if opener.text == "$" and (_BLANK_LINE.search(between) or not reads_as_formula(between)):
        return False
    if is_prose(between) or _CHINESE_LINE.search(between) or SIGN.match(document.masked, closer.start):
        return False
    if any(opener.end <= block.start < closer.start for block in document.code_blocks):
        return False
    whole = _MARGIN.sub("", between)
    display = opener.text in ("$$", "\\[")
    if _ENVIRONMENT.fullmatch(whole.strip()) or (display and "\\begin{" in whole):
        return True  # whatever else is wrong with it
    return katex.check([(whole, display)])[0].kind == "ok"


def line_end(document: Document, opener: Mark) -> re.Pattern[str]:
    """Return what finds a line end within the formula that `opener` opens, with blank lines and the marks of quotes."""
    quotes = document.text.count(">", document.line(opener.start)[0], opener.start)  # one more is a sign of the formula
    margin = rf"(?:[ \t]*>){{0,{quotes}}}[ \t]*"
    return re.compile(rf"(?<![ \t])[ \t]*\r?\n(?:{margin}\r?\n)*{margin}")
