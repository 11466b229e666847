"""Tasks over HTTP: import, list, take, release, skip."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from server.projects import queries as projects
from server.tasks import forms, loading, queries, service
from server.tasks.routes import filters_of
from server.tasks.uploads import ReceivedBody
from server.web.deps import DB, CurrentUser
from server.web.slots import receives_slowly

router = APIRouter(prefix="/api/v1", tags=["tasks"])

JSON_LINES = {
    "requestBody": {
        "description": "One task a line, UTF-8; the fields are those of docs/import.md.",
        "required": True,
        "content": {"application/jsonl": {"schema": {"type": "string"}}},
    }
}


@router.post("/projects/{slug}/tasks", openapi_extra=JSON_LINES)
@receives_slowly
def create(request: Request, slug: str, body: ReceivedBody) -> forms.ImportRecord:
    """Import the body's JSON lines. Rows that are not right are left out and named; the rest is kept."""
    with body.path.open("rb") as file:
        return forms.import_record(request, loading.load(body.user, body.project, file))


@router.get("/projects/{slug}/tasks")
def index(
    slug: str,
    db: DB,
    user: CurrentUser,
    filters: Annotated[queries.Filters, Depends(filters_of)],
    cursor: str = "",
    limit: int = queries.PAGE,
) -> forms.TaskPageRecord:
    """List tasks in the order of their numbers, a page at a time."""
    found = queries.page(db, user, projects.get(db, user, slug), filters, cursor=cursor, limit=limit)
    items = [forms.task_record(task) for task in found.items]
    return forms.TaskPageRecord(items=items, next_cursor=found.next_cursor or None)


@router.post(
    "/projects/{slug}/next-task",
    response_model=forms.TaskRecord,
    responses={204: {"description": "Nothing waits for this writer."}},
)
def next_task(slug: str, db: DB, user: CurrentUser) -> forms.TaskRecord | Response:
    """Take the next task under a lease; 204 when none waits."""
    task = service.next_task(db, user, projects.get(db, user, slug))
    return forms.task_record(task) if task else Response(status_code=204)


@router.post("/tasks/{id}/lease")
def take(id: uuid.UUID, db: DB, user: CurrentUser) -> forms.TaskRecord:
    """Take a particular task. 409 while someone else holds it."""
    return forms.task_record(service.take(db, user, queries.get(db, user, id)))


@router.delete("/tasks/{id}/lease", status_code=204)
def release(id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Give a task back; what was written stays with it."""
    service.release(db, user, queries.get(db, user, id))
    return Response(status_code=204)


@router.post("/tasks/{id}/lease/skip", status_code=204)
def skip(id: uuid.UUID, form: forms.SkipForm, db: DB, user: CurrentUser) -> Response:
    """Pass a task on, with a reason; it is not offered to this writer again."""
    service.skip(db, user, queries.get(db, user, id), form.reason)
    return Response(status_code=204)
