"""The export page of a project, and a release's own."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from sqlmodel import Session

from server.errors import Conflict, Invalid
from server.exports import folders, present, queries, service
from server.exports.downloads import send, send_all
from server.exports.forms import ReleaseForm
from server.exports.verify import verify_release
from server.models import User
from server.web import languages
from server.web.deps import DB, CurrentUser, FormBody, reads
from server.web.templating import page, redirect

router = APIRouter()


@router.get("/projects/{slug}/exports")
def index(request: Request, slug: str, db: DB, user: CurrentUser, before: uuid.UUID | None = None) -> Response:
    """List a project's releases, and offer the next one."""
    return page(request, "exports/index.html", block="releases", **_listing(db, user, slug, before=before))


@router.post("/projects/{slug}/exports")
@reads  # the verb writes in a short transaction of its own
def create(request: Request, slug: str, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Freeze the approved answers and go to the release."""
    form = ReleaseForm.model_construct(format=str(sent.get("format", "")), split=str(sent.get("split", "")))
    try:
        release, is_new = service.create(db, user, queries.project(db, user, slug), form)
    except (Invalid, Conflict) as error:
        errors = {getattr(error, "field", ""): languages.sentence(request, error)}
        listing = _listing(db, user, slug) | {"form": form, "errors": errors}
        return page(request, "exports/index.html", block="form", status=error.status, **listing)
    return redirect(
        request,
        f"/exports/{release.id}",
        notice="Exported." if is_new else "Nothing has changed since this export, so it is the same one.",
    )


@router.get("/exports/{id}")
def show(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Show what a release holds and where to fetch it."""
    return page(request, "exports/show.html", verdict=None, **_release(db, user, id))


@router.get("/exports/{id}/verification")
def verification(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Check every byte of a release's files."""
    shown = _release(db, user, id)
    verdict = verify_release(folders.folder(id))
    return page(request, "exports/show.html", block="verdict", verdict=verdict, **shown)


@router.get("/exports/{id}/files/{name}", response_class=FileResponse)
def download(id: uuid.UUID, name: str, db: DB, user: CurrentUser) -> FileResponse:
    """Send one file of a release."""
    return send(queries.get(db, user, id), name)


@router.get("/exports/{id}/archive")
def archive(id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Send all files of a release as one zip."""
    return send_all(queries.get(db, user, id))


def _listing(db: Session, user: User, slug: str, *, before: uuid.UUID | None = None) -> dict[str, Any]:
    project = queries.project(db, user, slug)
    found = queries.releases(db, user, project, before=before)
    return {
        "project": project,
        "releases": [present.release(one) for one in found[: queries.PAGE]],
        "older": found[queries.PAGE - 1].id if len(found) > queries.PAGE else None,
        "outlook": queries.outlook(db, user, project),
        "form": ReleaseForm(format="openai"),
        "errors": {},
    }


def _release(db: Session, user: User, id: uuid.UUID) -> dict[str, Any]:
    release = queries.get(db, user, id)
    shown = present.release(release)
    return {"release": shown, "sample": present.sample(shown), "project": queries.project_of(db, user, release)}
