"""The list of tasks, and taking, releasing and skipping one."""

import uuid
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from server.projects import queries as projects
from server.tasks import queries, service
from server.web.deps import DB, CurrentUser, FormBody
from server.web.templating import page, redirect

router = APIRouter()


@router.get("/projects/{slug}/tasks")
def index(
    request: Request,
    slug: str,
    db: DB,
    user: CurrentUser,
    cursor: str = "",
    stage: str = "",
    tag: str = "",
    language: str = "",
    writer: str = "",
    text: str = "",
) -> HTMLResponse:
    """A project's tasks, filtered, a page at a time."""
    project = projects.get(db, user, slug)
    filters = queries.Filters(stage, tag.strip(), language, writer.strip(), text.strip())
    found = queries.page(db, user, project, filters, cursor=cursor)
    more = urlencode({k: v for k, v in vars(filters).items() if v} | {"cursor": found.next_cursor})
    return page(
        request,
        "tasks/index.html",
        block="results",
        project=project,
        tasks=found.items,
        writers=queries.writers(db, found.items),
        more=f"/projects/{slug}/tasks?{more}" if found.next_cursor else None,
        is_first=not cursor,
        filters=filters,
    )


@router.post("/projects/{slug}/next-task")
def next_task(request: Request, slug: str, db: DB, user: CurrentUser) -> Response:
    """Take the next task and open it."""
    task = service.next_task(db, user, projects.get(db, user, slug))
    if task is None:
        return redirect(request, f"/projects/{slug}", notice="Nothing waits for you here now.")
    return redirect(request, f"/tasks/{task.id}")


@router.post("/tasks/{id}/lease")
def take(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Take a particular task."""
    task = service.take(db, user, queries.get(db, user, id))
    return redirect(request, f"/tasks/{task.id}")


@router.post("/tasks/{id}/lease/release")
def release(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Give a task back with what was written kept."""
    task = queries.get(db, user, id)
    service.release(db, user, task)
    return redirect(request, f"/projects/{task.project.slug}", notice="Given back. What you wrote is kept with it.")


@router.post("/tasks/{id}/lease/skip")
def skip(request: Request, id: uuid.UUID, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Pass a task on, with a reason."""
    task = queries.get(db, user, id)
    service.skip(db, user, task, str(sent.get("reason", "")))
    return redirect(request, f"/projects/{task.project.slug}", notice="Passed on. It will not be offered to you again.")
