"""What a single dollar sign that pairs with nothing was meant to be: the edge of a formula, money or a program's."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from server.lint import delimiters, dollars, katex, money, programs
from server.lint.delimiters import Mark
from server.lint.document import Document, Leaf
from server.lint.masks import CODE, MATH
from server.lint.money import HAN
from server.lint.stretches import Stretches

JOINED = 80  # characters that may stand between two amounts or two names of one expression
TRIED = 50  # of a text so many stray dollars are tried out
_AFTER = re.compile(
    rf"(?:\\[A-Za-z]+|\\.|[ \t]+(?![A-Za-z]{{2}}|[{HAN}])(?=[^\s$])|(?<![A-Za-z])[A-Za-z]{{1,4}}(?![A-Za-z])"
    rf"|[^\s\\$`A-Za-z{HAN}])*"
)
_BLANKS = re.compile(r"[ \t]*")
_SIGN = re.compile(r"[\\^_=<>≤≥]")  # without one there is neither LaTeX nor a relation
_BOUNDARY = re.compile(rf"(?<![\\A-Za-z])[A-Za-z]{{2,}}[,.;:]?[ \t]+|[{HAN}][ \t]*|[\n$]")
_TEX = re.compile(r"\\[A-Za-z]{2,}|\\[{}|]|\^(?=[\w{\\(*'])|(?<![A-Za-z]{2})_(?=[\w{\\])|_\{")
_RELATION = re.compile(r"[({\[|]*-?\d*[A-Za-z](?:(?![=<>≤≥]).)*[=<>≤≥][ \t]*[^\s$]")
_RELATED = re.compile(r"[A-Za-z)\]](?:(?![=<>≤≥]).)*[=<>≤≥]")
_CLOSES = re.compile(r"(?:\\[A-Za-z]+|[\^_](?:\w|\{[^{}$]*\})|\})[^$\n]{0,12}\Z")
_NUMBER_LAST = re.compile(r"[=<>≤≥]\s*[\d.,]+\Z")
_VARIABLE_LAST = re.compile(r"(?<![A-Za-z])[A-Za-z](?:\([A-Za-z\d,]*\))?\s*[=<>≤≥]\s*[\d.,]+\Z")
_POWER = re.compile(r"\^\d+")
_SIGNS = re.compile(r"\\[A-Za-z{}|]|[\^_=<>+*/|'(\[]|\A\s*-?\d*[A-Za-z]{1,4}\s*\Z")
_ARTICLE = re.compile(r"\A[Aa][ \t]+(?=\.?\d)")
_MARGINS = re.compile(r"\n[ \t>]*")
_INTRODUCES = re.compile(r"(?:\b(?:[Ll]et|[Ss]uppose|[Aa]ssume)(?:[ \t]that)?[ \t]+|[设令求][ \t]*)\Z")
_NAME = re.compile(r"[A-Za-z]{4}")


def opens(document: Document, mark: Mark) -> bool:
    """Say whether what follows a dollar sign reads as a formula that is never closed."""
    text, last = document.text, min(mark.leaf.end, mark.end + delimiters.REACH)
    blank = _BLANKS.match(text, mark.end, last)
    found = _AFTER.match(text, blank.end() if blank else mark.end, last)
    words = found.group().rstrip(" \t,.;:!?") if found else ""
    likely = _is_mathematical(document) or _is_introduced(text, mark, words)
    if not words or not (_SIGN.search(words) or likely):
        return False
    rest = text[mark.end : last]
    before = text[mark.start - 1 : mark.start] if mark.start else ""
    glued = before == '"' or (rest[:1].isalpha() and before.isascii() and before.isalnum())  # label("$A"), data$age
    if (
        glued
        or programs.BEGINS.match(rest)
        or _ends_pattern(document, mark.start, rest)
        or money.SUM.match(_POWER.sub("", words))
    ):
        return False
    if _TEX.search(words) or (_RELATION.match(words) and (words[0] not in "0123456789." or _is_mathematical(document))):
        return True
    plain = (
        money.PRICE.match(words)
        or rest[:1].isspace()
        or before.isdigit()
        or words[0] in "%/,)]}'"
        or _NAME.match(words)
    )
    return not plain and likely


def _is_introduced(text: str, mark: Mark, words: str) -> bool:
    """Say whether a letter stands behind a dollar sign, and before it words by which mathematics brings one in."""
    before = text[max(0, mark.start - dollars.AROUND) : mark.start]
    return len(words) == 1 and words.isalpha() and _INTRODUCES.search(before) is not None


def closes(document: Document, mark: Mark) -> bool:
    """Say whether what stands before a dollar sign reads as a formula that was never opened."""
    rest = document.text[mark.end : mark.end + dollars.AROUND]
    if programs.FOLLOWS.match(rest) or _ends_pattern(document, mark.start, rest):
        return False
    text = document.masked[max(mark.leaf.start, mark.start - 80) : mark.start]
    first = max(text.rfind("$"), text.rfind("\n")) + 1  # a boundary as well: what stands before it need not be read
    edge = max((match.end() for match in _BOUNDARY.finditer(text, first)), default=first)
    tail = _ARTICLE.sub("", document.text[mark.start - len(text) + edge : mark.start])
    amount = money.AMOUNT.match(rest)
    if amount and money.WAITS.search(text):
        return False
    if _CLOSES.search(text, text.rfind("$") + 1) or (_TEX.search(tail) and tail[0] != "^"):
        return True
    if not tail or tail[-1].isspace() or money.SUM.match(tail):
        return False
    if _RELATED.search(tail) and (_VARIABLE_LAST.search(tail) or not _NUMBER_LAST.search(tail)):
        return True
    return not (amount or _NAME.match(tail) or money.CURRENCY.match(tail)) and _is_mathematical(document)


def roles(document: Document) -> dict[int, delimiters.Role]:
    """Return what the single dollars do that belong to no formula told of whole, by where they stand; the others are
    money or a program's."""
    return document.once("roles of dollars", lambda document: dict(_roles(document)))


def _roles(document: Document) -> Iterator[tuple[int, delimiters.Role]]:
    told = whole(document)
    plain = {place for item in document.currency for place in (item.start, item.end - 1)}
    marks = delimiters.leftovers(document)
    for at, mark in enumerate(marks):
        if mark.text != "$" or mark.start in plain or mark.start in told:
            continue
        role: delimiters.Role | None = (
            "opens" if opens(document, mark) else "closes" if closes(document, mark) else None
        )
        if role and not any(_are_joined(document, *pair) for pair in pairwise(marks[max(0, at - 1) : at + 2])):
            yield mark.start, role


def _are_joined(document: Document, first: Mark, last: Mark) -> bool:
    """Say whether two neighbours are of a range of money, an expression of a program or the like: `$5–$10`, `$a.$b`."""
    if not _in_a_row(first, last) or last.start - first.end > JOINED:
        return False
    before, between, after = (
        document.text[max(0, first.start - dollars.AROUND) : first.start],
        _inside(document, first, last),
        document.text[last.end : last.end + dollars.AROUND],
    )
    return money.are_joined(between, before, after) or programs.are_joined(between, before, after)


def whole(document: Document) -> Stretches:
    """Return the formulas that lost their delimiters and are told of from one end to the other."""
    return document.once("formulas told of whole", lambda document: Stretches(_wholes(document)))


def _wholes(document: Document) -> Iterator[tuple[int, int]]:
    yield from ((each.opener.start, each.closer.end) for each in delimiters.splits(document))
    yield from ((first.start, last.end) for first, _, last in strays(document))
    yield from spaced(document)


def amounts(document: Document, leaf: Leaf) -> list[int]:
    """Return the offsets of the dollar signs of amounts of money in a leaf."""
    found = [match.start() for match in money.SIGN.finditer(document.masked, leaf.start, leaf.end)]
    if not found:
        return []
    told, role = whole(document), roles(document)
    return [at for at in found if at not in role and at not in told]


def claimed(document: Document) -> list[tuple[int, int]]:
    """Return the stretches that may belong to delimiters left over, in order and apart: what DLM001, DLM005 and DLM006
    tell."""
    told, role = whole(document), roles(document)
    found = list(_wholes(document))
    for mark in delimiters.leftovers(document):
        start, end = mark.start, mark.end
        if start in told:
            continue
        if mark.text in ("\\(", "\\[", "$$") or role.get(start) == "opens":
            end = mark.leaf.end
        if mark.text in ("\\)", "\\]", "$$") or role.get(start) == "closes":
            start = mark.leaf.start
        found.append((start, end))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def past(stretches: Sequence[tuple[int, int]], index: int) -> int:
    """Return the end of the stretch `index` lies in; 0 where it lies in none."""
    at = bisect_right(stretches, (index, len(stretches) and stretches[-1][1])) - 1
    return stretches[at][1] if at >= 0 and index < stretches[at][1] else 0


def _is_mathematical(document: Document) -> bool:
    """Say whether other formulas of the text stand between dollars: then a lone one is hardly money."""
    return document.once("dollar formulas", lambda document: any(item.opener == "$" for item in document.formulas))


def strays(document: Document) -> Sequence[tuple[Mark, Mark, Mark]]:
    """Return three dollar signs in a row of which the middle one stands inside a formula: `$x $ + y$`."""
    return document.once("stray dollars", lambda document: list(_strays(document, delimiters.leftovers(document))))


def _strays(document: Document, marks: Sequence[Mark]) -> Iterator[tuple[Mark, Mark, Mark]]:
    at = tried = 0
    while at + 2 < len(marks) and tried < TRIED:
        first, middle, last = marks[at], marks[at + 1], marks[at + 2]
        if _in_a_row(first, last) and middle.text == "$" and _could_be_stray(document, first, middle, last):
            tried += 1
            left, right = _inside(document, first, middle), _inside(document, middle, last)
            if katex.check([(left + right, False)])[0].kind == "ok":
                yield first, middle, last
                at += 2
        at += 1


def _in_a_row(first: Mark, last: Mark) -> bool:
    """Say whether both are single dollars of one block, near enough for one formula."""
    near = last.start - first.start <= delimiters.REACH
    return near and first.text == "$" == last.text and first.leaf is last.leaf


def _could_be_stray(document: Document, first: Mark, middle: Mark, last: Mark) -> bool:
    text = document.text
    if text[first.end].isspace() or text[last.start - 1].isspace():
        return False
    left, right = _inside(document, first, middle), _inside(document, middle, last)
    if not left or not right or not (left[-1].isspace() or right[0].isspace()) or left[0] in ".,;:!?)":
        return False
    if text[first.start - 1 : first.start].isdigit() or money.AMOUNT.match(right):
        return False
    if programs.FOLLOWS.match(text, last.end):
        return False
    if delimiters.has_words(left) or delimiters.has_words(right):
        return False
    return _reads_as_formula(document, first.end, last.start)


def spaced(document: Document) -> Sequence[tuple[int, int]]:
    """Return the spans of `$ x $`: formulas that only a space beside a dollar keeps from being read as such."""
    return document.once("spaced dollars", lambda document: list(_spaced(document, delimiters.leftovers(document))))


def _spaced(document: Document, marks: Sequence[Mark]) -> Iterator[tuple[int, int]]:
    taken = {mark for three in strays(document) for mark in three}
    at = 0
    while at + 1 < len(marks):
        first, last = marks[at], marks[at + 1]
        free = not taken or not (first in taken or last in taken)
        if free and _in_a_row(first, last) and _is_spaced(document, first, last):
            yield first.start, last.end
            at += 1
        at += 1


def _is_spaced(document: Document, first: Mark, last: Mark) -> bool:
    text = document.text
    shown = document.masked[first.end : last.start]  # without the marks of a quote
    if not shown or not (shown[0].isspace() or shown[-1].isspace()) or programs.FOLLOWS.match(text, last.end):
        return False
    tex = _inside(document, first, last)
    if shown.isspace() or programs.BEGINS.match(tex) or tex.startswith("<<"):
        return False
    if text[first.start - 1 : first.start].isdigit():
        return False
    if money.AMOUNT.match(tex) and (money.AMOUNT.match(text, last.end) or money.SUM.match(tex.strip())):
        return False
    return not _ends_pattern(document, first.start, tex) and _reads_as_formula(document, first.end, last.start)


def _inside(document: Document, first: Mark, last: Mark) -> str:
    """Return what stands between two marks, without the marks of quotes at the beginning of its lines."""
    inside = document.text[first.end : last.start]
    return _MARGINS.sub("\n", inside) if "\n" in inside else inside


def _ends_pattern(document: Document, dollar: int, rest: str) -> bool:
    return programs.is_pattern(rest, document.text[max(0, dollar - dollars.AROUND) : dollar])


def _reads_as_formula(document: Document, start: int, end: int) -> bool:
    masked, tex = document.masked[start:end], _MARGINS.sub("\n", document.text[start:end])
    if MATH in masked or CODE in masked or not delimiters.reads_as_formula(tex):
        return False
    return _SIGNS.search(tex) is not None or _is_mathematical(document)
