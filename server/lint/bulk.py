"""Many texts: one after the other here, or in several processes, in order and with a bounded number under way.

Processes are spawned, never forked: V8 does not survive a fork.
"""

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice

from server.lint.diagnostic import Safety
from server.lint.engine import Report, lint
from server.lint.fixes import apply_fixes
from server.lint.guide import Guide
from server.lint.registry import Tier
from server.lint.sources import Source

BATCH = 32
AHEAD = 3


@dataclass(frozen=True, slots=True)
class Work:
    """What is done to each text: under which guide, in which tiers, and which fixes are made first."""

    guide: Guide
    tiers: tuple[Tier, ...] = ("first",)
    safeties: tuple[Safety, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A source, its text after fixes, how many were made, and the report on it; all empty where there was no text."""

    source: Source
    text: str | None = None
    fixes: int = 0
    report: Report | None = None


def check(work: Work, source: Source) -> Checked:
    """Lint one text, mended first where asked."""
    if source.text is None:
        return Checked(source)
    text, count = source.text, 0
    if work.safeties:
        applied = apply_fixes(text, lambda each: lint(each, work.guide, source.context), work.safeties)
        text, count = applied.text, applied.count
    return Checked(source, text, count, lint(text, work.guide, source.context, tiers=work.tiers))


def check_all(work: Work, sources: Iterable[Source], jobs: int = 1) -> Iterator[Checked]:
    """Yield the outcome of every source, in order."""
    if jobs <= 1:
        yield from (check(work, source) for source in sources)
        return
    settings = (work.guide.model_dump_json(exclude_unset=True), work.tiers, work.safeties)
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=spawn, initializer=_start, initargs=settings) as pool:
        yield from _in_order(pool, iter(sources), jobs * AHEAD)


def _in_order(pool: ProcessPoolExecutor, sources: Iterator[Source], most: int) -> Iterator[Checked]:
    waiting: deque[Future[list[Checked]]] = deque()
    while batch := list(islice(sources, BATCH)):
        waiting.append(pool.submit(_check_batch, batch))
        if len(waiting) >= most:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


_work: Work | None = None


def _start(guide: str, tiers: tuple[Tier, ...], safeties: tuple[Safety, ...]) -> None:
    global _work
    _work = Work(Guide.model_validate_json(guide), tiers, safeties)


def _check_batch(sources: Sequence[Source]) -> list[Checked]:
    assert _work is not None
    return [check(_work, source) for source in sources]
