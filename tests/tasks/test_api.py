"""Tasks over HTTP."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from server import config
from server.db import Database
from server.models import Stage, Task, User, new_id
from server.tasks import uploads
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], TestClient]
ADDRESS = "/api/v1/projects/desk/tasks"


@pytest.fixture
def three(store: Database, cast: Cast) -> list[Task]:
    with store.unit_of_work() as db:
        return [factories.task(db, cast, prompt=p, tags=[p]) for p in ("one", "two", "three")]


def body(*contents: Any) -> bytes:
    return "".join(json.dumps(content) + "\n" for content in contents).encode()


def test_a_body_of_json_lines_comes_in(as_user: AsUser, cast: Cast, store: Database) -> None:
    lea = as_user(cast.lea)
    content = body({"prompt": "a", "external_id": "1"}, {"prompt": 4}, {"prompt": "b"})
    answer = lea.post(ADDRESS, content=content)
    assert answer.status_code == 200
    assert answer.json() == {
        "imported": 2,
        "updated": 0,
        "unchanged": 0,
        "rejected": [{"line": 2, "reason": "The row needs a `prompt` that is a text, or `messages`."}],
    }
    again = lea.post(ADDRESS, content=content, headers={"content-type": "application/x-www-form-urlencoded"}).json()
    assert (again["imported"], again["unchanged"]) == (0, 2)
    with store.reading() as db:
        assert sorted(task.prompt for task in db.exec(select(Task)).all()) == ["a", "b"]


def test_reasons_are_in_the_language_of_who_asks(as_user: AsUser, cast: Cast, store: Database) -> None:
    from server import i18n
    from server.models import Language

    with store.unit_of_work() as db:
        db.get_one(User, cast.lea.id).language = Language.CHINESE
    (left_out,) = as_user(cast.lea).post(ADDRESS, content=b"[]\n").json()["rejected"]
    message = 'A row is one JSON object on one line, such as {"prompt": "…"}.'
    with i18n.speaking("zh_CN"):
        assert left_out["reason"] == i18n.gettext(message)


def test_the_body_is_gone_afterwards(as_user: AsUser, cast: Cast) -> None:
    as_user(cast.lea).post(ADDRESS, content=body({"prompt": "a"}))
    assert list(uploads.folder().iterdir()) == []


def test_a_body_too_large_is_refused_with_a_sentence(
    as_user: AsUser, cast: Cast, store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOLDSMITH_MAX_UPLOAD_MB", "1")
    config.settings.cache_clear()

    def chunks() -> Any:
        yield body({"prompt": "a"})
        for _ in range(11):
            yield b" " * 100_000

    lea = as_user(cast.lea)
    for content in (chunks(), b"".join(chunks())):
        answer = lea.post(ADDRESS, content=content)
        assert answer.status_code == 413
        assert "larger than 1 MB" in answer.json()["detail"]
    assert list(uploads.folder().iterdir()) == []
    with store.reading() as db:
        assert db.exec(select(Task)).all() == []


def test_only_leads_import(as_user: AsUser, cast: Cast, client: TestClient) -> None:
    content = body({"prompt": "a"})
    assert client.post(ADDRESS, content=content, headers={"authorization": "Bearer no"}).status_code == 401
    for user, status in ((cast.wren, 403), (cast.rosa, 403), (cast.otto, 404), (cast.ada, 200)):
        assert as_user(user).post(ADDRESS, content=content).status_code == status, user.name


def test_a_write_without_the_token_of_the_page_is_refused(as_user: AsUser, cast: Cast) -> None:
    lea = as_user(cast.lea)
    del lea.headers["X-CSRF-Token"]
    assert lea.post(ADDRESS, content=body({"prompt": "a"})).status_code == 403


def test_the_list_goes_page_by_page(as_user: AsUser, cast: Cast, three: list[Task]) -> None:
    wren = as_user(cast.wren)
    first = wren.get(ADDRESS, params={"limit": 2}).json()
    assert [item["number"] for item in first["items"]] == [1, 2]
    second = wren.get(ADDRESS, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [item["number"] for item in second["items"]] == [3]
    assert second["next_cursor"] is None
    assert second["items"][0]["messages"] == [{"role": "user", "content": "three"}]


def test_the_list_can_be_narrowed(as_user: AsUser, cast: Cast, three: list[Task]) -> None:
    found = as_user(cast.wren).get(ADDRESS, params={"tag": "two", "stage": "open"}).json()
    assert [item["number"] for item in found["items"]] == [2]


@pytest.mark.parametrize(
    "query", [{"cursor": "zz"}, {"limit": 0}, {"limit": "many"}, {"stage": "done"}, {"writer": "x"}, {"language": "fr"}]
)
def test_a_query_that_cannot_be_gets_a_sentence(as_user: AsUser, cast: Cast, query: dict[str, Any]) -> None:
    answer = as_user(cast.wren).get(ADDRESS, params=query)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["detail"].endswith(".")


def test_the_next_task_comes_with_its_lease(as_user: AsUser, cast: Cast, three: list[Task]) -> None:
    wren = as_user(cast.wren)
    task = wren.post("/api/v1/projects/desk/next-task").json()
    assert (task["number"], task["stage"], task["writer_id"]) == (1, "writing", str(cast.wren.id))
    assert task["lease_until"]
    assert wren.get(f"/api/v1/tasks/{task['id']}").json()["lease_until"] == task["lease_until"]


def test_where_nothing_waits_there_is_no_content(as_user: AsUser, cast: Cast) -> None:
    answer = as_user(cast.wren).post("/api/v1/projects/desk/next-task")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_task_is_taken_given_back_and_skipped(
    as_user: AsUser, cast: Cast, three: list[Task], store: Database
) -> None:
    wren, lease = as_user(cast.wren), f"/api/v1/tasks/{three[1].id}/lease"
    assert wren.post(lease).json()["number"] == 2
    assert as_user(cast.lea).post(lease).status_code == 409
    assert wren.delete(lease).status_code == 204
    assert wren.delete(lease).status_code == 409
    wren.post(lease)
    assert wren.post(f"{lease}/skip", json={"reason": ""}).status_code == 422
    assert wren.post(f"{lease}/skip", json={"reason": "not my field"}).status_code == 204
    with store.reading() as db:
        assert db.get_one(Task, three[1].id).stage is Stage.OPEN


def test_outsiders_and_reviewers_take_nothing(as_user: AsUser, cast: Cast, three: list[Task]) -> None:
    for user, status in ((cast.rosa, 403), (cast.otto, 404)):
        visitor = as_user(user)
        assert visitor.post("/api/v1/projects/desk/next-task").status_code == status
        assert visitor.post(f"/api/v1/tasks/{three[0].id}/lease").status_code == status
        assert visitor.delete(f"/api/v1/tasks/{three[0].id}/lease").status_code == status
        skip = visitor.post(f"/api/v1/tasks/{three[0].id}/lease/skip", json={"reason": "no"})
        assert skip.status_code == status
    assert as_user(cast.otto).get(ADDRESS).status_code == 404
    assert as_user(cast.wren).post(f"/api/v1/tasks/{new_id()}/lease").status_code == 404
