"""Many texts: one after the other here, or in several processes, in order and with a bounded number under way.

Processes are spawned, never forked: V8 does not survive a fork.
"""

import gc
import multiprocessing
import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from server.lint import katex, registry
from server.lint.diagnostic import Safety
from server.lint.engine import Report, lint, lint_all
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


def check(work: Work, sources: Sequence[Source]) -> Iterator[Checked]:
    """Lint a few texts, mended first where asked."""
    mended = [_mended(work, source) for source in sources]
    texts = [(each.text, each.source.context) for each in mended if each.text is not None]
    reports = lint_all(texts, work.guide, tiers=work.tiers)
    for each in mended:
        yield each if each.text is None else replace(each, report=next(reports))


def _mended(work: Work, source: Source) -> Checked:
    if source.text is None or not work.safeties:
        return Checked(source, source.text)
    look = partial(lint, guide=work.guide, context=source.context, most=sys.maxsize)
    applied = apply_fixes(source.text, look, work.safeties)
    return Checked(source, applied.text, applied.count)


def check_all(work: Work, sources: Iterable[Source], jobs: int = 1) -> Iterator[Checked]:
    """Yield the outcome of every source, in order."""
    if jobs <= 1:
        settle()
        rest = iter(sources)
        while batch := list(islice(rest, BATCH)):
            yield from check(work, batch)
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
    settle()


def settle() -> None:
    """Load what the first text would wait for, and tell the garbage collector to leave it alone."""
    registry.rules()
    katex.version()
    gc.collect()
    gc.freeze()


def _check_batch(sources: Sequence[Source]) -> list[Checked]:
    assert _work is not None
    return list(check(_work, sources))
