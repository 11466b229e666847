"""Who is asking: the session cookie of a browser, or the bearer token of a program."""

from fastapi import Request
from sqlmodel import Session

from server.accounts import service
from server.errors import Unauthorized
from server.models import User
from server.web.security import SESSION_COOKIE


def authenticate(request: Request, db: Session) -> User | None:
    """Return who is asking; a bearer token that does not work is refused, never ignored."""
    header = request.headers.get("authorization", "")
    if header:
        scheme, _, token = header.partition(" ")
        user = service.user_of_token(db, token.strip()) if scheme.lower() == "bearer" else None
        if user is None:
            raise Unauthorized("This token does not work: it may have been revoked, or mistyped.")
        return user
    cookie = request.cookies.get(SESSION_COOKIE)
    return service.resume(db, cookie) if cookie else None
