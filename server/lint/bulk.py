"""Many texts: one batch after the other here, or in several processes; in order, a bounded number under way."""

import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice, tee

from server.lint import katex, registry
from server.lint.crew import Crew, Died
from server.lint.diagnostic import Safety, message
from server.lint.document import LintContext
from server.lint.engine import Batch, Report, lint
from server.lint.fixes import apply_fixes
from server.lint.guide import Guide
from server.lint.registry import Tier
from server.lint.sources import ROW, Source
from server.lint.voice import Complaint, Saying

BATCH = 32  # texts
CHARACTERS = 100_000  # a batch ends with the text that reaches so many
VERDICTS = 10_000
TIDY = 100  # batches after which V8 tidies up
ENDED = message("{where}: the process that read this ended early ({how}); nothing from there on is told")
ROWS = message("{path}, rows {first} to {last}")
TO = message("{first} to {last}")


class Unfinished(Complaint):
    """A process died on some texts; the sentence names them. What came before them has been told, nothing after."""


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


Text = tuple[str | None, LintContext]
Outcome = tuple[str | None, int, Report | None]


def check_all(work: Work, sources: Iterable[Source], jobs: int = 1) -> Iterator[Checked]:
    """Yield the outcome of every source, in order. Raises Unfinished when a process died on some of them."""
    mine, theirs = tee(sources)
    batches = _batches((each.text, each.context) for each in theirs)
    judge = Judge(work.guide.model_dump_json(exclude_unset=True), work.tiers, work.safeties)
    if jobs <= 1:
        judge.work = work
        yield from (Checked(next(mine), *outcome) for outcome in judge.each(batches))
        return
    with closing(Crew(judge, jobs).results(batches)) as outcomes:
        try:
            for outcome in outcomes:
                yield Checked(next(mine), *outcome)
        except Died as error:
            where = _stretch(list(islice(mine, len(error.batch))))
            raise Unfinished(ENDED, where=where, how=error.how) from error


def _batches(texts: Iterable[Text]) -> Iterator[list[Text]]:
    """Yield texts by the batch: some, or fewer long ones."""
    batch: list[Text] = []
    size = 0
    for each in texts:
        batch.append(each)
        size += len(each[0] or "") + len(each[1].prompt)
        if len(batch) >= BATCH or size >= CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@dataclass(slots=True)
class Judge:
    """What is done to a batch; to a process of its own the guide travels as JSON, and is read once there."""

    guide: str
    tiers: tuple[Tier, ...]
    safeties: tuple[Safety, ...]
    work: Work | None = None
    batches: int = 0

    def __call__(self, batch: Sequence[Text]) -> Iterator[Outcome]:
        """Yield the outcome of each text of a batch: mended where asked, its report, nothing where there is no text."""
        return self.each([batch])

    def each(self, batches: Iterable[Sequence[Text]]) -> Iterator[Outcome]:
        """Yield the outcomes of some batches; V8 judges the formulas of one while the one before it is reported on."""
        reading: _Reading | None = None
        with ThreadPoolExecutor(1, "ahead") as ahead:
            for batch in batches:
                before, reading = reading, self._read(batch, ahead)
                if before is not None:
                    yield from before.outcomes()
            if reading is not None:
                yield from reading.outcomes()

    def _read(self, batch: Sequence[Text], ahead: Executor) -> "_Reading":
        if self.work is None:
            self.work = Work(Guide.model_validate_json(self.guide), self.tiers, self.safeties)
        if self.batches == 0:
            settle()
        self.batches += 1
        if self.batches % TIDY == 0:
            katex.tidy()
        mended = [_mended(self.work, *each) for each in batch]
        texts = [(text, context) for (text, _), (_, context) in zip(mended, batch, strict=True) if text is not None]
        read = Batch(texts, self.work.guide, self.tiers)
        return _Reading(mended, read, ahead.submit(read.judge))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A batch on its way: its texts and how many fixes were made in each, and when its formulas are judged."""

    mended: Sequence[tuple[str | None, int]]
    batch: Batch
    judged: Future[None]

    def outcomes(self) -> Iterator[Outcome]:
        self.judged.result()
        reports = self.batch.reports()
        for text, count in self.mended:
            yield text, count, None if text is None else next(reports)


def _mended(work: Work, text: str | None, context: LintContext) -> tuple[str | None, int]:
    if text is None or not work.safeties:
        return text, 0
    look = partial(lint, guide=work.guide, context=context, most=sys.maxsize)
    applied = apply_fixes(text, look, work.safeties)
    return applied.text, applied.count


def settle() -> None:
    """Load what the first text would wait for, tell the garbage collector to leave it alone, and keep memory flat."""
    katex.remember(VERDICTS)
    registry.rules()
    katex.version()
    gc.collect()
    gc.freeze()


def _stretch(sources: Sequence[Source]) -> Saying | str:
    first, last = sources[0], sources[-1]
    if (first.path, first.row) == (last.path, last.row):
        return _place(first)
    if first.path == last.path:
        return Saying(ROWS, {"path": first.path, "first": first.row, "last": last.row})
    return Saying(TO, {"first": _place(first), "last": _place(last)})


def _place(source: Source) -> Saying | str:
    return source.path if source.row is None else Saying(ROW, {"path": source.path, "row": source.row})
