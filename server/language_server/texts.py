"""A text open in an editor, and lint keeping up with it.

Every change starts a round over the newest version: a pause in typing, the first tier, and a moment later both. A
round that is overtaken is dropped, so nothing is ever shown of a text that is no longer there.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from lsprotocol import types

from server import lint
from server.language_server.late import Late
from server.language_server.positions import Positions, meet
from server.lint.registry import Tier
from server.text import message

PAUSE = 0.15  # seconds without a keystroke before lint reads
AT_MOST = 1.0  # seconds of unbroken typing after which it reads all the same
TOO_LONG = message("This text has {count} characters; at most {limit} fit.")
log = logging.getLogger(__name__)

Findings = tuple[lint.Diagnostic, ...]


@dataclass(slots=True, eq=False)
class Version:
    """One version of a text and what lint says of it: None before it was read.

    The lines of `places.text` end in `\\n`; `line_end` is what ends them in the editor. `hurry` ends the pause before
    lint, `read` says that the first tier has spoken, or never will.
    """

    number: int
    places: Positions
    line_end: str
    guide: lint.Guide
    findings: Findings | None = None
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    read: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def text(self) -> str:
        return self.places.text

    def at(self, place: types.Position | types.Range) -> list[lint.Diagnostic]:
        """Return the findings that share a character with a place, or touch it; one without width is all its line's."""
        wanted = types.Range(place, place) if isinstance(place, types.Position) else place
        return [each for each in self.findings or () if meet(self._reach(each), wanted)]

    def _reach(self, finding: lint.Diagnostic) -> types.Range:
        found = self.places.range(*finding.span.codepoints)
        return self.places.line(found.start.line) if found.start == found.end else found


class Workers:
    """Threads for each tier, so that the slow one never stands before the quick one; none is the event loop's.

    Texts of more than `limit` characters are not read.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._first = ThreadPoolExecutor(2, "lint")
        self._both = ThreadPoolExecutor(1, "lint-late")

    async def first(self, version: Version) -> Findings:
        """Return what the first tier says of a version."""
        return await self._lint(self._first, version, lint.BOTH[:1])

    async def both(self, version: Version) -> Findings:
        """Return what both tiers say of a version."""
        return await self._lint(self._both, version, lint.BOTH)

    async def _lint(self, pool: ThreadPoolExecutor, version: Version, tiers: Sequence[Tier]) -> Findings:
        if len(version.text) > self.limit:
            return (_too_long(version, self.limit),)
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(pool, lambda: lint.lint(version.text, version.guide, tiers=tiers))
        return (await work).diagnostics

    def close(self) -> None:
        """Take no more work."""
        for pool in (self._first, self._both):
            pool.shutdown(wait=False, cancel_futures=True)


def _too_long(version: Version, limit: int) -> lint.Diagnostic:
    rule = lint.rules()["SUP900"]
    filled = {"count": f"{len(version.text):,}", "limit": f"{limit:,}"}
    return lint.Diagnostic(
        rule.code, rule.name, rule.level, TOO_LONG, filled, version.places.map.span(0, 0), 1, 1, (), "too-long"
    )


class OpenText:
    """An open text. `newest` is its newest version; `show` is told of it whenever more is known."""

    def __init__(self, version: Version, workers: Workers, show: Callable[[Version], None]) -> None:
        self._workers = workers
        self._show = show
        self._late = Late()
        self._behind_since: float | None = None
        version.hurry.set()
        self._begin(version)

    def change(self, version: Version) -> None:
        """Take a newer version, or the same one to be read again."""
        self.stop()
        self._begin(version)

    def stop(self) -> None:
        """End the round that is going on."""
        self._round.cancel()

    async def read(self) -> Version:
        """Return the newest version as the first tier read it, without waiting for a pause in typing."""
        while True:
            version = self.newest
            version.hurry.set()
            await version.read.wait()
            if version is self.newest:
                return version

    def _begin(self, version: Version) -> None:
        self.newest = version
        self._round = asyncio.create_task(self._keep_up(version))
        self._round.add_done_callback(lambda _: version.read.set())

    async def _keep_up(self, version: Version) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(version.hurry.wait(), self._pause())
        try:
            first = await self._workers.first(version)
            self._tell(version, _merged(first, self._late.standing(version.places.map)))
            both = await self._workers.both(version)
            self._late = Late(version.text, tuple(_beyond(first, both)))
            self._tell(version, both)
        except Exception:  # a failure is said in the editor's log; the next change is another try
            log.exception("lint failed")

    def _pause(self) -> float:
        now = asyncio.get_running_loop().time()
        if self._behind_since is None:
            self._behind_since = now
        return min(PAUSE, max(0.0, self._behind_since + AT_MOST - now))

    def _tell(self, version: Version, findings: Findings) -> None:
        """Show what is new; where the second tier only agrees nothing moves."""
        self._behind_since = None
        if findings != version.findings:
            version.findings = findings
            self._show(version)
        version.read.set()


def _beyond(known: Iterable[lint.Diagnostic], findings: Iterable[lint.Diagnostic]) -> Iterator[lint.Diagnostic]:
    """Yield the findings that are not known yet."""
    keys = {(item.code, item.span, item.template) for item in known}
    return (item for item in findings if (item.code, item.span, item.template) not in keys)


def _merged(first: Findings, late: Iterable[lint.Diagnostic]) -> Findings:
    """Return both in the order of a report."""
    both = [*first, *_beyond(first, late)]
    return tuple(sorted(both, key=lambda item: (*item.span.codepoints, item.code)))
