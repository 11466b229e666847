"""How many requests are worked on at once: as many as there are threads.

A request takes a thread for each of its steps and keeps its database connection between them. Were more requests
let in than there are threads, those that wait for a connection could take every thread, and the one that holds it
could never go on to give it back.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar
from fastapi import Request

from server.config import settings

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
SPARE = 4  # threads for what asks no slot: files, streams, error pages; none of it keeps a connection between steps
_slots: RunVar[anyio.Semaphore] = RunVar("slots")  # one for each event loop


def prepare_threads() -> None:
    """Give this event loop a thread for every slot, and some to spare."""
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings().threads + SPARE


def receives_slowly(endpoint: Endpoint) -> Endpoint:
    """Mark a route that reads its body itself: it takes its slot where it does not wait for the sender."""
    endpoint.receives_slowly = True  # type: ignore[attr-defined]
    return endpoint


@asynccontextmanager
async def slot(request: Request) -> AsyncIterator[None]:
    """Wait for a slot and keep it; within another of the same request it is the same one."""
    if getattr(request.state, "has_slot", False):
        yield
        return
    async with _all():
        request.state.has_slot = True
        try:
            yield
        finally:
            request.state.has_slot = False


async def take_slot(request: Request) -> AsyncIterator[None]:
    """Keep a slot while the route works; a stream that follows is sent without one."""
    if getattr(request.scope.get("endpoint"), "receives_slowly", False):
        yield
        return
    async with slot(request):
        yield


def _all() -> anyio.Semaphore:
    try:
        return _slots.get()
    except LookupError:
        _slots.set(found := anyio.Semaphore(settings().threads))
        return found
