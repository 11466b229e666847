"""Verbs on drafts: request, cancel, regenerate, rate. What the job writes is in progress.py."""

import random
import uuid
from typing import Any

from sqlmodel import Session, col, func, select

from server.drafts import jobs, queries
from server.errors import Conflict, Invalid
from server.events import EventName, record
from server.jobs import queue
from server.llm import endpoints
from server.models import Draft, DraftState, Rating, Stage, Task, User, now
from server.policy import Action, authorize


def request(db: Session, user: User, task: Task, models: list[str]) -> list[Draft]:
    """Add a queued draft for each named endpoint; the job starts after the commit.

    Raises Invalid for a name that is not an endpoint, or one whose key is missing.
    """
    authorize(user, Action.REQUEST_DRAFT, task)
    if task.stage is Stage.REJECTED:
        raise Conflict("This task was rejected; it needs no more drafts.")
    chosen = [_ready(name) for name in dict.fromkeys(models)]
    if not chosen:
        raise Invalid("Choose at least one model.", field="models")
    if task.project.blind_drafts:
        random.SystemRandom().shuffle(chosen)  # the order of the tabs must not tell the names
    first = _next_position(db, task.id)
    return [_add(db, user, task, endpoint, first + index) for index, endpoint in enumerate(chosen)]


def cancel(db: Session, user: User, draft: Draft) -> Draft:
    """Stop a draft that waits or grows; the text that came is kept. Raises Conflict when it is over."""
    authorize(user, Action.REQUEST_DRAFT, draft)
    db.refresh(draft, with_for_update=True)
    if draft.is_over:
        raise Conflict("Draft {label} is finished already.", label=draft.label)
    draft.state, draft.finished_at = DraftState.CANCELLED, now()
    db.add(draft)
    record(db, user, EventName.DRAFT_CANCELLED, on=draft, project_id=draft.task.project_id)
    return draft


def regenerate(db: Session, user: User, draft: Draft) -> Draft:
    """Ask the same model again, and return the draft that will hold the answer.

    A draft that failed or was cancelled is written anew in its place. One that is done stays, with its ratings, and
    the new answer becomes a draft of its own. Raises Conflict while it is being written, or when it was imported.
    """
    authorize(user, Action.REQUEST_DRAFT, draft)
    db.refresh(draft, with_for_update=True)
    if not draft.is_over:
        raise Conflict("Draft {label} is still being written.", label=draft.label)
    if draft.imported:
        raise Conflict("Draft {label} was imported, so it cannot be asked for again.", label=draft.label)
    endpoint = _ready(draft.endpoint)
    if draft.state is DraftState.DONE:
        return _add(db, user, draft.task, endpoint, _next_position(db, draft.task_id))
    draft.state, draft.text, draft.error, draft.finished_at = DraftState.QUEUED, "", "", None
    draft.requested_by, draft.extra = user.id, {"asked_at_attempt": draft.attempt}
    return _queue(db, user, draft)


def rate(db: Session, user: User, draft: Draft, criterion: str, score: int) -> Rating:
    """Score a finished draft by the project's rubric; the newest score of a rater counts.

    Raises Invalid for a criterion or a score the rubric does not have, Conflict while the draft is not done.
    """
    authorize(user, Action.RATE_DRAFT, draft)
    if draft.state is not DraftState.DONE:
        raise Conflict("Draft {label} is not finished, so it cannot be rated yet.", label=draft.label)
    version = queries.guide_version(db, draft.task.project)
    rubric: dict[str, Any] = {one["id"]: one for one in version.content.get("rubric", [])}
    if criterion not in rubric:
        names = ", ".join(rubric) or "–"
        raise Invalid("The guide has no criterion {name}. It has: {names}.", name=criterion, names=names)
    values = [point["value"] for point in rubric[criterion]["scale"]]
    if score not in values:
        raise Invalid(
            "{title} is scored from {low} to {high}.",
            title=rubric[criterion]["title"],
            low=min(values),
            high=max(values),
        )
    rating = Rating(draft_id=draft.id, rater_id=user.id, guide_version_id=version.id, criterion=criterion, score=score)
    db.add(rating)
    record(
        db, user, EventName.DRAFT_RATED, on=draft, project_id=draft.task.project_id, criterion=criterion, score=score
    )
    return rating


def _ready(name: str) -> endpoints.Endpoint:
    endpoint = endpoints.find(name)
    if endpoint.needs_key:
        raise Invalid(
            "{name} has no key. Set {variable} where Goldsmith runs.",
            field="models",
            name=name,
            variable=endpoint.api_key_env,
        )
    return endpoint


def _next_position(db: Session, task_id: uuid.UUID) -> int:
    db.exec(select(Task.id).where(Task.id == task_id).with_for_update()).one()  # two requests must not take the same
    last = db.exec(select(func.max(col(Draft.position))).where(Draft.task_id == task_id)).one()
    return 0 if last is None else last + 1


def _add(db: Session, user: User, task: Task, endpoint: endpoints.Endpoint, position: int) -> Draft:
    draft = Draft(
        task_id=task.id, position=position, model=endpoint.model, endpoint=endpoint.name, requested_by=user.id
    )
    draft.task = task
    return _queue(db, user, draft)


def _queue(db: Session, user: User, draft: Draft) -> Draft:
    db.add(draft)
    db.flush()
    record(
        db,
        user,
        EventName.DRAFT_REQUESTED,
        on=draft,
        project_id=draft.task.project_id,
        endpoint=draft.endpoint,
        model=draft.model,
    )
    queue.enqueue(db, jobs.job(draft))
    return draft
