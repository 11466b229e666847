"""What protects a browser session: the CSRF token, response headers, safe redirects."""

import hashlib
import hmac
import re
import secrets

from fastapi import Request

from server.errors import Forbidden, NotFound

SESSION_COOKIE = "goldsmith_session"
VISITOR_COOKIE = "goldsmith_visitor"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_MISLEADING = re.compile(r"[\x00-\x20\x7f\\]")
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

# KaTeX and CodeMirror place things with style attributes and style elements; nothing else is allowed inline.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def csrf_token(request: Request) -> str:
    """Return the token that writes from this browser must carry: bound to the session, or to the visitor's cookie."""
    return token_for(request.cookies.get(SESSION_COOKIE) or visitor(request))


def token_for(secret: str) -> str:
    """Return the CSRF token that belongs to a session's or visitor's secret."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()


def visitor(request: Request) -> str:
    """Return the random value that stands for someone not signed in, made on first need."""
    known = request.cookies.get(VISITOR_COOKIE)
    if known:
        return known
    if not hasattr(request.state, "visitor"):
        request.state.visitor = secrets.token_urlsafe(24)
    return str(request.state.visitor)


async def check_csrf(request: Request) -> None:
    """Refuse a write that this site's own pages did not send. Bearer requests carry no cookie and need no token.

    A form is read here, before any route opens a transaction: a slow sender must not hold one.
    """
    if request.method in SAFE_METHODS:
        return
    is_api = request.url.path.startswith("/api/")
    is_form = not is_api and request.headers.get("content-type", "").startswith(FORMS)
    form = await request.form() if is_form else None
    # where no cookie of ours rides along, nobody is signed in yet: the API asks for a token, with 401
    if request.headers.get("authorization") or (is_api and SESSION_COOKIE not in request.cookies):
        return
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("This request came from another site, so nothing was changed.")
    sent = request.headers.get("x-csrf-token", "") or str(form.get("csrf_token", "") if form else "")
    if not hmac.compare_digest(sent.encode(), csrf_token(request).encode()):
        raise Forbidden("This page is too old to send from. Reload it and try again; what you typed is still here.")


async def check_path(request: Request) -> None:
    """Refuse an address with a NUL in it: no name has one, and PostgreSQL cannot even look for it."""
    if any("\x00" in str(part) for part in request.path_params.values()):
        raise NotFound("There is nothing at this address.")


def local_path(target: str | None, default: str = "/") -> str:
    """Return `target` if it is a path on this site, else `default`."""
    # browsers drop tabs and line ends inside an address, and read a backslash as a slash
    if not target or not target.startswith("/") or target.startswith("//") or _MISLEADING.search(target):
        return default
    return target
