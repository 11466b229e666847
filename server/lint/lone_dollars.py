"""What a single dollar sign that pairs with nothing was meant to be: the edge of a formula, money or a program's."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from server.lint import delimiters, dollars, katex, money, programs
from server.lint.delimiters import Mark
from server.lint.document import Document
from server.lint.masks import CODE, MATH
from server.lint.money import HAN

TRIED = 50  # of a text so many stray dollars are tried out
_AFTER = re.compile(
    rf"(?:\\[A-Za-z]+|\\.|[ \t]+(?![A-Za-z]{{2}}|[{HAN}])(?=[^\s$])|(?<![A-Za-z])[A-Za-z]{{1,4}}(?![A-Za-z])"
    rf"|[^\s\\$`A-Za-z{HAN}])*"
)
_BOUNDARY = re.compile(rf"(?<![\\A-Za-z])[A-Za-z]{{2,}}[,.;:]?[ \t]+|[{HAN}][ \t]*|[\n$]")
_TEX = re.compile(r"\\[A-Za-z]{2,}|\\[{}|]|\^(?=[\w{\\(*'])|(?<![A-Za-z]{2})_(?=[\w{\\])|_\{")
_RELATION = re.compile(r"[({\[|]*-?\d*[A-Za-z](?:(?![=<>≤≥]).)*[=<>≤≥][ \t]*[^\s$]")
_RELATED = re.compile(r"[A-Za-z)\]](?:(?![=<>≤≥]).)*[=<>≤≥]")
_CLOSES = re.compile(r"(?:\\[A-Za-z]+|[\^_](?:\w|\{[^{}$]*\})|\})[^$\n]{0,12}\Z")
_NUMBER_LAST = re.compile(r"[=<>≤≥]\s*[\d.,]+\Z")
_VARIABLE_LAST = re.compile(r"(?<![A-Za-z])[A-Za-z](?:\([A-Za-z\d,]*\))?\s*[=<>≤≥]\s*[\d.,]+\Z")
_POWER = re.compile(r"\^\d+")
_SIGNS = re.compile(r"\\[A-Za-z{}|]|[\^_=<>+*/|'(\[]|\A\s*-?\d*[A-Za-z]{1,4}\s*\Z")
_NAME = re.compile(r"[A-Za-z]{4}")


def opens(document: Document, mark: Mark) -> bool:
    """Say whether what follows a dollar sign reads as a formula that is never closed."""
    rest = document.text[mark.end : min(mark.leaf.end, mark.end + delimiters.REACH)]
    found = _AFTER.match(rest.lstrip(" \t"))
    words = found.group().rstrip(" \t,.;:!?") if found else ""
    if not words:
        return False
    before = document.text[mark.start - 1 : mark.start] if mark.start else ""
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
    return not plain and _is_mathematical(document)


def closes(document: Document, mark: Mark) -> bool:
    """Say whether what stands before a dollar sign reads as a formula that was never opened."""
    rest = document.text[mark.end : mark.end + dollars.AROUND]
    if programs.FOLLOWS.match(rest) or _ends_pattern(document, mark.start, rest):
        return False
    text = document.masked[max(mark.leaf.start, mark.start - 80) : mark.start]
    first = max(text.rfind("$"), text.rfind("\n")) + 1  # a boundary as well: what stands before it need not be read
    edge = max((match.end() for match in _BOUNDARY.finditer(text, first)), default=first)
    tail = document.text[mark.start - len(text) + edge : mark.start]
    if _CLOSES.search(text, text.rfind("$") + 1) or (_TEX.search(tail) and tail[0] != "^"):
        return True
    if not tail or tail[-1].isspace() or money.SUM.match(tail):
        return False
    if _RELATED.search(tail) and (_VARIABLE_LAST.search(tail) or not _NUMBER_LAST.search(tail)):
        return True
    return not (_NAME.match(tail) or money.CURRENCY.match(tail)) and _is_mathematical(document)


def claimed(document: Document) -> list[tuple[int, int]]:
    """Return the stretches that may belong to delimiters left over, in order and apart: what DLM001 and DLM005 tell."""
    marks = list(delimiters.leftovers(document))
    found = list(spaced(document, marks))
    paired = {place for start, end in found for place in (start, end - 1)}
    for mark in marks:
        start, end = mark.start, mark.end
        if start in paired:
            continue
        if mark.text in ("\\(", "\\[", "$$") or (mark.text == "$" and opens(document, mark)):
            end = mark.leaf.end
        if mark.text in ("\\)", "\\]", "$$") or (mark.text == "$" and end == mark.end and closes(document, mark)):
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


def strays(document: Document, marks: Sequence[Mark]) -> Iterator[tuple[Mark, Mark, Mark]]:
    """Yield three dollar signs in a row of which the middle one stands inside a formula: `$x $ + y$`."""
    at = tried = 0
    while at + 2 < len(marks) and tried < TRIED:
        first, middle, last = marks[at : at + 3]
        if _in_a_row(first, middle, last) and _could_be_stray(document, first, middle, last):
            tried += 1
            left, right = document.text[first.end : middle.start], document.text[middle.end : last.start]
            if katex.check([(left + right, False)])[0].kind == "ok":
                yield first, middle, last
                at += 2
        at += 1


def _in_a_row(*marks: Mark) -> bool:
    return all(mark.text == "$" and mark.leaf is marks[0].leaf for mark in marks)


def _could_be_stray(document: Document, first: Mark, middle: Mark, last: Mark) -> bool:
    left, right = document.text[first.end : middle.start], document.text[middle.end : last.start]
    if (
        last.start - first.start > delimiters.REACH
        or left[:1].strip() == ""
        or right[-1:].strip() == ""
        or not (left[-1:].isspace() or right[:1].isspace())
    ):
        return False
    if left[0] in ".,;:!?)" or programs.FOLLOWS.match(document.text, last.end) or money.AMOUNT.match(right):
        return False
    if delimiters.has_words(left) or delimiters.has_words(right):
        return False
    return _reads_as_formula(document, first.end, last.start)


def spaced(document: Document, marks: Sequence[Mark]) -> Iterator[tuple[int, int]]:
    """Yield the spans of `$ x $`: formulas that only a space beside a dollar keeps from being read as such."""
    taken = {mark for three in strays(document, marks) for mark in three}
    at = 0
    while at + 1 < len(marks):
        first, last = marks[at : at + 2]
        if _in_a_row(first, last) and not taken & {first, last} and _is_spaced(document, first, last):
            yield first.start, last.end
            at += 1
        at += 1


def _is_spaced(document: Document, first: Mark, last: Mark) -> bool:
    text, tex = document.text, document.text[first.end : last.start]
    if last.start - first.start > delimiters.REACH:
        return False
    shown = document.masked[first.end : last.start]  # without the marks of a quote
    if (
        shown == shown.strip()
        or not shown.strip()
        or programs.BEGINS.match(tex)
        or programs.FOLLOWS.match(text, last.end)
    ):
        return False
    if text[first.start - 1 : first.start].isdigit() or text.startswith("<<", last.end) or tex.startswith("<<"):
        return False
    if money.AMOUNT.match(tex) and (money.AMOUNT.match(text, last.end) or money.SUM.match(tex.strip())):
        return False
    return not _ends_pattern(document, first.start, tex) and _reads_as_formula(document, first.end, last.start)


def _ends_pattern(document: Document, dollar: int, rest: str) -> bool:
    return programs.is_pattern(rest, document.text[max(0, dollar - dollars.AROUND) : dollar])


def _reads_as_formula(document: Document, start: int, end: int) -> bool:
    masked, tex = document.masked[start:end], document.text[start:end]
    if MATH in masked or CODE in masked or not delimiters.reads_as_formula(tex):
        return False
    return _SIGNS.search(tex) is not None or _is_mathematical(document)
