"""The model endpoints: what is set up, and whether each one answers."""

import html
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from server.drafts import stream
from server.errors import AppError, NotFound
from server.llm import client, endpoints, local
from server.policy import Action, authorize
from server.web import languages
from server.web.deps import DB, CurrentUser, UserApart
from server.web.templating import fragment, page

router = APIRouter()
QUESTION = "Reply with one short sentence: what is 7 times 6?"
EVERY_S = 0.25


@dataclass(frozen=True)
class Trial:
    """How far a test call has come. `seconds` is set once it has answered."""

    text: str = ""
    error: str = ""
    seconds: float | None = None


@router.get("/endpoints")
def index(request: Request, db: DB, user: CurrentUser) -> HTMLResponse:
    """Every endpoint."""
    authorize(user, Action.READ_ENDPOINTS)
    try:
        known, problem = endpoints.available(), ""
    except endpoints.EndpointError as error:
        known, problem = [], languages.sentence(request, error)
    return page(
        request,
        "endpoints/index.html",
        endpoints=known,
        problem=problem,
        file=endpoints.models_file(),
        installed=local.installed,
    )


@router.post("/endpoints/{name}/trial")
def try_out(request: Request, name: str, user: UserApart) -> StreamingResponse:
    """Call an endpoint now, and show what it says as it says it."""
    authorize(user, Action.READ_ENDPOINTS)
    try:
        endpoint = endpoints.find(name)
    except endpoints.EndpointError as error:
        raise NotFound(error.message, **error.values) from None
    if request.headers.get("hx-request") == "true":
        return StreamingResponse(_events(request, endpoint), media_type="text/event-stream")
    return StreamingResponse(_page(request, endpoint), media_type="text/html")


async def trial(endpoint: endpoints.Endpoint, request: Request) -> AsyncIterator[Trial]:
    """Yield how a short call goes: the text so far, then the time it took, or the sentence of its failure."""
    text, started = "", time.monotonic()
    try:
        async for piece in client.stream(endpoint, [{"role": "user", "content": QUESTION}]):
            if isinstance(piece, client.Chunk):
                text = (text + piece.text)[:2000]
            elif isinstance(piece, client.Retry):
                text = ""
            yield Trial(text)
    except AppError as error:
        yield Trial(text, error=languages.sentence(request, error))
        return
    yield Trial(text, seconds=time.monotonic() - started)


async def _events(request: Request, endpoint: endpoints.Endpoint) -> AsyncIterator[str]:
    shown = 0.0
    async for one in trial(endpoint, request):
        is_over = one.error or one.seconds is not None
        if is_over or time.monotonic() - shown > EVERY_S:
            shown = time.monotonic()
            drawn = fragment(request, "endpoints/_trial.html", trial=one)
            yield stream.message(bytes(drawn.body).decode())


async def _page(request: Request, endpoint: endpoints.Endpoint) -> AsyncIterator[str]:
    states = [one async for one in trial(endpoint, request)]
    yield f"<!doctype html><title>{html.escape(endpoint.name)}</title>"
    yield bytes(fragment(request, "endpoints/_trial.html", trial=states[-1]).body).decode()
