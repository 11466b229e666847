"""The API describes itself, and the page that shows it fetches nothing from elsewhere."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from server.web import reference


@pytest.fixture
def described(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/openapi.json").json())


def test_every_address_says_what_it_is_for_and_how_it_fails(described: dict[str, Any]) -> None:
    for path, operations in described["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            failures = [one for status, one in operation["responses"].items() if status >= "400"]
            assert all("application/problem+json" in one["content"] for one in failures), path
            assert ("401" in operation["responses"]) == path.startswith("/api/"), path


def test_a_token_opens_the_api_and_nothing_else_is_asked_for(described: dict[str, Any]) -> None:
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert described["security"] == [{"token": []}]
    assert described["paths"]["/healthz"]["get"]["security"] == []


def test_pages_are_no_part_of_the_api(described: dict[str, Any]) -> None:
    assert [p for p in described["paths"] if not p.startswith(("/api/v1/", "/healthz", "/readyz"))] == []


def test_every_shape_that_is_named_is_described(described: dict[str, Any]) -> None:
    named = set(re.findall(r"#/components/schemas/([^'\"]+)", str(described)))
    assert named <= set(described["components"]["schemas"])
    assert not [name for name in described["components"]["schemas"] if "__" in name or "Validation" in name]


@pytest.mark.parametrize(("method", "path"), [("post", "/api/v1/lint"), ("post", "/api/v1/tasks/{id}/drafts")])
def test_what_comes_back_has_a_shape(described: dict[str, Any], method: str, path: str) -> None:
    good = next(one for status, one in described["paths"][path][method]["responses"].items() if status < "300")
    assert reference.type_of(good["content"]["application/json"]["schema"]) in ("Report", "list of DraftRecord")


def test_the_page_shows_every_address_to_anyone(client: TestClient, described: dict[str, Any]) -> None:
    answer = client.get("/docs")
    assert answer.status_code == 200
    text = re.sub(r"<[^>]*>", "", answer.text)
    assert [path for path in described["paths"] if path not in text] == []
    assert not re.search(r'(src|href)="(https?:)?//', answer.text)


def test_types_are_words() -> None:
    assert reference.type_of({"anyOf": [{"type": "string", "format": "uuid"}, {"type": "null"}]}) == "uuid or null"
    assert reference.type_of({"type": "array", "items": {"$ref": "#/components/schemas/File"}}) == "list of File"
    assert reference.type_of({"type": "string", "enum": ["a", "b"]}) == "“a” or “b”"
    assert reference.type_of({}) == "any"
