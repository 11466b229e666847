"""Files on their way in: written to the home folder as they come, looked at, then imported and removed."""

import json
import time
import uuid
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from server import db
from server.config import settings
from server.errors import NotFound, TooLarge
from server.models import Project, User
from server.policy import Action, authorize
from server.projects import queries as projects
from server.web.deps import UserApart
from server.web.slots import slot

KEPT_SECONDS = 7 * 24 * 3600


@dataclass(frozen=True)
class Body:
    """A request's body as a file, whose sender may import it into `project`."""

    user: User
    project: Project
    path: Path


@dataclass
class Upload:
    """A file chosen in the browser. `preview` says what it holds, `result` what became of it."""

    id: uuid.UUID
    user_id: str
    project_id: str
    name: str
    preview: dict[str, Any] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        return folder() / f"{self.id}.jsonl"

    @property
    def rejects(self) -> Path:
        return folder() / f"{self.id}.rejects.jsonl"

    def remember(self) -> None:
        """Keep what is known of it beside it."""
        known = {name: value for name, value in vars(self).items() if name != "id"}
        (folder() / f"{self.id}.json").write_text(json.dumps(known), "utf-8")


def folder() -> Path:
    """Return the folder of files on their way in."""
    path = settings().home / "uploads"
    path.mkdir(parents=True, exist_ok=True)
    return path


def importable(user: User, slug: str) -> Project:
    """Return the project this person may import into. Raises NotFound or Forbidden."""
    with db.reading() as session:
        project = projects.get(session, user, slug)
        authorize(user, Action.IMPORT_TASKS, project)
        return project


async def receive(request: Request, slug: str, user: UserApart) -> AsyncIterator[Body]:
    """Write the request's body to a file; the file is gone afterwards. No transaction waits for a slow sender."""
    async with slot(request):
        project = await run_in_threadpool(importable, user, slug)
    announced = request.headers.get("content-length", "")
    check_size(int(announced) if announced.isdigit() else 0)
    path = folder() / f"{uuid.uuid4()}.body"
    try:
        with path.open("wb") as file:
            size = 0
            async for chunk in request.stream():
                size += len(chunk)
                check_size(size)
                file.write(chunk)
        async with slot(request):
            yield Body(user, project, path)
    finally:
        path.unlink(missing_ok=True)


ReceivedBody = Annotated[Body, Depends(receive, scope="function")]


def check_size(size: int) -> None:
    """Raise TooLarge beyond the limit."""
    if size > settings().max_upload_mb * 1_000_000:
        raise TooLarge(
            "This file is larger than {limit} MB. Split it, or raise the limit.", limit=settings().max_upload_mb
        )


def keep(user: User, project: Project, name: str, chunks: Iterable[bytes]) -> Upload:
    """Keep a file until it is imported or forgotten. Raises TooLarge."""
    _forget_old_ones()
    upload = Upload(uuid.uuid4(), str(user.id), str(project.id), name[:200])
    size = 0
    try:
        with upload.path.open("wb") as file:
            for chunk in chunks:
                size += len(chunk)
                check_size(size)
                file.write(chunk)
    except TooLarge:
        upload.path.unlink()
        raise
    return upload


def find(user: User, project: Project, id: uuid.UUID) -> Upload:
    """Return this person's own upload to this project, or raise NotFound."""
    path = folder() / f"{id}.json"
    known = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    if (known.get("user_id"), known.get("project_id")) != (str(user.id), str(project.id)):
        raise NotFound("That file is not here any more. Choose it again.")
    return Upload(id, **known)


def _forget_old_ones() -> None:
    for path in folder().iterdir():
        if path.stat().st_mtime < time.time() - KEPT_SECONDS:
            path.unlink(missing_ok=True)
