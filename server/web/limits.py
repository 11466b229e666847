"""How large a request may be: nothing is read, held or written beyond it."""

import re

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.config import settings

MB = 1_000_000
LEAST = 8 * MB
ESCAPED = 16  # bytes one character may take in JSON or a form, with room for what stands around the text
_FILES = re.compile(r"(/api/v1)?/projects/[^/]+/(import|tasks)/?")


class BodyLimit:
    """Pure ASGI: counts a request's body while it is read, and refuses the rest with 413."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = most(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        seen, answering = int(announced) if announced.isdecimal() else 0, False

        async def counted() -> Message:
            nonlocal seen
            if answering:  # what still comes is thrown away
                return await receive()
            _check(seen, limit)
            message = await receive()
            if not announced.isdecimal():
                seen += len(message.get("body", b""))
                _check(seen, limit)
            return message

        async def sending(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        await self.app(scope, counted, sending)


def most(path: str) -> int:
    """Return how many bytes an address takes: files of tasks have a limit of their own."""
    if _FILES.fullmatch(path):
        return (settings().max_upload_mb + 1) * MB  # the form around the file; the file is measured where it is kept
    return max(LEAST, settings().max_text * ESCAPED)


def _check(size: int, limit: int) -> None:
    if size > limit:
        raise HTTPException(413, detail=str(limit // MB))
