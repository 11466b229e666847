"""A growing draft as server-sent events: what follows the row, whoever writes it and wherever."""

import time
import uuid
from collections.abc import AsyncIterator

import anyio
import anyio.to_thread
from fastapi import Request

from server import db
from server.drafts import present, queries
from server.errors import NotFound
from server.jobs import queue
from server.models import Draft, User
from server.web.templating import fragment

TICK_S = 0.25
QUIET_S = 15.0  # after so long without news a comment keeps proxies from closing the line
LONGEST_S = 1800.0
OVER = "event: over\ndata: over\n\n"


async def follow(request: Request, user: User, draft_id: uuid.UUID, *, raw: bool) -> AsyncIterator[str]:
    """Yield the draft's text as HTML whenever it has grown, and the event `over` when nothing more will come."""
    shown: tuple[object, ...] | None = None
    began = spoken = time.monotonic()
    while time.monotonic() - began < LONGEST_S and not queue.stopping.is_set():
        draft = await anyio.to_thread.run_sync(_look, user, draft_id)
        if draft is None:
            return
        if present.fingerprint(draft) != shown:
            shown, spoken = present.fingerprint(draft), time.monotonic()
            yield message(await anyio.to_thread.run_sync(_draw, request, draft, raw))
        if draft.is_over:
            yield OVER
            return
        if time.monotonic() - spoken > QUIET_S:
            spoken = time.monotonic()
            yield ": still here\n\n"
        await anyio.sleep(TICK_S)


def message(html: str) -> str:
    """Return one event that carries `html`, line by line."""
    return "".join(f"data: {line}\n" for line in html.strip().split("\n")) + "\n"


def _look(user: User, draft_id: uuid.UUID) -> Draft | None:
    try:
        with db.reading() as session:
            return queries.draft(session, user, draft_id)
    except NotFound:
        return None


def _draw(request: Request, draft: Draft, raw: bool) -> str:
    return bytes(fragment(request, "drafts/_text.html", draft=draft, raw=raw, said=present.said).body).decode()
