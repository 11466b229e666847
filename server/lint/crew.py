"""Several processes at one kind of work: batches in, results out in the same order, a bounded number under way.

Processes are spawned, never forked: V8 does not survive a fork. Each has a pipe of its own and one batch at a time, so
it is known what a process that dies had in hand, and all end by themselves when this one is gone.
"""

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

AHEAD = 3
PATIENCE = 10.0
GRACE = 3.0
AGAIN = 0.02
LOOKS = 8  # results handed on between two looks at who has finished
T = TypeVar("T")
R = TypeVar("R")


class Died(Exception):
    """A process ended with a batch in hand; `how` is the signal or the exit status."""

    def __init__(self, batch: Sequence[Any], how: str) -> None:
        self.batch, self.how = batch, how
        super().__init__(how)


@dataclass(slots=True)
class _Batch(Generic[T, R]):
    items: Sequence[T]
    results: Sequence[R] | None = None
    death: str = ""


@dataclass(slots=True, eq=False)
class _Worker(Generic[T, R]):
    process: SpawnProcess
    pipe: Connection
    batch: _Batch[T, R] | None = None


class Crew(Generic[T, R]):
    """Processes that do `work` to batches; it is pickled once for each, and they are started when there is a batch."""

    def __init__(self, work: Callable[[Sequence[T]], Iterable[R]], jobs: int) -> None:
        self._work, self._jobs = work, jobs
        self._workers: list[_Worker[T, R]] = []
        self._waiting: deque[_Batch[T, R]] = deque()
        self._failed = False

    def results(self, batches: Iterator[Sequence[T]]) -> Generator[R, None, None]:
        """Yield what `work` makes of every item, in order. Closing this ends the processes. Raises Died."""
        try:
            while True:
                self._feed(batches)
                if not self._waiting:
                    break
                head = self._waiting[0]
                if head.death:
                    raise Died(head.items, head.death)
                if head.results is None:
                    self._collect(None)
                    continue
                self._waiting.popleft()
                for at, result in enumerate(head.results, 1):
                    yield result
                    if at % LOOKS == 0:
                        self._collect(0)
                        self._feed(batches)
            self._dismiss()
        finally:
            self._stop()

    def _feed(self, batches: Iterator[Sequence[T]]) -> None:
        """Give a batch to everyone who has none, as long as what is waited for does not lie too far back."""
        while not self._failed and len(self._waiting) < self._jobs * AHEAD:
            worker = next((each for each in self._workers if each.batch is None), None)
            if worker is None and len(self._workers) >= self._jobs:
                return
            items = next(batches, None)
            if items is None:
                return
            batch: _Batch[T, R] = _Batch(items)
            self._waiting.append(batch)
            self._hand(worker or self._hire(), batch)

    def _hire(self) -> _Worker[T, R]:
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=_serve, args=(theirs, self._work))
        with _uninterrupted():
            process.start()
        theirs.close()
        worker: _Worker[T, R] = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _hand(self, worker: _Worker[T, R], batch: _Batch[T, R]) -> None:
        worker.batch = batch
        try:
            worker.pipe.send(batch.items)
        except OSError:
            self._mourn(worker)

    def _collect(self, seconds: float | None) -> None:
        """Take what has been finished; wait for something where `seconds` is None."""
        busy = {each.pipe: each for each in self._workers if each.batch is not None}
        for pipe in wait(list(busy), seconds) if busy else ():
            worker = busy[pipe]  # type: ignore[index]
            try:
                results: Sequence[R] = worker.pipe.recv()
            except (EOFError, OSError):
                self._mourn(worker)
            else:
                assert worker.batch is not None
                worker.batch.results, worker.batch = results, None

    def _mourn(self, worker: _Worker[T, R]) -> None:
        self._failed = True
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.join(PATIENCE)
        code = worker.process.exitcode or 0
        assert worker.batch is not None
        worker.batch.death = signal.Signals(-code).name if code < 0 else f"exit status {code}"

    def _dismiss(self) -> None:
        """Let everyone go: a closed pipe is the end of the work."""
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(PATIENCE)

    def _stop(self) -> None:
        """End everyone, in the middle of their work where they are still at it."""
        end = time.monotonic() + GRACE
        for worker in self._workers:
            worker.process.terminate()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(max(0.0, end - time.monotonic()))
            if worker.process.exitcode is None:  # too deep in something to hear it
                worker.process.kill()
                worker.process.join(PATIENCE)
        self._workers.clear()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: they inherit what is blocked here, and end with this process."""
    resource_tracker.ensure_running()  # it would unblock what is blocked here
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, work: Callable[[Sequence[T]], Iterable[R]]) -> None:
    _end_when_told()
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    with suppress(EOFError, OSError):
        while True:
            items: Sequence[T] = pipe.recv()
            pipe.send(list(work(items)))


def _end_when_told() -> None:
    """End by SIGTERM as any program ends. Told in the middle of a finaliser, whose exceptions Python drops, be told
    again a moment later, and without a word."""

    def dropped(what: "sys.UnraisableHookArgs") -> None:
        if not isinstance(what.exc_value, SystemExit):
            sys.__unraisablehook__(what)
            return
        threading.Timer(AGAIN, os.kill, (os.getpid(), signal.SIGTERM)).start()

    sys.unraisablehook = dropped
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())


def _end_with(parent: BaseProcess) -> None:
    wait([parent.sentinel])
    os._exit(1)
