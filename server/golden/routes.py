"""The golden shelf."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from server.golden import queries
from server.reviews import queries as reviews
from server.web.deps import DB, CurrentUser
from server.web.templating import page

router = APIRouter()


@router.get("/projects/{slug}/golden")
def index(request: Request, slug: str, db: DB, user: CurrentUser, cursor: str = "") -> HTMLResponse:
    """The approved answers of a project."""
    project = reviews.project(db, user, slug)
    shelf = queries.shelf(db, user, project, cursor=cursor)
    return page(request, "golden/index.html", block="results", project=project, shelf=shelf)
