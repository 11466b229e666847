"""The row that grows: what the job does to a draft. Each verb is one short transaction, none spans a model call.

A try is numbered (`attempt`). Only the newest one may write: one that was overtaken, cancelled or put back learns it
from its next `append` and stops.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from server.config import settings
from server.errors import AppError
from server.events import EventName, record
from server.llm import client, endpoints, prompts
from server.models import Draft, DraftState, now
from server.text import normalise

TEMPLATE = "drafts/answer"
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class Work:
    """One try at one draft: everything the model call needs, so that no session stays open."""

    draft_id: uuid.UUID
    attempt: int
    endpoint: endpoints.Endpoint
    messages: list[dict[str, str]]


def begin(db: Session, draft_id: uuid.UUID) -> Work | None:
    """Start a try: the text is cleared, the attempt counted. None when there is nothing to do or to be had."""
    draft = _locked(db, draft_id)
    if draft is None or draft.is_over:
        return None
    tries = draft.attempt - int(draft.extra.get("asked_at_attempt", 0))
    if tries >= MOST_ATTEMPTS:
        _fail(db, draft, AppError("This draft was interrupted {count} times and was given up.", count=tries))
        return None
    try:
        endpoint = endpoints.find(draft.endpoint)
    except endpoints.EndpointError as error:
        _fail(db, draft, error)
        return None
    draft.attempt += 1
    draft.state, draft.text, draft.error, draft.started_at = DraftState.RUNNING, "", "", now()
    draft.template, draft.template_sha256 = TEMPLATE, prompts.load(TEMPLATE).sha256
    draft.parameters, draft.model = endpoint.parameters(), endpoint.model
    draft.extra = draft.extra | {"small": endpoint.small}
    _say(draft, None)
    db.add(draft)
    messages = prompts.chat(TEMPLATE, draft.task.messages, language=draft.task.language)
    return Work(draft.id, draft.attempt, endpoint, messages)


def append(db: Session, work: Work, text: str, waiting: AppError | None = None) -> bool:
    """Keep the text so far, or why it waits. False: this try may not write any more."""
    draft = _mine(db, work)
    if draft is None:
        return False
    draft.text = text
    _say(draft, waiting)
    db.add(draft)
    return True


def finish(db: Session, work: Work, text: str, end: client.Finish) -> None:
    """Complete the draft with its text, usage, times and cost."""
    draft = _mine(db, work)
    if draft is None:
        return
    draft.text, draft.state, draft.finished_at = text, DraftState.DONE, now()
    draft.finish_reason, draft.usage = normalise(end.reason)[:40], dict(end.usage)
    draft.first_token_ms, draft.latency_ms = end.first_token_ms, end.latency_ms
    draft.cost = work.endpoint.cost(end.usage.get("prompt_tokens", 0), end.usage.get("completion_tokens", 0))
    _say(draft, None)
    db.add(draft)
    record(
        db,
        None,
        EventName.DRAFT_FINISHED,
        on=draft,
        project_id=draft.task.project_id,
        model=draft.model,
        usage=draft.usage,
        cost=draft.cost,
    )


def fail(db: Session, work: Work, error: AppError) -> None:
    """End the draft with a sentence; the text that came is kept."""
    draft = _mine(db, work)
    if draft is not None:
        _fail(db, draft, error)


def put_back(db: Session, draft_id: uuid.UUID, attempt: int) -> None:
    """Return a running draft to the queue: its process ends, or ended. It begins anew elsewhere."""
    draft = _locked(db, draft_id)
    if draft is not None and draft.state is DraftState.RUNNING and draft.attempt == attempt:
        draft.state = DraftState.QUEUED
        db.add(draft)


def silent(db: Session, since: timedelta) -> list[Draft]:
    """Return running drafts that began longer ago than `since`."""
    return list(
        db.exec(
            select(Draft)
            .where(Draft.state == DraftState.RUNNING, col(Draft.started_at) < now() - since)
            .order_by(col(Draft.created_at))
            .limit(200)
        )
    )


def queued(db: Session, limit: int) -> list[Draft]:
    """Return the drafts that wait, the oldest first."""
    query = select(Draft).where(Draft.state == DraftState.QUEUED).order_by(col(Draft.created_at), col(Draft.id))
    return list(db.exec(query.limit(limit)))


def fit(text: str) -> str:
    """Return what a model sent as it can be kept: halves of characters joined, no longer than an answer may be."""
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return normalise(joined)[: settings().max_text]


def _locked(db: Session, draft_id: uuid.UUID) -> Draft | None:
    return db.exec(select(Draft).where(Draft.id == draft_id).with_for_update()).first()


def _mine(db: Session, work: Work) -> Draft | None:
    draft = _locked(db, work.draft_id)
    if draft is None or draft.state is not DraftState.RUNNING or draft.attempt != work.attempt:
        return None
    return draft


def _fail(db: Session, draft: Draft, error: AppError) -> None:
    draft.state, draft.finished_at = DraftState.FAILED, now()
    draft.error = normalise(str(error))
    _say(draft, error)
    db.add(draft)
    record(
        db,
        None,
        EventName.DRAFT_FAILED,
        on=draft,
        project_id=draft.task.project_id,
        model=draft.model,
        error=draft.error,
    )


def _say(draft: Draft, error: AppError | None) -> None:
    """Keep the sentence in parts too, so that a page can show it in its reader's language."""
    said: dict[str, Any] = {k: v for k, v in draft.extra.items() if k != "sentence"}
    if error is not None:
        values = {key: normalise(str(value)) for key, value in error.values.items()}
        said["sentence"] = {"message": error.message, "values": values}
    if said != draft.extra:
        draft.extra = said
