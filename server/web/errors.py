"""Every failure ends here: a problem document for the API, a notice for htmx, a page for a visit."""

from contextlib import suppress
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from starlette.exceptions import HTTPException

from server import db, i18n
from server.errors import AppError, Conflict, Invalid, NotFound, TooLarge, TooMany, Unauthorized
from server.text import message
from server.web import deps, languages
from server.web.forms import sentence
from server.web.security import local_path
from server.web.templating import fragment, page, redirect

log = structlog.get_logger()


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(IntegrityError, _collision)
    app.add_exception_handler(DataError, _unstorable)


def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    is_api = request.url.path.startswith("/api/")
    if isinstance(error, Unauthorized) and not is_api:
        path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        target = path if request.method == "GET" and request.headers.get("hx-request") != "true" else "/"
        return redirect(request, f"/sign-in?next={_quoted(local_path(target))}")
    with i18n.speaking(languages.of(request)):
        title = i18n.gettext(error.title)
    detail = languages.sentence(request, error)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    if is_api:
        return problem(request, error.status, title, detail, headers=headers, **error.extra)
    return _shown(request, error.status, title, detail, headers)


def problem(
    request: Request, status: int, title: str, detail: str, *, headers: dict[str, str] | None = None, **extra: Any
) -> Response:
    """Return an RFC 9457 problem document."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail} | extra
    body["request_id"] = getattr(request.state, "request_id", "")
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _shown(request: Request, status: int, title: str, detail: str, headers: dict[str, str]) -> Response:
    is_htmx = request.headers.get("hx-request") == "true"
    show = fragment if is_htmx else page
    template = "errors/_notice.html" if is_htmx else "errors/error.html"
    response = show(
        request,
        template,
        status=status,
        title=title,
        detail=detail,
        request_id=getattr(request.state, "request_id", ""),
    )
    response.headers.update(headers)
    if is_htmx:
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    with i18n.speaking(languages.of(request)):
        parts = []
        for one in error.errors():
            if one["loc"] and one["loc"][0] == "body" and (len(one["loc"]) == 1 or one["type"] == "json_invalid"):
                parts.append(_about_body(one))
                continue
            place = ".".join(str(p) for p in one["loc"] if p not in ("body", "query", "path"))
            parts.append(f"{place}: {sentence(dict(one))}" if place else sentence(dict(one)))
    if any(e["loc"] and e["loc"][0] == "path" for e in error.errors()):
        return _app_error(request, NotFound("There is nothing at this address."))
    return _app_error(request, Invalid("{problems}", problems=" ".join(parts)))


def _about_body(error: dict[str, Any]) -> str:
    """Return what is wrong with a body as a whole, and what to send instead."""
    if error["type"] != "json_invalid":
        return i18n.gettext(message("Send a JSON object, with the header Content-Type: application/json."))
    place = {"position": error["loc"][-1] + 1, "reason": error["ctx"]["error"]}
    return i18n.say(message("The body is not valid JSON at character {position}: {reason}."), place)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known: dict[int, AppError] = {
        404: NotFound("There is nothing at this address."),
        405: Invalid("This address does not take that kind of request."),
        400: Invalid("What was sent cannot be read. JSON must be UTF-8 and not nested deeply; a form must be whole."),
        413: TooLarge("This is more than {limit} MB, the most this address takes.", limit=error.detail),
    }
    mapped = known.get(error.status_code, Invalid("{detail}", detail=str(error.detail)))
    mapped.status = error.status_code
    _look_who_asks(request)
    response = _app_error(request, mapped)
    response.headers.update(error.headers or {})
    return response


def _look_who_asks(request: Request, *, anew: bool = False) -> None:
    """Find the person where no route has looked, or `anew` where a failure took what was loaded with it."""
    if anew:
        request.state.user = None
    if getattr(request.state, "user", None) is None:
        with suppress(AppError, SQLAlchemyError), db.reading() as session:
            deps.find_user(request, session)


def _collision(request: Request, error: Exception) -> Response:
    """Two did the same at the same moment, and the store kept one of them."""
    log.warning("collision", path=request.url.path, error=type(error.__cause__).__name__)
    _look_who_asks(request, anew=True)
    return _app_error(request, Conflict("Someone did the same a moment earlier, so nothing was changed. Look again."))


def _unstorable(request: Request, error: Exception) -> Response:
    log.warning("unstorable", path=request.url.path, error=type(error.__cause__).__name__)
    _look_who_asks(request, anew=True)
    return _app_error(request, Invalid("A number or a character in this request is beyond what can be stored."))


def unexpected(request: Request, error: Exception) -> Response:
    """Write down what nobody foresaw, and answer in words; the envelope asks, so that its headers are there too."""
    log.error("request failed", path=request.url.path, error=repr(error), exc_info=error)
    _look_who_asks(request, anew=True)
    return _app_error(
        request, AppError("Something broke on our side; it has been written down. Your work is kept: try again.")
    )


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path, safe="/")
