"""The first page, and the page of a project."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from server.home import queries
from server.projects import queries as projects
from server.web.deps import DB, CurrentUser
from server.web.templating import page

router = APIRouter()


@router.get("/")
def index(request: Request, db: DB, user: CurrentUser) -> HTMLResponse:
    """My work: what was sent back, what is on my desk, what comes next, what waits for my review."""
    return page(request, "home/index.html", work=queries.work(db, user))


@router.get("/projects/{slug}")
def show(request: Request, slug: str, db: DB, user: CurrentUser) -> HTMLResponse:
    """A project: how far it is, what happened lately, where to go."""
    project = projects.get(db, user, slug)
    return page(
        request,
        "home/show.html",
        project=project,
        guide=projects.guide(db, project),
        line=queries.line(db, user, project),
        deeds=queries.deeds(db, project),
    )
