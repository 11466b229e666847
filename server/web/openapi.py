"""The HTTP API described: what FastAPI cannot know is added, namely the bearer token and the problem documents."""

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

ABOUT = """\
Send a token as `Authorization: Bearer …`; `goldsmith token create --email E` and the account page make one. It may do
what its owner may do on the pages. Bodies are JSON in UTF-8, except where an address takes JSON lines.

Whatever goes wrong comes as a problem document (RFC 9457) whose `detail` is a sentence for people, in the language of
the token's owner."""
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. Some addresses add members: the newer text of a conflict, the diagnostics that block.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, where, and how to mend it."},
        "request_id": {"type": "string", "description": "Names the request in the server's log."},
    },
    "additionalProperties": True,
}
MEANINGS = {
    401: "No token, or one that does not work.",
    403: "The reason why this person may not.",
    404: "Not there, or not for this person to see.",
    409: "What changed meanwhile; nothing was overwritten.",
    413: "More than this address takes.",
    422: "What is not right, and how to mend it.",
    429: "Asked too often; `Retry-After` says when to try again.",
}
REPLACED = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI) -> None:
    """Make `app.openapi()` return the whole description; it is made once."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of `app`."""
    found = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
    parts = found.setdefault("components", {})
    schemas = {name: shape for name, shape in parts.get("schemas", {}).items() if name not in REPLACED}
    parts["schemas"] = dict(sorted((schemas | {"Problem": PROBLEM}).items()))
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "description": "An API token."}}
    found["security"] = [{"token": []}]
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            if path.startswith("/api/"):
                given = operation["responses"] | _problems(path, method, operation)
                operation["responses"] = dict(sorted(given.items()))
            else:
                operation["security"] = []
    return found


def _problems(path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    statuses = {401, 403}
    statuses |= {404} if "{" in path else set()
    statuses |= {409} if method != "get" else set()
    statuses |= {413} if "requestBody" in operation else set()
    statuses |= {422} if "requestBody" in operation or operation.get("parameters") else set()
    return {str(status): problem(status) for status in sorted(statuses)}


def problem(status: int) -> dict[str, Any]:
    """Return how a problem of this status is described."""
    shape = {"$ref": "#/components/schemas/Problem"}
    words = MEANINGS.get(status, HTTPStatus(status).phrase)
    return {"description": words, "content": {"application/problem+json": {"schema": shape}}}
