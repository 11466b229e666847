"""The import page: choose a file, see what it holds, then bring it in."""

import uuid
from itertools import islice
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.datastructures import UploadFile

from server.errors import Conflict, Invalid, NotFound, TooLarge
from server.models import Project, User
from server.tasks import intake, loading, uploads
from server.tasks.uploads import Upload
from server.web import languages
from server.web.deps import FormBody, UserApart
from server.web.templating import page, redirect

router = APIRouter(prefix="/projects/{slug}/import")
SHOWN = 20
LONGEST_SHOWN = 2_000


@router.get("")
def new(request: Request, slug: str, user: UserApart) -> HTMLResponse:
    """The form that takes a file."""
    return page(request, "imports/new.html", project=uploads.importable(user, slug), errors={})


@router.post("")
def create(request: Request, slug: str, sent: FormBody, user: UserApart) -> Response:
    """Keep the file and look inside; nothing is written to the project yet."""
    project = uploads.importable(user, slug)
    file = sent.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise Invalid("Choose a file first.")
        upload = uploads.keep(user, project, file.filename, iter(lambda: file.file.read(1 << 20), b""))
        upload.preview = _run(user, project, upload, dry_run=True) | {"rows": _first_rows(upload)}
        upload.remember()
    except (Invalid, TooLarge) as error:
        errors = {"file": languages.sentence(request, error)}
        return page(request, "imports/new.html", status=error.status, project=project, errors=errors)
    return redirect(request, f"/projects/{slug}/import/{upload.id}")


@router.get("/{id}")
def show(request: Request, slug: str, id: uuid.UUID, user: UserApart) -> HTMLResponse:
    """What the file holds, and after its import what became of it."""
    project = uploads.importable(user, slug)
    upload = uploads.find(user, project, id)
    found = upload.result or upload.preview
    rejected = [(line, languages.sentence(request, Invalid(said, **values))) for line, said, values in found["first"]]
    return page(request, "imports/show.html", project=project, upload=upload, found=found, rejected=rejected)


@router.post("/{id}")
def confirm(request: Request, slug: str, id: uuid.UUID, user: UserApart) -> Response:
    """Bring the file in."""
    project = uploads.importable(user, slug)
    upload = uploads.find(user, project, id)
    if not upload.result:
        if not upload.path.is_file():
            raise Conflict("That file is not here any more. Choose it again.")
        upload.result = _run(user, project, upload)
        upload.remember()
        upload.path.unlink(missing_ok=True)
    return redirect(request, f"/projects/{slug}/import/{id}")


@router.get("/{id}/rejects", response_class=FileResponse)
def rejects(slug: str, id: uuid.UUID, user: UserApart) -> FileResponse:
    """The rows that were left out, with their reasons, as JSON lines."""
    upload = uploads.find(user, uploads.importable(user, slug), id)
    if not upload.rejects.is_file():
        raise NotFound("No row of this file was left out.")
    return FileResponse(upload.rejects, filename="rejects.jsonl", media_type="application/jsonl")


def _run(user: User, project: Project, upload: Upload, *, dry_run: bool = False) -> dict[str, Any]:
    """Import the file, or only look; return the counts and the first rows that were left out."""
    total = dict.fromkeys(("imported", "updated", "unchanged", "rejected"), 0)
    first: list[tuple[int, str, dict[str, Any]]] = []
    with upload.path.open("rb") as file, upload.rejects.open("w", encoding="utf-8") as rejected:
        for part in loading.load(user, project, file, dry_run=dry_run):
            total = {name: count + part.counts()[name] for name, count in total.items()}
            first += [(row.line, row.error.message, row.error.values) for row in part.rejected[: SHOWN - len(first)]]
            rejected.writelines(row.as_line() for row in part.rejected)
    if not total["rejected"]:
        upload.rejects.unlink()
    return total | {"first": first}


def _first_rows(upload: Upload) -> list[dict[str, Any]]:
    """Return the first tasks of the file, as the preview shows them."""
    with upload.path.open("rb") as file:
        rows = (row for row in intake.read(intake.lines_of(file)) if isinstance(row, intake.TaskRow))
        return [_shown(row) for row in islice(rows, SHOWN)]


def _shown(row: intake.TaskRow) -> dict[str, Any]:
    return {
        "line": row.line,
        "prompt": row.prompt[:LONGEST_SHOWN],
        "turns": len(row.messages),
        "language": row.language,
        "reference": row.reference_answer or "",
        "drafts": len(row.drafts),
        "tags": row.tags,
        "priority": row.priority,
        "due": row.due_at.date().isoformat() if row.due_at else "",
    }
