"""What changed between two texts, as few and as small edits as an editor needs to keep cursors and marks in place."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from rapidfuzz.distance import Indel

Edit = tuple[int, int, str]


def shared_start(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common; found by halving, as slices compare fast."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def shared_end(one: str, other: str) -> int:
    """Return how many characters two texts end with in common."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def changed(old: str, new: str) -> Edit | None:
    """Return the one edit that turns `old` into `new`, without what they share at either end; None when equal."""
    if old == new:
        return None
    start = shared_start(old, new)
    end = shared_end(old[start:], new[start:])
    return start, len(old) - end, new[start : len(new) - end]


def between(old: str, new: str) -> Iterator[Edit]:
    """Yield the edits that turn `old` into `new`, in order and apart: one for each stretch of lines that differ."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    at, reached = 0, 0
    for block in Indel.editops(before, after).as_matching_blocks():
        gone, come = "".join(before[at : block.a]), "".join(after[reached : block.b])
        if edit := changed(gone, come):
            yield starts[at] + edit[0], starts[at] + edit[1], edit[2]
        at, reached = block.a + block.size, block.b + block.size


class Moves:
    """Where the stretches of an old text stand in a new one."""

    def __init__(self, old: str, new: str) -> None:
        self._new = new
        self._edits = [*between(old, new)]
        self._ends = [end for _, end, _ in self._edits]
        self._by = [0, *accumulate(len(words) - (end - start) for start, end, words in self._edits)]

    def of(self, start: int, end: int) -> int | None:
        """Return how far `start:end` moved; None where it was touched, or grew letters at an edge."""
        passed = bisect_right(self._ends, start)
        by, following = self._by[passed], self._edits[passed : passed + 1]
        if following and following[0][0] < end:
            return None
        edges = []
        if passed and self._ends[passed - 1] == start:
            edges.append(start + by - 1)
        if following and following[0][0] == end:
            edges.append(end + by)
        return None if any(self._new[edge : edge + 1].isalnum() for edge in edges if edge >= 0) else by
