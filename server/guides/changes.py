"""What differs between two texts, line by line, with a little of what stays the same around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import LCSseq

AROUND = 3


@dataclass(frozen=True)
class Change:
    """One line: `same`, `added` or `removed`; or a `gap` where unchanged lines are left out."""

    kind: Literal["same", "added", "removed", "gap"]
    text: str = ""


def between(before: str, after: str) -> list[Change]:
    """Return the lines of both texts in reading order; removed lines come before the added ones."""
    old, new = before.split("\n"), after.split("\n")
    changes: list[Change] = []
    at_old = at_new = 0
    for block in LCSseq.opcodes(old, new).as_matching_blocks():
        changes += (Change("removed", line) for line in old[at_old : block.a])
        changes += (Change("added", line) for line in new[at_new : block.b])
        changes += (Change("same", line) for line in old[block.a : block.a + block.size])
        at_old, at_new = block.a + block.size, block.b + block.size
    return list(_shortened(changes))


def _shortened(changes: list[Change]) -> Iterator[Change]:
    edited = [at for at, change in enumerate(changes) if change.kind != "same"]
    kept = {near for at in edited for near in range(at - AROUND, at + AROUND + 1)}
    in_gap = False
    for at, change in enumerate(changes):
        if at in kept:
            yield change
        elif not in_gap:
            yield Change("gap")
        in_gap = at not in kept
