"""Two ways to show: `page` (whole, or one block of it for htmx) and `fragment` (a piece). And `redirect`."""

import json
from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block
from markupsafe import Markup

from server import i18n
from server.config import PACKAGE, resources
from server.policy import Action, can
from server.text import excerpt
from server.web import languages, security

NOTICE_COOKIE = "goldsmith_notice"
# macros are compiled once and see no page's context: the request being answered reaches them here
_answering: ContextVar[Request] = ContextVar("answering")


@lru_cache
def environment() -> Environment:
    """Return the one Jinja environment: autoescaped, strict, translated, with the `ui` macros."""
    env = Environment(
        loader=FileSystemLoader(resources("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext)  # type: ignore[attr-defined]
    env.globals.update(asset=asset, Action=Action, can=can, dom_id=dom_id, markdown=_markdown)
    env.globals.update(locale=i18n.current, say=i18n.say, fill=i18n.fill)
    env.globals["csrf_token"] = lambda: security.csrf_token(_answering.get())
    env.filters["excerpt"] = excerpt
    env.globals["ui"] = env.get_template("components/ui.html").module
    return env


def page(
    request: Request, template: str, *, block: str | None = None, status: int = 200, **context: Any
) -> HTMLResponse:
    """Show a page: whole for a visit, only `block` when htmx asks for a part of it."""
    wanted = block if request.headers.get("hx-request") == "true" else None
    with i18n.speaking(languages.of(request)):
        values = _context(request) | context
        if wanted:
            html = render_block(environment(), template, wanted, **values)
        else:
            html = environment().get_template(template).render(values)
    return _response(request, html, status)


def fragment(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Show a piece of a page."""
    with i18n.speaking(languages.of(request)):
        html = environment().get_template(template).render(_context(request) | context)
    return _response(request, html, status)


def redirect(request: Request, path: str, *, notice: str = "") -> Response:
    """Send the browser to `path` on this site; `notice` is a sentence shown there once."""
    target = security.local_path(path)
    is_htmx = request.headers.get("hx-request") == "true"
    response = Response(status_code=204 if is_htmx else 303)
    response.headers["HX-Redirect" if is_htmx else "Location"] = target
    if notice:
        with i18n.speaking(languages.of(request)):
            response.set_cookie(NOTICE_COOKIE, quote(i18n.gettext(notice)), max_age=60, httponly=True, samesite="lax")
    return response


def dom_id(row: Any, part: str = "") -> str:
    """Return the id of the element that draws `row`, or a part of it: the only way to name a target."""
    name = f"{type(row).__name__.lower()}-{row.id}"
    return f"{name}-{part}" if part else name


MANIFEST = PACKAGE / "static" / "dist" / "manifest.json"


@lru_cache(maxsize=1)
def _manifest(_changed_at: int) -> dict[str, str]:
    return dict(json.loads(MANIFEST.read_text()))


def asset(name: str) -> str:
    """Return the address of a built file by its plain name; a new build is seen without a restart."""
    known = _manifest(MANIFEST.stat().st_mtime_ns) if MANIFEST.is_file() else {}
    return f"/static/{known.get(name, name)}"


def _markdown(text: str) -> Markup:
    from server.web.markdown import render  # V8 starts with the first rendering, not with the first import

    return render(text)


def _context(request: Request) -> dict[str, Any]:
    _answering.set(request)
    notice = unquote(request.cookies.get(NOTICE_COOKIE, ""))
    user = getattr(request.state, "user", None)
    token: Callable[[], str] = lambda: security.csrf_token(request)  # noqa: E731
    return {
        "request": request,
        "current_user": user,
        "csrf_token": token,
        "notice": notice,
        "theme": user.theme if user else request.cookies.get("goldsmith_theme", "auto"),
        "language": i18n.current(),
    }


def _response(request: Request, html: str, status: int) -> HTMLResponse:
    response = HTMLResponse(html, status_code=status, headers={"Vary": "HX-Request", "Cache-Control": "no-store"})
    if NOTICE_COOKIE in request.cookies:
        response.delete_cookie(NOTICE_COOKIE)
    return response
