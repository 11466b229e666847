"""Jobs by name: `drafts.generate` is the function `generate` of `server/drafts/jobs.py`, called with one key.

A job belongs to a row. The row is written first, in its own transaction; the durable engine is told after the commit,
and the worker's sweep starts whatever a crash kept from being told. So the row is the truth and nothing is lost.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from sqlalchemy import event
from sqlmodel import Session

DEFAULT = "default"


@dataclass(frozen=True)
class Job:
    """One call to make. `key` is the row's id, `turn` tells a later request from the first, `queue` sets the pace."""

    name: str
    key: str
    turn: int = 0
    queue: str = DEFAULT

    @property
    def id(self) -> str:
        """The workflow's id: enqueueing the same job twice starts it once."""
        return f"{self.name}:{self.key}:{self.turn}"


_fresh: deque[Job] = deque(maxlen=1_000)  # beyond that the sweep finds the rows by itself
_wake = threading.Event()
stopping = threading.Event()  # set while this process shuts down: a long job then puts its row back


def enqueue(db: Session, job: Job) -> None:
    """Start `job` once this session's transaction has committed; nothing happens if it rolls back."""
    after_commit(db, lambda: hand_over(job))


def after_commit(db: Session, action: Callable[[], None]) -> None:
    """Call `action` once, when the session's transaction has committed."""

    @event.listens_for(db, "after_commit", once=True)
    def _committed(_session: Session) -> None:
        action()


def hand_over(job: Job) -> None:
    """Give `job` to this process's worker. Without one, another process's sweep finds the row."""
    _fresh.append(job)
    _wake.set()


def handed_over() -> list[Job]:
    """Take the jobs handed over since the last call."""
    taken: list[Job] = []
    while _fresh:
        taken.append(_fresh.popleft())
    return taken


def wake() -> None:
    """Let the worker look around now."""
    _wake.set()


def wait(seconds: float) -> None:
    """Sleep until a job is handed over, or for `seconds`."""
    _wake.wait(seconds)
    _wake.clear()


def handler(name: str) -> Callable[[str], None]:
    """Return the function behind a job's name. Raises LookupError when there is none."""
    feature, _, verb = name.partition(".")
    try:
        found: Callable[[str], None] = getattr(import_module(f"server.{feature}.jobs"), verb)
    except (ImportError, AttributeError) as error:
        raise LookupError(f"no job is called {name}") from error
    return found
