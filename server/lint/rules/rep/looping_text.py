"""REP101."""

import re
from collections.abc import Iterator, Sequence

from pydantic import Field

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.masks import MATH
from server.lint.registry import Options, rule

LOOPS = message("{percent} % of the answer repeats what it has said word for word, here the longest stretch.")
_TOKEN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_\u3400-\u4dbf\u4e00-\u9fff]+|[\ue000-\ue001]+")
SHORTEST = 40


class Limits(Options):
    """When repetition is too much."""

    size: int = Field(default=8, ge=3, le=50, description="How many words in a row count; of Chinese characters twice.")
    max_ratio: float = Field(default=0.15, ge=0, le=1, description="The share of repeated stretches that is too much.")


@rule(code="REP101", name="looping-text", level="warning", options=Limits)
def looping_text(document: Document, options: Limits) -> Iterator[Finding]:
    """The answer repeats itself.

    Counted are runs of eight words, or of sixteen Chinese characters, that stood there before, formulas taken as words.
    In one good answer in a hundred a seventh of them do; models that loop go far beyond.

    Bad:
        We add one to both sides of it. We add one to both sides of it. We add one to both sides of it. We add one to
        both sides of it. We add one to both sides of it. We add one to both sides of it.
    Good:
        We add one to both sides. We add one to both sides.
    """
    tokens = document.tokens
    size = options.size * (2 if document.han > document.words else 1)
    fewest = max(SHORTEST, size + 1)
    if len(tokens) < fewest or not _may_loop(tokens, size, options.max_ratio):
        return
    found = list(_TOKEN.finditer(_without_source(document.masked)))
    if len(found) < fewest:
        return
    words = [document.text[match.start() : match.end()].lower() for match in found]
    runs: list[tuple[str, ...]] = list(zip(*(words[at:] for at in range(size)), strict=False))
    ratio = 1 - len(set(runs)) / len(runs)
    if ratio > options.max_ratio:
        first, last = _longest(runs)
        start, end = found[first].start(), found[last + size - 1].end()
        yield Finding(start, end, LOOPS, {"percent": round(100 * ratio)})


def _longest(stretches: Sequence[tuple[str, ...]]) -> tuple[int, int]:
    """Return the first and the last index of the longest run of stretches that stood there before."""
    seen: set[tuple[str, ...]] = set()
    longest = run = best = 0
    for index, stretch in enumerate(stretches):
        run = run + 1 if stretch in seen else 0
        seen.add(stretch)
        if run > longest:
            longest, best = run, index
    return best - longest + 1, best


def _may_loop(tokens: Sequence[str], size: int, ratio: float) -> bool:
    """Say whether more than `ratio` of the stretches can have stood there before.

    A stretch that begins with three words not seen before is new, which settles it for most texts; and formulas are all
    one word here, so more seems repeated than is.
    """
    stretches = len(tokens) - size + 1
    for width in (min(3, size), size):
        new = len(set(zip(*(tokens[at:] for at in range(width)), strict=False)))
        if stretches + size - width - new <= ratio * stretches:
            return False
    return True


def _without_source(text: str) -> str:
    """Hide TeX environments without delimiters, and drawings: their lines resemble each other by nature."""
    start = text.find("\\begin{")
    while start >= 0 and (end := text.find("\\end{", start)) >= 0:
        text = text[:start] + MATH * (end - start) + text[end:]
        start = text.find("\\begin{", end)
    start = text.find("[asy]")
    if start >= 0 and (end := text.rfind("[/asy]")) > start:
        text = text[:start] + MATH * (end - start) + text[end:]
    return text
