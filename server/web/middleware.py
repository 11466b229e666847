"""Around every request: an id, a log line, safe headers, the visitor's cookie, words for what broke."""

import time

import structlog
import uuid_utils
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.config import settings
from server.web import errors
from server.web.security import HEADERS, VISITOR_COOKIE

log = structlog.get_logger()


class Envelope:
    """Pure ASGI, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method, is_head = scope["method"], scope["method"] == "HEAD"
        if is_head:  # every GET answers it, with the same headers
            scope = {**scope, "method": "GET"}
        request = Request(scope)
        request.state.request_id = request.headers.get("x-request-id", "")[:64] or str(uuid_utils.uuid7())
        started, status, answering = time.perf_counter(), 500, False

        async def sending(message: Message) -> None:
            nonlocal status, answering
            if message["type"] == "http.response.start":
                status, answering = message["status"], True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers["X-Request-Id"] = request.state.request_id
                if hasattr(request.state, "visitor"):
                    secure = "; Secure" if settings().secure_cookies else ""
                    cookie = f"{VISITOR_COOKIE}={request.state.visitor}; Path=/; HttpOnly; SameSite=Lax{secure}"
                    headers.append("Set-Cookie", cookie)
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request.state.request_id):
            try:
                await self.app(scope, receive, sending)
            except Exception as error:
                if answering:
                    raise  # half an answer is out: all that is left is to cut it off
                response = await run_in_threadpool(errors.unexpected, request, error)
                await response(scope, receive, sending)
            finally:
                if not scope["path"].startswith("/static/"):
                    took = round((time.perf_counter() - started) * 1000, 1)
                    log.info("request", method=method, path=scope["path"], status=status, ms=took)
