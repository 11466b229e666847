"""The list of tasks, and taking, releasing and skipping one."""

import uuid
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from server.policy import Action, can
from server.projects import queries as projects
from server.tasks import queries, service
from server.web.deps import DB, CurrentUser, FormBody
from server.web.templating import page, redirect

router = APIRouter()


def filters_of(stage: str = "", tag: str = "", language: str = "", writer: str = "", text: str = "") -> queries.Filters:
    """Return what the address narrows a list to."""
    return queries.Filters(stage, tag, language, writer, text)


@router.get("/projects/{slug}/tasks")
def index(
    request: Request,
    slug: str,
    db: DB,
    user: CurrentUser,
    filters: Annotated[queries.Filters, Depends(filters_of)],
    cursor: str = "",
) -> HTMLResponse:
    """A project's tasks, filtered, a page at a time."""
    project = projects.get(db, user, slug)
    found = queries.page(db, user, project, filters, cursor=cursor)
    more = urlencode(filters.chosen | {"cursor": found.next_cursor})
    return page(
        request,
        "tasks/index.html",
        block="results",
        project=project,
        tasks=found.items,
        names=queries.writers(db, found.items),
        members=projects.members(db, project),
        has_tasks=bool(found.items) or queries.has_tasks(db, project),
        more=f"/projects/{slug}/tasks?{more}" if found.next_cursor else None,
        filters=filters,
        leads=can(user, Action.MANAGE_PROJECT, project) and can(user, Action.TAKE_TASK, project),
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
    """Give a task back, one's own or, as a lead, anyone's; what was written stays with it."""
    task = queries.get(db, user, id)
    service.release(db, user, task)
    return redirect(
        request, f"/projects/{task.project.slug}/tasks", notice="Given back. What was written stays with it."
    )


@router.post("/tasks/{id}/lease/skip")
def skip(request: Request, id: uuid.UUID, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Pass a task on, with a reason."""
    task = queries.get(db, user, id)
    service.skip(db, user, task, str(sent.get("reason", "")))
    return redirect(request, f"/projects/{task.project.slug}", notice="Passed on. It will not be offered to you again.")
