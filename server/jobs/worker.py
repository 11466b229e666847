"""The worker: runs jobs in this process, beside the server or alone as `goldsmith worker`.

Its one thread hands new jobs to the durable engine, sweeps up rows that were never handed over, says that it is
alive, and lets the living go on with what the dead were doing.
"""

import contextlib
import fcntl
import signal
import socket
import threading
import time
from datetime import timedelta
from importlib import import_module
from types import ModuleType
from typing import IO

import structlog
from sqlalchemy import update
from sqlmodel import col, select

from server import db
from server.config import settings
from server.jobs import engine, queue
from server.llm import local
from server.models import Heartbeat, now
from server.text import sha256

log = structlog.get_logger()
FEATURES = ("drafts",)  # those with a jobs.py
SWEEP_S, BEAT_S, SEARCH_S = 2.0, 10.0, 15.0
STALE = timedelta(seconds=45)
WINDOW = 200  # jobs a sweep hands over ahead of the work

_slot: IO[str] | None = None
_thread: threading.Thread | None = None
_executor = ""


def start() -> None:
    """Begin to work in the background. Does nothing when this process works already."""
    global _thread
    if _thread is not None:
        return
    queue.stopping.clear()
    _take_slot()
    _beat()
    engine.launch(_executor, db.database().url, _paces())
    _thread = threading.Thread(target=_work, name="jobs", daemon=True)
    _thread.start()


def stop() -> None:
    """Stop working: running jobs put their rows back, and the next worker starts them anew."""
    global _thread, _slot
    if _thread is None:
        return
    queue.stopping.set()
    queue.wake()
    _thread.join(timeout=10)
    _thread = None
    engine.wait_until_idle(5)
    engine.shut_down()
    local.stop()
    with contextlib.suppress(Exception), db.unit_of_work() as session:
        if row := session.get(Heartbeat, _executor):
            session.delete(row)
    if _slot is not None:
        _slot.close()
        _slot = None


def run() -> None:
    """Work until the process is told to end (`goldsmith worker`)."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: queue.stopping.set())
    start()
    try:
        while not queue.stopping.wait(3600):
            pass
    finally:
        stop()


def _take_slot() -> None:
    """Take the lowest free number on this machine and home: a name that is unique, and the same after a crash."""
    global _slot, _executor
    folder = settings().home / "workers"
    folder.mkdir(parents=True, exist_ok=True)
    place = f"{socket.gethostname()[:60]}-{sha256(str(settings().home.resolve()))[:8]}"
    for number in range(1000):
        file = (folder / f"{number}.lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            continue
        _slot, _executor = file, f"{place}-{number}"
        return
    raise RuntimeError("a thousand workers share this home folder already")


def _features() -> list[ModuleType]:
    return [import_module(f"server.{name}.jobs") for name in FEATURES]


def _paces() -> dict[str, int | None]:
    paces: dict[str, int | None] = {queue.DEFAULT: None}
    for feature in _features():
        paces |= feature.paces()
    return paces


def _work() -> None:
    told: set[str] = set()
    beaten = searched = 0.0
    while not queue.stopping.is_set():
        try:
            for job in queue.handed_over():
                engine.start(job)
                told.add(job.id)
            told = sweep(told)
            if time.monotonic() - beaten > BEAT_S:
                _beat()
                beaten = time.monotonic()
            if time.monotonic() - searched > SEARCH_S:
                take_over_the_dead()
                pick_up_the_stranded()
                searched = time.monotonic()
        except Exception:
            log.exception("the worker stumbled and goes on")
            queue.stopping.wait(SWEEP_S)
        queue.wait(SWEEP_S)


def sweep(told: set[str]) -> set[str]:
    """Start every waiting job not in `told`; return the ids of the waiting ones, all told by now."""
    waiting = {job.id: job for feature in _features() for job in feature.waiting(WINDOW)}
    for key, job in waiting.items():
        if key not in told:
            engine.start(job)
    return set(waiting)


def pick_up_the_stranded() -> None:
    """Let each feature put back the rows that say `running` while nothing runs them any more."""
    for feature in _features():
        feature.pick_up(engine.is_alive)


def take_over_the_dead() -> None:
    """Go on with the jobs of workers whose heart has stopped. Of several living workers one does it."""
    with db.reading() as session:
        silent = session.exec(
            select(Heartbeat).where(Heartbeat.beat_at < now() - STALE, Heartbeat.executor_id != _executor)
        ).all()
    for row in silent:
        with db.unit_of_work() as session:
            # whoever moves the beat first has it; should that one die too, the row grows stale again
            claim = (
                update(Heartbeat)
                .where(col(Heartbeat.executor_id) == row.executor_id, col(Heartbeat.beat_at) == row.beat_at)
                .values(beat_at=now())
            )
            if session.connection().execute(claim).rowcount != 1:
                continue
        count = engine.take_over(row.executor_id)
        log.warning("took over from a dead worker", executor=row.executor_id, jobs=count)
        with db.unit_of_work() as session:
            session.delete(session.get_one(Heartbeat, row.executor_id))


def _beat() -> None:
    with db.unit_of_work() as session:
        session.merge(Heartbeat(executor_id=_executor, beat_at=now()))
