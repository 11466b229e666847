"""How much of which draft survived in an answer: pure."""

from collections.abc import Mapping, Sequence

from server.answers import words

RUN = 4  # words in a row that make a loan; fewer are chance


def of(answer: str, drafts: Mapping[str, str]) -> dict[str, float]:
    """Return {draft id: share of the answer's words, 0 to 1 with three decimals}, for drafts that gave any.

    A word of the answer is lent when it stands in a run of four words (of the whole answer when that is shorter)
    that the draft has too, in the same order. It counts once, for the draft with the longest run over it; between
    equals, for the draft that gave more, and then for the first.
    """
    said = words.counted(answer)
    if not said:
        return {}
    runs = {key: _runs(said, words.counted(text)) for key, text in drafts.items()}
    order = sorted(runs, key=lambda key: -sum(length > 0 for length in runs[key]))
    given = dict.fromkeys(drafts, 0)
    for index in range(len(said)):
        best = max(order, key=lambda key: runs[key][index], default=None)
        if best is not None and runs[best][index]:
            given[best] += 1
    return {key: round(count / len(said), 3) for key, count in given.items() if count}


def _runs(said: Sequence[str], lent: Sequence[str]) -> list[int]:
    """Return for each word of `said` how long the run over it is that `lent` has too; 0 for none."""
    size = min(RUN, len(said))
    known = {tuple(lent[start : start + size]) for start in range(len(lent) - size + 1)}
    lengths = [0] * len(said)
    start = end = -1
    for index in range(len(said) - size + 1):
        if tuple(said[index : index + size]) not in known:
            continue
        if index > end:
            _mark(lengths, start, end)
            start = index
        end = index + size
    _mark(lengths, start, end)
    return lengths


def _mark(lengths: list[int], start: int, end: int) -> None:
    for index in range(max(start, 0), max(end, 0)):
        lengths[index] = end - start
