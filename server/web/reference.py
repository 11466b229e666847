"""The page that shows the API's description: made here, so that it needs no script and no other site."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from server.web.deps import MaybeUser
from server.web.templating import page

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Shown:
    """A parameter or a member: its name, its type in words, whether it must be there, what it means."""

    name: str
    type: str
    required: bool
    text: str = ""
    where: str = ""


@dataclass(frozen=True)
class Operation:
    """One verb on one address. `body` names what is sent, `answers` are (status, type, meaning)."""

    method: str
    path: str
    text: str
    parameters: list[Shown]
    body: str
    answers: list[tuple[str, str, str]]

    @property
    def anchor(self) -> str:
        return f"{self.method}{self.path}".lower().replace("{", "").replace("}", "").replace("/", "-")


@router.get("/docs")
def show(request: Request, user: MaybeUser) -> HTMLResponse:
    """Every address of the API, what it takes and what it gives."""
    described = request.app.openapi()
    groups: dict[str, list[Operation]] = {}
    for tag, operation in operations(described):
        groups.setdefault(tag, []).append(operation)
    return page(
        request,
        "reference/index.html",
        about=described["info"]["description"],
        groups=groups,
        shapes=shapes(described),
    )


def operations(described: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    """Yield (group, operation) in the order of the description."""
    for path, found in described["paths"].items():
        for method, one in found.items():
            yield (
                one["tags"][-1],
                Operation(
                    method.upper(), path, one.get("description", ""), _parameters(one), _body(one), _answers(one)
                ),
            )


def shapes(described: dict[str, Any]) -> list[tuple[str, str, list[Shown]]]:
    """Return (name, meaning, members) of every shape."""
    return [
        (name, shape.get("description", ""), _members(shape))
        for name, shape in described["components"]["schemas"].items()
    ]


def type_of(shape: dict[str, Any]) -> str:
    """Return a JSON schema as a few words: "list of TaskRecord", "string or null"."""
    if "$ref" in shape:
        return str(shape["$ref"]).rsplit("/", 1)[-1]
    if "enum" in shape:
        return " or ".join(f"“{value}”" for value in shape["enum"])
    if "const" in shape:
        return f"“{shape['const']}”"
    if "anyOf" in shape:
        return " or ".join(type_of(one) for one in shape["anyOf"])
    if shape.get("type") == "array":
        return f"list of {type_of(shape.get('items', {}))}"
    return str(shape.get("format") or shape.get("type") or "any")


def _parameters(one: dict[str, Any]) -> list[Shown]:
    return [
        Shown(p["name"], type_of(p["schema"]), p.get("required", False), p.get("description", ""), p["in"])
        for p in one.get("parameters", [])
    ]


def _members(shape: dict[str, Any]) -> list[Shown]:
    required = shape.get("required", [])
    return [
        Shown(name, type_of(one), name in required, one.get("description", ""))
        for name, one in shape.get("properties", {}).items()
    ]


def _body(one: dict[str, Any]) -> str:
    found = one.get("requestBody", {}).get("content", {})
    return next((kind if "jsonl" in kind else type_of(one["schema"]) for kind, one in found.items()), "")


def _answers(one: dict[str, Any]) -> list[tuple[str, str, str]]:
    answers = []
    for status, answer in one["responses"].items():
        shape = next((kind.get("schema", {}) for kind in answer.get("content", {}).values()), None)
        kind = next(iter(answer.get("content", {})), "") if shape == {} else type_of(shape) if shape else ""
        words = answer.get("description", "")
        answers.append((status, kind, "" if words == "Successful Response" else words))
    return answers
