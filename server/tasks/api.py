"""Tasks over HTTP: import, list, take the next."""

import uuid

from fastapi import APIRouter
from fastapi.responses import Response

from server.projects import queries as projects
from server.tasks import forms, intake, queries, service
from server.tasks.uploads import BodyFile
from server.web.deps import DB, CurrentUser

router = APIRouter(prefix="/api/v1", tags=["tasks"])


@router.post("/projects/{slug}/tasks")
def create(slug: str, body: BodyFile, db: DB, user: CurrentUser) -> forms.ImportRecord:
    """Import the body's JSON lines. Rows that are not right are left out and named; the rest is kept."""
    project = projects.get(db, user, slug)
    with body.open("rb") as lines:
        result = service.import_rows(db, user, project, intake.read(lines))
    return forms.ImportRecord.model_validate(result.as_json())


@router.get("/projects/{slug}/tasks")
def index(
    slug: str,
    db: DB,
    user: CurrentUser,
    cursor: str = "",
    limit: int = queries.PAGE,
    stage: str = "",
    tag: str = "",
    language: str = "",
) -> forms.TaskPageRecord:
    """List tasks in the order of their numbers, a page at a time."""
    project = projects.get(db, user, slug)
    filters = queries.Filters(stage=stage, tag=tag, language=language)
    found = queries.page(db, user, project, filters, cursor=cursor, limit=limit)
    return forms.TaskPageRecord(
        items=[forms.task_record(task) for task in found.items], next_cursor=found.next_cursor or None
    )


@router.post("/projects/{slug}/next-task", responses={204: {"description": "Nothing waits."}})
def next_task(slug: str, db: DB, user: CurrentUser) -> forms.TaskRecord:
    """Take the next task under a lease; 204 when none waits."""
    task = service.next_task(db, user, projects.get(db, user, slug))
    return forms.task_record(task) if task else Response(status_code=204)  # type: ignore[return-value]


@router.post("/tasks/{id}/lease")
def take(id: uuid.UUID, db: DB, user: CurrentUser) -> forms.TaskRecord:
    """Take a particular task."""
    return forms.task_record(service.take(db, user, queries.get(db, user, id)))
