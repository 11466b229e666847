"""Sets of stretches of one text, asked whether a place lies in one: the cost does not grow with their number."""

from bisect import bisect_right
from collections.abc import Iterable

from server.lint.spans import Pair


class Stretches:
    """Half-open stretches, overlapping or not."""

    def __init__(self, spans: Iterable[Pair]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if start >= end:
                continue
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, index: object) -> bool:
        assert isinstance(index, int)
        at = bisect_right(self._starts, index) - 1
        return at >= 0 and index < self._ends[at]

    def hold(self, start: int, end: int) -> bool:
        """Say whether one of them holds all of `start:end`."""
        at = bisect_right(self._starts, start) - 1
        return at >= 0 and end <= self._ends[at]
