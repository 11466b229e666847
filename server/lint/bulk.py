"""Many texts: one after the other here, or in several processes, in order and with a bounded number under way."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, tee

from server.lint.crew import Crew, Died
from server.lint.diagnostic import Safety
from server.lint.document import LintContext
from server.lint.engine import Report, lint
from server.lint.fixes import apply_fixes
from server.lint.guide import Guide
from server.lint.registry import Tier
from server.lint.sources import Source

BATCH = 32
CHARACTERS = 100_000  # a batch ends with the text that reaches so many


class Unfinished(Exception):
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


def check(work: Work, source: Source) -> Checked:
    """Lint one text, mended first where asked."""
    return Checked(source, *_outcome(work, (source.text, source.context)))


def check_all(work: Work, sources: Iterable[Source], jobs: int = 1) -> Iterator[Checked]:
    """Yield the outcome of every source, in order. Raises Unfinished when a process died on some of them."""
    if jobs <= 1:
        yield from (check(work, source) for source in sources)
        return
    mine, theirs = tee(sources)
    crew = Crew(_Judge(work.guide.model_dump_json(exclude_unset=True), work.tiers, work.safeties), jobs)
    with closing(crew.results(_batches((each.text, each.context) for each in theirs))) as outcomes:
        try:
            for outcome in outcomes:
                yield Checked(next(mine), *outcome)
        except Died as error:
            raise Unfinished(_lost(list(islice(mine, len(error.batch))), error.how)) from error


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


def _outcome(work: Work, given: Text) -> Outcome:
    text, context = given
    if text is None:
        return None, 0, None
    count = 0
    if work.safeties:
        applied = apply_fixes(text, lambda each: lint(each, work.guide, context), work.safeties)
        text, count = applied.text, applied.count
    return text, count, lint(text, work.guide, context, tiers=work.tiers)


@dataclass(slots=True)
class _Judge:
    """What a process of the crew does to each text; the guide travels as JSON and is read once there."""

    guide: str
    tiers: tuple[Tier, ...]
    safeties: tuple[Safety, ...]
    work: Work | None = None

    def __call__(self, given: Text) -> Outcome:
        if self.work is None:
            self.work = Work(Guide.model_validate_json(self.guide), self.tiers, self.safeties)
        return _outcome(self.work, given)


def _lost(sources: Sequence[Source], how: str) -> str:
    first, last = _place(sources[0]), _place(sources[-1])
    if first == last:
        where = first
    elif sources[0].path == sources[-1].path:
        where = f"{sources[0].path}, rows {sources[0].row} to {sources[-1].row}"
    else:
        where = f"{first} to {last}"
    return f"{where}: the process that read this ended early ({how}); nothing from there on is told"


def _place(source: Source) -> str:
    return source.path if source.row is None else f"{source.path}, row {source.row}"
