"""Releases over HTTP: the same verb and the same sight as the pages."""

import uuid
from datetime import datetime

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel

from server.exports import queries, service
from server.exports.downloads import send
from server.exports.forms import ReleaseForm
from server.exports.manifest import FILE, Manifest
from server.models import Release
from server.web.deps import DB, CurrentUser, reads

router = APIRouter(prefix="/api/v1", tags=["exports"])


class Download(BaseModel):
    """A file of a release; `sha256` is null for the manifest, which carries its own."""

    name: str
    url: str
    sha256: str | None


class ReleaseRecord(BaseModel):
    """A release: its manifest and where to fetch its files. `is_new` is false when the same content existed before."""

    id: uuid.UUID
    created_at: datetime
    is_new: bool
    manifest: Manifest
    files: list[Download]


@router.post("/projects/{slug}/exports", status_code=201)
@reads  # the verb writes in a short transaction of its own
def create(slug: str, form: ReleaseForm, db: DB, user: CurrentUser, response: Response) -> ReleaseRecord:
    """Freeze the approved answers of a project. The same content again gives the release it gave before."""
    release, is_new = service.create(db, user, queries.project(db, user, slug), form)
    response.headers["Location"] = f"/api/v1/exports/{release.id}"
    return _shown(release, is_new=is_new)


@router.get("/exports/{id}")
def show(id: uuid.UUID, db: DB, user: CurrentUser) -> ReleaseRecord:
    """Return a release's manifest and download links."""
    return _shown(queries.get(db, user, id), is_new=False)


@router.get("/exports/{id}/files/{name}", response_class=FileResponse)
def download(id: uuid.UUID, name: str, db: DB, user: CurrentUser) -> FileResponse:
    """Send one file of a release."""
    return send(queries.get(db, user, id), name)


def _shown(release: Release, *, is_new: bool) -> ReleaseRecord:
    made = Manifest.model_validate(release.manifest)
    where = f"/api/v1/exports/{release.id}/files/"
    files = [Download(name=file.name, url=where + file.name, sha256=file.sha256) for file in made.files]
    files.append(Download(name=FILE, url=where + FILE, sha256=None))
    return ReleaseRecord(id=release.id, created_at=release.created_at, is_new=is_new, manifest=made, files=files)
