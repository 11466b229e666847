"""Jobs on drafts: `generate` lets a model write one, and the sweeps that see that none is forgotten."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from server import db
from server.config import settings
from server.drafts import progress
from server.errors import AppError
from server.jobs import queue
from server.llm import client, endpoints
from server.models import Draft

log = structlog.get_logger()
GENERATE = "drafts.generate"
TICK_S = 0.25
LOOK_S = 1.0


@dataclass
class Growing:
    """What has come so far. `kept` is what the row holds already."""

    text: str = ""
    waiting: AppError | None = None
    end: client.Finish | None = None
    kept: tuple[str, AppError | None] = ("", None)
    looked: float = 0.0


def job(draft: Draft) -> queue.Job:
    """Return the job that writes this draft."""
    return queue.Job(GENERATE, str(draft.id), draft.attempt, _queue(draft.endpoint))


def waiting(limit: int) -> list[queue.Job]:
    """Return the jobs of the drafts that wait."""
    with db.reading() as session:
        return [job(draft) for draft in progress.queued(session, limit)]


def pick_up(is_alive: Callable[[str, str], bool]) -> None:
    """Put back drafts that say they run while no job runs them."""
    with db.reading() as session:
        running = [(draft.id, draft.attempt) for draft in progress.silent(session, timedelta(seconds=30))]
    for draft_id, attempt in running:
        if not is_alive(GENERATE, str(draft_id)):
            with db.unit_of_work() as session:
                progress.put_back(session, draft_id, attempt)


def paces() -> dict[str, int | None]:
    """Return a queue for every endpoint with a limit of its own, with its starts a minute."""
    try:
        known = endpoints.available()
    except endpoints.EndpointError as error:
        log.warning("models.yaml cannot be used", reason=str(error))
        return {}
    return {_name(one.name): one.requests_per_minute for one in known if one.requests_per_minute}


def _name(endpoint: str) -> str:
    return f"drafts-{endpoint}"


def _queue(endpoint: str) -> str:
    try:
        return _name(endpoint) if endpoints.find(endpoint).requests_per_minute else queue.DEFAULT
    except endpoints.EndpointError:
        return queue.DEFAULT


def generate(key: str) -> None:
    """Let the draft's model write it. Safe to call again: a draft that is over stays as it is."""
    with db.unit_of_work() as session:
        work = progress.begin(session, uuid.UUID(key))
    if work is not None:
        asyncio.run(_write(work))


async def _write(work: progress.Work) -> None:
    growing = Growing()
    listening = asyncio.create_task(_listen(work, growing))
    try:
        while not listening.done():
            await asyncio.wait({listening}, timeout=TICK_S)
            if queue.stopping.is_set():
                with db.unit_of_work() as session:
                    progress.put_back(session, work.draft_id, work.attempt)
                return
            if not listening.done() and not _keep(work, growing):
                return
        _close(work, growing, listening)
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def _listen(work: progress.Work, growing: Growing) -> None:
    """Collect what the model says. Raises ModelError when it cannot be had."""
    async for piece in client.stream(work.endpoint, work.messages):
        if isinstance(piece, client.Chunk):
            growing.text, growing.waiting = growing.text + piece.text, None
            if len(growing.text) > settings().max_text:
                raise client.ModelError(
                    "{name} wrote more than {count} characters and was stopped.",
                    name=work.endpoint.name,
                    count=settings().max_text,
                )
        elif isinstance(piece, client.Retry):
            growing.text, growing.waiting = "", piece.error
        else:
            growing.end = piece


def _keep(work: progress.Work, growing: Growing) -> bool:
    """Write what is new to the row, and look now and then whether the draft is still wanted."""
    now = asyncio.get_running_loop().time()
    fresh = (growing.text, growing.waiting)
    if fresh == growing.kept and now - growing.looked < LOOK_S:
        return True
    growing.kept, growing.looked = fresh, now
    with db.unit_of_work() as session:
        return progress.append(session, work, progress.fit(growing.text), growing.waiting)


def _close(work: progress.Work, growing: Growing, listening: "asyncio.Task[None]") -> None:
    text, error = progress.fit(growing.text), listening.exception()
    if error is None and growing.end is not None:
        with db.unit_of_work() as session:
            progress.finish(session, work, text, growing.end)
        return
    if not isinstance(error, AppError):
        log.error("a draft failed unexpectedly", draft=str(work.draft_id), error=repr(error))
        error = client.ModelError("Something unexpected stopped this draft.", retryable=True)
    with db.unit_of_work() as session:
        if progress.append(session, work, text):
            progress.fail(session, work, error)
