"""The import page: choose a file, see what it holds, then bring it in."""

import json
import uuid
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import FileResponse, HTMLResponse, Response

from server.models import User
from server.policy import Action, authorize
from server.projects import queries as projects
from server.tasks import intake, service, uploads
from server.tasks.importing import ImportResult
from server.web.deps import DB, CurrentUser, reads
from server.web.templating import fragment, page

router = APIRouter(prefix="/projects/{slug}/import")
SHOWN = 20


@router.get("")
def new(request: Request, slug: str, db: DB, user: CurrentUser) -> HTMLResponse:
    """The form that takes a file."""
    project = projects.get(db, user, slug)
    authorize(user, Action.IMPORT_TASKS, project)
    return page(request, "imports/new.html", project=project)


@router.post("/preview")
@reads
def preview(request: Request, slug: str, file: UploadFile, db: DB, user: CurrentUser) -> HTMLResponse:
    """What a file holds, before anything is written."""
    project = projects.get(db, user, slug)
    authorize(user, Action.IMPORT_TASKS, project)
    key = uploads.keep(user, iter(lambda: file.file.read(1 << 20), b""))
    good = 0
    bad: list[intake.Rejected] = []
    first: list[intake.TaskRow] = []
    with uploads.kept(user, key).open("rb") as lines:
        for row in intake.read(lines):
            if isinstance(row, intake.Rejected):
                bad.append(row)
                continue
            good += 1
            if len(first) < SHOWN:
                first.append(row)
    return fragment(
        request,
        "imports/_preview.html",
        project=project,
        key=key,
        file_name=file.filename or "",
        good=good,
        bad=bad[:SHOWN],
        bad_count=len(bad),
        rows=first,
    )


@router.post("/{key}")
def create(request: Request, slug: str, key: str, db: DB, user: CurrentUser) -> Response:
    """Bring a previewed file in."""
    project = projects.get(db, user, slug)
    path = uploads.kept(user, key)
    rejects = _Rejects(user)
    with path.open("rb") as lines:
        result = service.import_rows(db, user, project, intake.read(lines), on_reject=rejects.add)
    path.unlink(missing_ok=True)
    return fragment(request, "imports/_result.html", project=project, result=result, rejects=rejects.close(result))


@router.get("/rejects/{key}")
def show_rejects(slug: str, key: str, db: DB, user: CurrentUser) -> FileResponse:
    """The rows that were left out, with their reasons, as JSON lines."""
    authorize(user, Action.IMPORT_TASKS, projects.get(db, user, slug))
    return FileResponse(uploads.kept(user, key), filename="rejects.jsonl", media_type="application/jsonl")


class _Rejects:
    """The file of the rows that were left out; made with the first one."""

    def __init__(self, user: User) -> None:
        self.key = f"{user.id}.rejects-{uuid.uuid4()}"
        self.path: Path = uploads.folder() / self.key

    def add(self, row: intake.Rejected) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(reject_line(row))

    def close(self, result: ImportResult) -> str:
        return self.key if result.rejected_count else ""


def reject_line(row: intake.Rejected) -> str:
    """Return a rejected row as a line of the reject file."""
    content: dict[str, Any] = {"line": row.line, "reason": row.reason, "row": row.raw}
    return json.dumps(content, ensure_ascii=False) + "\n"
