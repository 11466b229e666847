"""How much of which draft survived in an answer: pure."""

from collections.abc import Mapping, Sequence, Set
from functools import lru_cache

from server.answers import words

RUN = 4  # words in a row that make a loan; fewer are chance
LIVE = 12_000  # characters; a longer answer is counted when it is submitted, not at every pause


def of(answer: str, drafts: Mapping[str, str]) -> dict[str, float]:
    """Return {draft id: share of the answer's words, 0 to 1 with three decimals}, for drafts that gave any.

    A word of the answer is lent when it stands in a run of four words (of the whole answer when that is shorter)
    that the draft has too, in the same order. It counts once, for the draft with the longest run over it; between
    equals, for the draft that gave more, and then for the first.
    """
    said = words.counted(answer)
    if not said:
        return {}
    size = min(RUN, len(said))
    spoken = list(zip(*(said[start:] for start in range(size)), strict=False))
    runs = {key: _runs(spoken, _known(text, size), size) for key, text in drafts.items()}
    order = sorted(runs, key=lambda key: -sum(length > 0 for length in runs[key]))
    given = dict.fromkeys(drafts, 0)
    for lengths in zip(*(runs[key] for key in order), strict=True):
        longest = max(lengths)
        if longest:
            given[order[lengths.index(longest)]] += 1
    return {key: round(count / len(said), 3) for key, count in given.items() if count}


def live(answer: str, drafts: Mapping[str, str]) -> dict[str, float]:
    """Return `of`, as long as it costs a millisecond or two; {} for an answer that is longer."""
    return of(answer, drafts) if len(answer) <= LIVE else {}


def _runs(spoken: Sequence[tuple[str, ...]], known: Set[tuple[str, ...]], size: int) -> list[int]:
    """Return for each word of an answer how long the run over it is that a draft has too; 0 for none."""
    lengths = [0] * (len(spoken) + size - 1)
    start = end = -1
    for index, run in enumerate(spoken):
        if run not in known:
            continue
        if index > end:
            _mark(lengths, start, end)
            start = index
        end = index + size
    _mark(lengths, start, end)
    return lengths


@lru_cache(maxsize=64)
def _known(draft: str, size: int) -> frozenset[tuple[str, ...]]:
    """Return every run of `size` words of a draft; a draft stays while its answer is typed, so it is cut once."""
    lent = words.counted(draft)
    return frozenset(tuple(lent[start : start + size]) for start in range(len(lent) - size + 1))


def _mark(lengths: list[int], start: int, end: int) -> None:
    for index in range(max(start, 0), max(end, 0)):
        lengths[index] = end - start
