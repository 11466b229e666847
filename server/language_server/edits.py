"""What changed between two texts, as few and as small edits as an editor needs to keep cursors and marks in place."""

from collections.abc import Iterator

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
