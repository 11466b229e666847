"""Bodies and files too large for memory: written to the home folder as they come, removed when done with."""

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from server import db
from server.config import settings
from server.errors import NotFound, TooLarge
from server.models import User
from server.web.deps import find_user, require_user


def folder() -> Path:
    """Return the folder of files waiting to be imported."""
    path = settings().home / "uploads"
    path.mkdir(parents=True, exist_ok=True)
    return path


async def receive(request: Request) -> AsyncIterator[Path]:
    """Write the request's body to a file and yield it; the file is gone afterwards.

    Who is asking is checked on a session of its own first: a slow upload must not hold the writer's transaction.
    """
    await run_in_threadpool(_check_user, request)
    path = folder() / f"{uuid.uuid4()}.body"
    try:
        with path.open("wb") as file:
            size = 0
            async for chunk in request.stream():
                size += len(chunk)
                check_size(size)
                file.write(chunk)
        yield path
    finally:
        path.unlink(missing_ok=True)


def _check_user(request: Request) -> None:
    with db.reading() as session:
        require_user(find_user(request, session))


BodyFile = Annotated[Path, Depends(receive)]


def check_size(size: int) -> None:
    """Raise TooLarge beyond the limit."""
    if size > settings().max_upload_mb * 1_000_000:
        raise TooLarge(
            "This file is larger than {limit} MB. Split it, or raise the limit.", limit=settings().max_upload_mb
        )


def keep(user: User, source: Iterator[bytes]) -> str:
    """Keep an uploaded file for its confirmation; return the key that finds it again."""
    key = f"{user.id}.{uuid.uuid4()}"
    size = 0
    with (folder() / key).open("wb") as file:
        for chunk in source:
            size += len(chunk)
            check_size(size)
            file.write(chunk)
    return key


def kept(user: User, key: str) -> Path:
    """Return a kept file of this person's own, or raise NotFound."""
    owner, _, rest = key.partition(".")
    path = folder() / key
    if owner != str(user.id) or "/" in rest or not path.is_file():
        raise NotFound("That upload is gone. Choose the file again.")
    return path
