"""REP101."""

from collections.abc import Iterator, Sequence

from pydantic import Field

from server.lint.diagnostic import Finding, message
from server.lint.document import TOKEN, Document
from server.lint.masks import MATH
from server.lint.registry import Options, rule

LOOPS = message("{percent} % of the answer repeats what it has said word for word, here the longest stretch.")
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
    size = options.size * (2 if document.is_mostly_han else 1)
    fewest = max(SHORTEST, size + 1)
    if len(tokens) < fewest or not _may_loop(tokens, size, options.max_ratio):
        return
    found = list(TOKEN.finditer(_without_source(document.masked)))
    if len(found) < fewest:
        return
    words = [document.text[match.start() : match.end()].lower() for match in found]
    repeated, first, last = _repetition(words, size)
    ratio = repeated / (len(words) - size + 1)
    if ratio > options.max_ratio:
        start, end = found[first].start(), found[last + size - 1].end()
        yield Finding(start, end, LOOPS, {"percent": round(100 * ratio)})


def _repetition(words: Sequence[str], size: int) -> tuple[int, int, int]:
    """Return how many stretches stood there before, and the first and last index of the longest run of them."""
    seen: dict[tuple[str, ...], int] = {}
    repeated = longest = run = best = 0
    for index, stretch in enumerate(zip(*(words[at:] for at in range(size)), strict=False)):
        if seen.setdefault(stretch, index) == index:
            run = 0
            continue
        repeated, run = repeated + 1, run + 1
        if run > longest:
            longest, best = run, index
    return repeated, best - longest + 1, best


def _may_loop(tokens: Sequence[str], size: int, ratio: float) -> bool:
    """Say whether more than `ratio` of the stretches can have stood there before.

    A stretch that begins with three words not seen before is new, which settles it for most texts; and formulas are all
    one word here, so more seems repeated than is.
    """
    stretches = len(tokens) - size + 1
    new = len(set(zip(tokens, tokens[1:], tokens[2:], strict=False)))
    return stretches + size - 3 - new > ratio * stretches


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
