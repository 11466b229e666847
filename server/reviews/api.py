"""Versions and reviews over HTTP."""

import uuid

from fastapi import APIRouter

from server.answers import queries as answers
from server.reviews import forms, queries, service
from server.tasks import queries as tasks
from server.web.deps import DB, CurrentUser

router = APIRouter(prefix="/api/v1", tags=["reviews"])


@router.get("/tasks/{id}/versions")
def index(id: uuid.UUID, db: DB, user: CurrentUser) -> forms.VersionPage:
    """Return every version of a task's answer, oldest first, with its reviews."""
    versions = answers.versions(db, tasks.get(db, user, id))
    given = queries.by_version(queries.reviews(db, versions))
    return forms.VersionPage(items=[forms.reviewed_version(v, given.get(v.id, [])) for v in versions])


@router.get("/versions/{id}")
def show(id: uuid.UUID, db: DB, user: CurrentUser) -> forms.ReviewedVersion:
    """Return one version with its lint report, waivers and reviews."""
    version = answers.version(db, user, id)
    return forms.reviewed_version(version, queries.reviews(db, [version])[::-1])


@router.post("/versions/{id}/reviews", status_code=201)
def create(id: uuid.UUID, form: forms.ReviewForm, db: DB, user: CurrentUser) -> forms.ReviewRecord:
    """Give a verdict. 409 when the version was replaced, reviewed or withdrawn meanwhile."""
    return forms.review_record(service.submit(db, user, answers.version(db, user, id), form))
