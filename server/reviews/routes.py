"""Pages of reviewers, and of a version's readers."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session
from starlette.datastructures import FormData

from server import i18n
from server.errors import Invalid
from server.models import User
from server.reviews import forms, queries, service, views
from server.tasks import queries as tasks
from server.web import forms as web_forms
from server.web import languages
from server.web.deps import DB, CurrentUser, FormBody
from server.web.templating import page, redirect

router = APIRouter()


@router.get("/reviews")
def index(request: Request, db: DB, user: CurrentUser, cursor: str = "") -> HTMLResponse:
    """Everything that waits for this reviewer, oldest first."""
    queue = queries.queue(db, user, cursor=cursor)
    return page(
        request, "reviews/index.html", block="results", queue=queue, project=None, reviews_here=_reviews_somewhere(user)
    )


@router.get("/reviews/next")
def show_next(request: Request, db: DB, user: CurrentUser) -> Response:
    """Go to what has waited longest."""
    version = queries.next_waiting(db, user)
    return redirect(request, f"/versions/{version.id}" if version else "/reviews")


@router.get("/projects/{slug}/reviews")
def index_of_project(request: Request, slug: str, db: DB, user: CurrentUser, cursor: str = "") -> HTMLResponse:
    """What waits for this reviewer in one project."""
    project = queries.project(db, user, slug)
    queue = queries.queue(db, user, project=project, cursor=cursor)
    reviews_here = bool(user.roles_in(project.id) & queries.REVIEWING)
    return page(request, "reviews/index.html", block="results", queue=queue, project=project, reviews_here=reviews_here)


@router.get("/versions/{id}")
def show(
    request: Request, id: uuid.UUID, db: DB, user: CurrentUser, view: str = "rendered", against: str = ""
) -> HTMLResponse:
    """One version: its text, what changed, what lint said, and the reviewer's form."""
    reading = queries.reading(db, user, id)
    return page(request, "versions/show.html", block="text", **_show(request, db, user, reading, view, against))


@router.post("/versions/{id}/reviews")
def create(request: Request, id: uuid.UUID, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Give a verdict; a form that is not right comes back with its words kept."""
    reading = queries.reading(db, user, id)
    data = _sent(sent)
    form, errors = web_forms.parse(forms.ReviewForm, data)
    if form is not None:
        try:
            service.submit(db, user, reading.version, form)
        except Invalid as error:
            errors = {error.field: languages.sentence(request, error)}
        else:
            return redirect(request, f"/versions/{id}")
    context = _show(request, db, user, reading, "rendered", "") | {"data": data, "errors": errors}
    return page(request, "versions/show.html", block="form", status=422, **context)


@router.get("/tasks/{id}/versions")
def history(
    request: Request,
    id: uuid.UUID,
    db: DB,
    user: CurrentUser,
    older: Annotated[int | None, Query(alias="from")] = None,
    newer: Annotated[int | None, Query(alias="to")] = None,
    view: str = "words",
) -> HTMLResponse:
    """A task's versions, any two of them compared."""
    task = tasks.get(db, user, id)
    reading = queries.history(db, user, task)
    with i18n.speaking(languages.of(request)):
        context = views.history(user, reading, older, newer, view) if reading else {}
    return page(request, "versions/index.html", block="comparison", task=task, reading=reading, **context)


def _show(
    request: Request, db: Session, user: User, reading: queries.Reading, view: str, against: str
) -> dict[str, Any]:
    with i18n.speaking(languages.of(request)):
        context = views.show(request, user, reading, view, against)
    waiting = 0 if context["reviewable"] else queries.waiting_count(db, user)
    return context | {"data": {"ratings": {}, "comment": ""}, "errors": {}, "waiting": waiting}


def _sent(sent: FormData) -> dict[str, Any]:
    ratings = {key.removeprefix("rating-"): _score(value) for key, value in sent.items() if key.startswith("rating-")}
    return {"verdict": sent.get("verdict"), "ratings": ratings, "comment": str(sent.get("comment", ""))}


def _score(value: Any) -> Any:
    return int(value) if str(value).isdecimal() and len(value) < 10 else value


def _reviews_somewhere(user: User) -> bool:
    return any(membership.role in queries.REVIEWING for membership in user.memberships)
