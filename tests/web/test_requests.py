"""What a request may be, before any feature sees it."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from server.db import Database
from server.models import Task, User
from server.web import limits
from tests import factories
from tests.factories import Cast

SignIn = Callable[[User], TestClient]
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def task(store: Database, cast: Cast) -> Task:
    with store.unit_of_work() as db:
        return factories.task(db, cast)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/projects"),
        ("POST", "/projects"),
        ("PUT", "/projects/x"),
        ("POST", "/projects/x/tasks"),
        ("POST", "/lint"),
    ],
)
def test_a_program_without_a_token_is_asked_for_one(client: TestClient, cast: Cast, method: str, path: str) -> None:
    answer = client.request(method, f"/api/v1{path}", json={} if method != "GET" else None)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_write_with_a_cookie_and_no_csrf_token_is_refused(as_user: SignIn, cast: Cast, task: Task) -> None:
    wren = as_user(cast.wren)
    del wren.headers["X-CSRF-Token"]
    refused = wren.put(f"/api/v1/tasks/{task.id}/answer", json={"text": "x", "revision": 0})
    assert refused.status_code == 403
    assert wren.get(f"/api/v1/tasks/{task.id}").json()["answer"] is None


def test_a_method_that_is_not_there_names_those_that_are(client: TestClient) -> None:
    answer = client.delete("/healthz")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "not valid JSON at character 2"),
        (b'{"text": "x", "revision": 0} and more', "not valid JSON at character 30"),
        (b'{"text": "\xff", "revision": 0}', "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b'{"text": "x", "revision": ' + b"9" * 10_000 + b"}", "cannot be read"),
        (b"[]", "Send a JSON object"),
        (b"", "Send a JSON object"),
    ],
)
def test_a_body_that_is_no_object_is_a_sentence(
    as_user: SignIn, cast: Cast, task: Task, body: bytes, said: str
) -> None:
    answer = as_user(cast.wren).put(f"/api/v1/tasks/{task.id}/answer", content=body, headers=JSON)
    assert answer.status_code in (400, 422)
    assert said in answer.json()["detail"]


def test_a_body_of_another_kind_is_told_what_to_send(as_user: SignIn, cast: Cast, task: Task) -> None:
    sent = b'{"text": "x", "revision": 0}'
    answer = as_user(cast.wren).put(
        f"/api/v1/tasks/{task.id}/answer", content=sent, headers={"Content-Type": "text/plain"}
    )
    assert (answer.status_code, "Content-Type: application/json" in answer.json()["detail"]) == (422, True)


def test_a_body_beyond_the_limit_is_refused_unread(as_user: SignIn, cast: Cast, task: Task) -> None:
    headers = JSON | {"Content-Length": str(limits.LEAST + 1)}
    answer = as_user(cast.wren).put(f"/api/v1/tasks/{task.id}/answer", content=b"{}", headers=headers)
    assert answer.status_code == 413
    assert "8 MB" in answer.json()["detail"]


def test_a_body_that_does_not_say_how_long_it_is_is_counted(as_user: SignIn, cast: Cast, task: Task) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(limits.LEAST // 100_000 + 1):
            yield b" " * 100_000

    answer = as_user(cast.wren).put(f"/api/v1/tasks/{task.id}/answer", content=endless(), headers=JSON)
    assert answer.status_code == 413


def test_a_form_beyond_the_limit_is_a_page(client: TestClient, cast: Cast) -> None:
    answer = client.post("/sign-in", data={"email": "x" * (limits.LEAST + 1)})
    assert answer.status_code == 413
    assert "<html" in answer.text


def test_files_of_tasks_have_a_limit_of_their_own(as_user: SignIn, cast: Cast) -> None:
    rows = b'{"prompt": "What is 2 + 2?"}\n' + b" " * (limits.LEAST + 1)
    answer = as_user(cast.lea).post(f"/api/v1/projects/{cast.project.slug}/tasks", content=rows)
    assert (answer.status_code, answer.json()["imported"]) == (200, 1)


@pytest.mark.parametrize("field", ["text", "prompt", "reference"])
def test_lint_reads_no_more_than_an_answer_may_hold(as_user: SignIn, cast: Cast, field: str) -> None:
    body = {"text": "Four.", "guide": cast.guide.slug} | {field: "x" * 200_001}
    answer = as_user(cast.otto).post("/api/v1/lint", json=body)
    assert answer.status_code == 413
    assert "200001 characters" in answer.json()["detail"]


def test_what_nobody_foresaw_is_words_with_every_header(
    client: TestClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("at the wrong moment")

    written: list[dict[str, Any]] = []
    monkeypatch.setattr("server.accounts.queries.cast", broken)
    monkeypatch.setattr("server.web.errors.log", SimpleNamespace(error=lambda _event, **line: written.append(line)))
    answer = client.get("/sign-in")
    assert answer.status_code == 500
    assert "ZeroDivision" not in answer.text
    assert answer.headers["x-request-id"] in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert isinstance(written[0]["exc_info"], ZeroDivisionError)


@pytest.mark.parametrize("number", ["0", "-1", str(2**31), str(2**63), "9" * 30, "9" * 5000])
def test_a_number_beyond_every_row_is_not_found(as_user: SignIn, cast: Cast, number: str) -> None:
    wren = as_user(cast.wren)
    for rest in ("", "/changes", "/source"):
        assert wren.get(f"/guides/{cast.guide.slug}/versions/{number}{rest}").status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/nosuch"])
def test_every_page_answers_head_as_it_answers_get(client: TestClient, cast: Cast, path: str) -> None:
    head, got = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


def test_the_icon_is_where_browsers_look_by_habit(client: TestClient) -> None:
    answer = client.get("/favicon.ico", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].endswith(".svg")) == (307, True)
