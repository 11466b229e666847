"""Drafts over HTTP."""

import uuid

from fastapi import APIRouter

from server.drafts import forms, present, queries, service
from server.models import Draft, User
from server.tasks import queries as tasks
from server.web.deps import DB, CurrentUser

router = APIRouter(prefix="/api/v1", tags=["drafts"])


@router.post("/tasks/{id}/drafts", status_code=202)
def create(id: uuid.UUID, form: forms.RequestForm, db: DB, user: CurrentUser) -> list[forms.DraftRecord]:
    """Ask models for drafts of a task. They are written afterwards: read each one until its state is over."""
    return [_record(user, draft) for draft in service.request(db, user, tasks.get(db, user, id), form.models)]


@router.get("/drafts/{id}")
def show(id: uuid.UUID, db: DB, user: CurrentUser) -> forms.DraftRecord:
    """Return a draft as far as it is written."""
    return _record(user, queries.draft(db, user, id))


@router.post("/drafts/{id}/cancellation")
def cancel(id: uuid.UUID, db: DB, user: CurrentUser) -> forms.DraftRecord:
    """Stop a draft; the text that came is kept. 409 when it is over."""
    return _record(user, service.cancel(db, user, queries.draft(db, user, id)))


@router.post("/drafts/{id}/regeneration", status_code=202)
def regenerate(id: uuid.UUID, db: DB, user: CurrentUser) -> forms.DraftRecord:
    """Ask the same model again: in place after a failure, as a new draft after a success."""
    return _record(user, service.regenerate(db, user, queries.draft(db, user, id)))


@router.put("/drafts/{id}/ratings")
def rate(id: uuid.UUID, form: forms.RatingForm, db: DB, user: CurrentUser) -> dict[str, int]:
    """Score a draft by one criterion of the rubric; return this reader's scores of it."""
    draft = queries.draft(db, user, id)
    service.rate(db, user, draft, form.criterion, form.score)
    return queries.scores(db, user, [draft.id])[draft.id]


def _record(user: User, draft: Draft) -> forms.DraftRecord:
    return present.as_record(draft, blind=queries.is_blind(user, draft.task.project))
