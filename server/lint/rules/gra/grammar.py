"""GRA101."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from server.lint import grammar as harper
from server.lint import masks
from server.lint.diagnostic import CannotCheck, Finding, Repair, message
from server.lint.document import Document, Leaf
from server.lint.grammar import Advice, Dialect
from server.lint.registry import Options, rule

SAYS = message("{advice}")
REPLACE = message("Replace with “{words}”")
REMOVE = message("Remove “{words}”")
WHAT = message("the grammar")
LATE = message("it took too long")
_KINDS = ("paragraph", "item", "heading")
_DROPPED = masks.MARK
_HIDDEN = re.compile(f"[{masks.HIDDEN}]")
_ODD_WORD = re.compile(r".{1,2}|.*[A-Z\d_].*|.*[^\x00-\x7f’].*", re.DOTALL)
_NOT_PROSE = re.compile(
    r"\[asy\].*?(?:\[/asy\]|\Z)|\\begin\{([^{}]*)\}.*?(?:\\end\{\1\}|\Z)|\\[A-Za-z]+|<<[^<>\n]*>>", re.DOTALL
)
_TOUCHES = re.compile(r"[\w\\/=@#.\ue000]\Z")
_TOUCHED = re.compile(r"[\w/=@#(\ue000]|\.\w")
_ENGLISH = re.compile(r"[A-Za-z]{2,}")


class Settings(Options):
    """`dialect` of English; `words` that are right here (lower case); `without`, the kinds of advice not wanted."""

    dialect: Dialect = Field("american", description="The English that is right here.")
    words: tuple[str, ...] = Field((), description="Words that are right here, in small letters.")
    without: tuple[str, ...] = Field((), description="Kinds of advice that are not wanted.")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Prose of one block with formulas as nouns; `places` says where each character stands in the text."""

    text: str
    places: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        if start >= end:
            return (self.places[start - 1] + 1,) * 2 if start else (self.places[0],) * 2
        return self.places[start], self.places[end - 1] + 1


@rule(code="GRA101", name="grammar", level="info", tier="second", options=Settings)
def grammar(document: Document, options: Settings) -> Iterator[Finding]:
    """Harper advises on the grammar or spelling of English prose.

    Formulas and code are read as nouns, words of mathematics are known. The advice is information: it never stands in
    the way of a submission. It comes a moment after the other findings. A guide sets `dialect` (`american`, `british`,
    `australian`, `canadian`, `indian`), further `words`, and the kinds of advice it can do `without`, such as
    `Capitalization` or `WordChoice`.

    Fix safety: unsafe. Every suggestion is worth a look.

    Bad:
        This are an test of the grammar.
    Bad:
        We recieve a new equation.
    Good:
        Therefore $f$ is nonnegative, and its eigenvalues are real.
    Good (dialect: british):
        This generalises to every colour.
    Good (language: zh):
        这 are 一个 test。
    """
    if document.language != "en" or not _ENGLISH.search(document.masked):
        return
    prose = _NOT_PROSE.sub(lambda match: harper.NOUN * len(match.group()), document.masked)
    paragraphs = [_paragraph(prose, leaf) for leaf in document.leaves if leaf.kind in _KINDS]
    try:
        advice = harper.read([item.text for item in paragraphs], options.dialect, document.until)
    except harper.Late:
        raise CannotCheck(WHAT, LATE, level="info") from None
    for paragraph, found in zip(paragraphs, advice, strict=True):
        for item in found:
            if _wanted(paragraph, item, options):
                yield _finding(paragraph, item)


def _paragraph(prose: str, leaf: Leaf) -> _Paragraph:
    places = [at for at in range(leaf.start, leaf.end) if prose[at] not in _DROPPED]
    text = "".join(prose[at] for at in places)
    return _Paragraph(_HIDDEN.sub(harper.NOUN, text).replace("\n", " ").replace("\r", " "), places)


def _wanted(paragraph: _Paragraph, item: Advice, options: Settings) -> bool:
    if harper.NOUN in item.words or item.kind in options.without or item.words == "A":
        return False
    if item.kind != "Spelling":
        return True
    if _TOUCHES.search(paragraph.text[: item.start]) or _TOUCHED.match(paragraph.text, item.end):
        return False  # part of a name, a path or a command
    return not _ODD_WORD.fullmatch(item.words) and item.words.lower() not in options.words


def _finding(paragraph: _Paragraph, item: Advice) -> Finding:
    repairs = []
    for start, end, text in item.replacements:
        first, last = paragraph.span(start, end)
        if last - first == end - start and harper.NOUN not in text:
            title, words = (REPLACE, text.strip()) if text else (REMOVE, item.words)
            repairs.append(Repair(title, "unsafe", ((first, last, text),), args={"words": words}))
    advice = item.message.replace("`", "“", 1).replace("`", "”", 1) if item.message.count("`") == 2 else item.message
    return Finding(*paragraph.span(item.start, item.end), SAYS, {"advice": advice}, tuple(repairs))
