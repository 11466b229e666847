"""Versions and reviews over HTTP: same rules, told as problem documents."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from server import db as store_module
from server.models import AnswerVersion, Stage, Task, User, new_id
from tests import factories
from tests.factories import Cast

SignIn = Callable[[User], TestClient]


@pytest.fixture
def version(store: store_module.Database, cast: Cast) -> AnswerVersion:
    with store.unit_of_work() as db:
        return factories.version(db, cast, factories.task(db, cast))


def stage(store: store_module.Database, version: AnswerVersion) -> Stage:
    with store.reading() as db:
        return db.get_one(Task, version.task_id).stage


def test_an_approval_is_201_and_the_review(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    body: dict[str, Any] = {"verdict": "approve", "ratings": {"correct": 5}, "comment": "Clear."}
    answer = as_user(cast.rosa).post(f"/api/v1/versions/{version.id}/reviews", json=body)
    assert answer.status_code == 201
    review = answer.json()
    assert (review["verdict"], review["ratings"], review["comment"]) == ("approve", {"correct": 5}, "Clear.")
    assert (review["version_id"], review["reviewer_id"]) == (str(version.id), str(cast.rosa.id))


def test_a_version_shows_its_reviews_and_that_it_is_golden(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    client = as_user(cast.rosa)
    assert client.get(f"/api/v1/versions/{version.id}").json()["is_golden"] is False
    client.post(f"/api/v1/versions/{version.id}/reviews", json={"verdict": "approve"})
    shown = client.get(f"/api/v1/versions/{version.id}").json()
    assert shown["is_golden"] is True
    assert [review["verdict"] for review in shown["reviews"]] == ["approve"]
    assert (shown["text"], shown["sha256"], shown["number"]) == (version.text, version.sha256, 1)


def test_the_versions_of_a_task_come_oldest_first(
    as_user: SignIn, cast: Cast, version: AnswerVersion, store: store_module.Database
) -> None:
    with store.unit_of_work() as db:
        factories.version(db, cast, db.get_one(Task, version.task_id), text="Second.")
    page = as_user(cast.wren).get(f"/api/v1/tasks/{version.task_id}/versions").json()
    assert [item["number"] for item in page["items"]] == [1, 2]
    assert page["next_cursor"] is None


def test_a_reviewed_version_is_409_and_says_who(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    as_user(cast.rosa).post(f"/api/v1/versions/{version.id}/reviews", json={"verdict": "approve"})
    answer = as_user(cast.lea).post(f"/api/v1/versions/{version.id}/reviews", json={"verdict": "approve"})
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "Rosa reviewed version 1 while you were reading."


def test_ones_own_work_is_403(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    with store.unit_of_work() as db:
        own = factories.version(db, cast, factories.task(db, cast), author_id=cast.rosa.id)
    answer = as_user(cast.rosa).post(f"/api/v1/versions/{own.id}/reviews", json={"verdict": "approve"})
    assert answer.status_code == 403
    assert stage(store, own) is Stage.IN_REVIEW


def test_a_writer_is_403(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    answer = as_user(cast.wren).post(f"/api/v1/versions/{version.id}/reviews", json={"verdict": "approve"})
    assert answer.status_code == 403


def test_an_outsider_finds_nothing(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    client = as_user(cast.otto)
    assert client.get(f"/api/v1/versions/{version.id}").status_code == 404
    assert client.get(f"/api/v1/tasks/{version.task_id}/versions").status_code == 404
    answer = client.post(f"/api/v1/versions/{version.id}/reviews", json={"verdict": "approve"})
    assert answer.status_code == 404


def test_what_is_not_there_is_404(as_user: SignIn, cast: Cast) -> None:
    client = as_user(cast.rosa)
    assert client.get(f"/api/v1/versions/{new_id()}").status_code == 404
    assert client.get("/api/v1/versions/7").status_code == 404


def test_a_visitor_is_401(client: TestClient, version: AnswerVersion) -> None:
    assert client.get(f"/api/v1/versions/{version.id}").status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"verdict": "perhaps"},
        {"verdict": "approve", "ratings": {"correct": "five"}},
        {"verdict": "approve", "ratings": {"correct": 4.5}},
        {"verdict": "approve", "ratings": {"correct": True}},
        {"verdict": "approve", "ratings": [5]},
        {"verdict": "approve", "ratings": {"correct": 9}},
        {"verdict": "approve", "ratings": {"nothing": 1}},
        {"verdict": "approve", "comment": 7},
        {"verdict": "approve", "comment": "x" * 10_001},
        {"verdict": "approve", "verdicts": "approve"},
        {"verdict": "send_back"},
        {"verdict": "reject", "comment": "  "},
        [],
    ],
)
def test_a_bad_review_is_422_with_a_sentence(
    as_user: SignIn, cast: Cast, version: AnswerVersion, store: store_module.Database, body: Any
) -> None:
    answer = as_user(cast.rosa).post(f"/api/v1/versions/{version.id}/reviews", json=body)
    assert answer.status_code == 422
    assert answer.json()["detail"].endswith(".")
    assert stage(store, version) is Stage.IN_REVIEW
