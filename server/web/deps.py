"""What a route may ask for: a session in the right mood, and the person who is asking."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from server import db
from server.errors import Unauthorized
from server.models import User
from server.web.security import SAFE_METHODS
from server.web.slots import slot

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Authenticator = Callable[[Request, Session], User | None]
_authenticators: list[Authenticator] = []


def register_authenticator(authenticator: Authenticator) -> None:
    """Add a way to find out who is asking. Called once by app.create_app()."""
    if authenticator not in _authenticators:
        _authenticators.append(authenticator)


def reads(endpoint: Endpoint) -> Endpoint:
    """Mark a POST that changes nothing (lint, preview): it gets a read-only session and never waits for a writer."""
    endpoint.reads_only = True  # type: ignore[attr-defined]
    return endpoint


def get_db(request: Request) -> Iterator[Session]:
    """Yield the request's one transaction: read-only for GET and what `@reads` marks, writing for the rest."""
    reads_only = request.method in SAFE_METHODS or getattr(request.scope.get("endpoint"), "reads_only", False)
    with db.reading() if reads_only else db.unit_of_work() as session:
        yield session


# scope="function" ends the transaction before the response is sent: no 200 for a commit that then fails
DB = Annotated[Session, Depends(get_db, scope="function")]


def find_user(request: Request, db: DB) -> User | None:
    """Return who is asking, or None."""
    for authenticator in _authenticators:
        user = authenticator(request, db)
        if user is not None:
            request.state.user = user
            return user
    return None


MaybeUser = Annotated[User | None, Depends(find_user)]


def require_user(user: MaybeUser) -> User:
    """Return who is asking, or raise Unauthorized."""
    if user is None:
        raise Unauthorized("Sign in to go on.")
    return user


CurrentUser = Annotated[User, Depends(require_user)]


async def require_user_apart(request: Request) -> User:
    """Return who is asking, found in a short transaction of its own: for a route that then works long without one."""
    async with slot(request):
        return await run_in_threadpool(_look, request)


def _look(request: Request) -> User:
    with db.reading() as session:
        return require_user(find_user(request, session))


UserApart = Annotated[User, Depends(require_user_apart)]


async def read_form(request: Request) -> FormData:
    """Return the form that was sent, whatever its fields."""
    return await request.form()


FormBody = Annotated[FormData, Depends(read_form)]
