"""Drafts beside the answer: their region on the desk, one draft, and the verbs."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlmodel import Session

from server import db as store
from server.drafts import forms, present, queries, service, stream
from server.errors import Invalid
from server.llm import endpoints
from server.models import Draft, Task, User
from server.policy import Action, can
from server.tasks import queries as tasks
from server.web import forms as web_forms
from server.web import languages
from server.web.deps import DB, CurrentUser, FormBody, UserApart
from server.web.templating import fragment, page, redirect

router = APIRouter()


@router.get("/tasks/{id}/drafts")
def index(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> HTMLResponse:
    """A task's drafts, A first."""
    return page(request, "drafts/index.html", block="drafts", **_panel(request, db, user, tasks.get(db, user, id)))


@router.post("/tasks/{id}/drafts")
def create(request: Request, id: uuid.UUID, form_data: FormBody, db: DB, user: CurrentUser) -> Response:
    """Ask models for drafts."""
    task = tasks.get(db, user, id)
    form, errors = web_forms.parse(forms.RequestForm, form_data)
    if form is None:
        return _ask(request, db, user, task, [], " ".join(errors.values()))
    try:
        new = service.request(db, user, task, form.models)
    except Invalid as error:
        return _ask(request, db, user, task, form.models, languages.sentence(request, error))
    return _region(request, db, user, task, new[0].id)


@router.get("/drafts/{id}")
def show(request: Request, id: uuid.UUID, db: DB, user: CurrentUser, view: str = "") -> HTMLResponse:
    """One draft, rendered or as its source (`view=raw`)."""
    return page(request, "drafts/show.html", block="draft", **_draft(db, user, queries.draft(db, user, id), view))


@router.get("/drafts/{id}/stream")
def follow(request: Request, id: uuid.UUID, user: UserApart, view: str = "") -> StreamingResponse:
    """A draft while it is being written, as server-sent events."""
    with store.reading() as session:
        queries.draft(session, user, id)
    return StreamingResponse(
        stream.follow(request, user, id, raw=view == "raw"),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post("/drafts/{id}/cancellation")
def cancel(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Stop a draft."""
    draft = service.cancel(db, user, queries.draft(db, user, id))
    return _one(request, db, user, draft)


@router.post("/drafts/{id}/regeneration")
def regenerate(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Ask the same model again."""
    draft = queries.draft(db, user, id)
    new = service.regenerate(db, user, draft)
    return _one(request, db, user, draft) if new is draft else _region(request, db, user, draft.task, new.id)


@router.post("/drafts/{id}/ratings")
def rate(request: Request, id: uuid.UUID, form_data: FormBody, db: DB, user: CurrentUser) -> Response:
    """Score a draft by one criterion of the rubric."""
    draft = queries.draft(db, user, id)
    form, errors = web_forms.parse(forms.RatingForm, form_data)
    if form is None:
        raise Invalid("{problems}", problems=" ".join(errors.values()))
    service.rate(db, user, draft, form.criterion, form.score)
    if not _is_htmx(request):
        return redirect(request, f"/tasks/{draft.task_id}", notice="Rated.")
    rubric = queries.guide_version(db, draft.task.project).content["rubric"]
    criterion = next(one for one in rubric if one["id"] == form.criterion)
    return fragment(request, "drafts/_rating.html", draft=draft, criterion=criterion, score=form.score)


def _panel(request: Request, db: Session, user: User, task: Task, opened: uuid.UUID | None = None) -> dict[str, Any]:
    panel = queries.panel(db, user, task)
    view = present.View(panel.blind, False, can(user, Action.REQUEST_DRAFT, task), can(user, Action.RATE_DRAFT, task))
    first = panel.drafts[0].id if panel.drafts else None
    known, problem = _known(request)
    return {
        "panel": panel,
        "view": view,
        "opened": opened or first,
        "endpoints": known,
        "chosen": [],
        "problem": problem,
        "said": present.said,
        "name": present.name,
        "tokens": present.tokens,
    }


def _draft(db: Session, user: User, draft: Draft, view: str = "") -> dict[str, Any]:
    task = draft.task
    return {
        "draft": draft,
        "task": task,
        "rubric": queries.guide_version(db, task.project).content.get("rubric", []),
        "scores": queries.scores(db, user, [draft.id]).get(draft.id, {}),
        "view": present.View(
            queries.is_blind(user, task.project),
            view == "raw",
            can(user, Action.REQUEST_DRAFT, task),
            can(user, Action.RATE_DRAFT, task),
        ),
        "said": present.said,
        "name": present.name,
        "tokens": present.tokens,
    }


def _known(request: Request) -> tuple[list[endpoints.Endpoint], str]:
    try:
        return endpoints.available(), ""
    except endpoints.EndpointError as error:
        return [], languages.sentence(request, error)


def _ask(request: Request, db: Session, user: User, task: Task, chosen: list[str], problem: str) -> Response:
    context = _panel(request, db, user, task) | {"chosen": chosen, "problem": problem}
    if _is_htmx(request):
        return fragment(request, "drafts/_ask.html", status=422, task=task, **context)
    return page(request, "drafts/index.html", status=422, **context)


def _region(request: Request, db: Session, user: User, task: Task, opened: uuid.UUID) -> Response:
    if not _is_htmx(request):
        return redirect(request, f"/tasks/{task.id}")
    return fragment(request, "drafts/_panel.html", status=202, **_panel(request, db, user, task, opened))


def _one(request: Request, db: Session, user: User, draft: Draft) -> Response:
    if not _is_htmx(request):
        return redirect(request, f"/tasks/{draft.task_id}")
    return fragment(request, "drafts/_draft.html", **_draft(db, user, draft))


def _is_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"
