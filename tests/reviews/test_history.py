"""A task's history: its versions, any two compared, an older one restored."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import col, select

from server import db as store_module
from server.models import (
    AnswerVersion,
    User,
    new_id,
)
from tests import factories
from tests.factories import Cast
from tests.reviews.support import add_version

SignIn = Callable[[User], TestClient]


def test_the_history_lists_every_version_newest_first(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    html = as_user(cast.wren).get(f"/tasks/{version.task_id}/versions").text
    assert html.index(f"/versions/{version.id}") < html.index(f"/versions/{version.parent_id}")
    assert "Waits for review" in html
    assert "Replaced before review" in html


def test_a_task_without_versions_says_what_they_are(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    with store.unit_of_work() as db:
        task = factories.task(db, cast)
    assert "No version yet" in as_user(cast.wren).get(f"/tasks/{task.id}/versions").text


def test_one_version_alone_is_compared_with_nothing(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    version = add_version(store, cast)
    html = as_user(cast.wren).get(f"/tasks/{version.task_id}/versions").text
    assert "Compare" not in html
    assert str(version.id) in html


def test_any_two_versions_compare(
    as_user: SignIn, cast: Cast, version: AnswerVersion, store: store_module.Database
) -> None:
    add_version(store, cast, on=version, text="It is $41$.")
    client = as_user(cast.wren)
    assert "no difference" in client.get(f"/tasks/{version.task_id}/versions?from=1&to=3").text
    assert "<ins>" in client.get(f"/tasks/{version.task_id}/versions?from=3&to=2").text
    side = client.get(f"/tasks/{version.task_id}/versions?from=1&to=2&view=rendered").text
    assert "<ins>" not in side
    assert side.count("katex-html") >= 2


@pytest.mark.parametrize("query", ["from=1&to=9", "from=0", "to=-1"])
def test_a_version_that_is_not_there_is_404(as_user: SignIn, cast: Cast, version: AnswerVersion, query: str) -> None:
    answer = as_user(cast.wren).get(f"/tasks/{version.task_id}/versions?{query}")
    assert answer.status_code == 404
    assert "it has 2" in answer.text


def test_a_version_number_that_is_no_number_is_a_sentence(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    assert as_user(cast.wren).get(f"/tasks/{version.task_id}/versions?from=x").status_code == 422


def test_the_history_of_nothing_is_404(as_user: SignIn, cast: Cast) -> None:
    assert as_user(cast.wren).get(f"/tasks/{new_id()}/versions").status_code == 404


def test_restoring_makes_a_new_version(
    as_user: SignIn, cast: Cast, version: AnswerVersion, store: store_module.Database
) -> None:
    client = as_user(cast.wren)
    assert (
        f'action="/versions/{version.parent_id}/restoration"' in client.get(f"/tasks/{version.task_id}/versions").text
    )
    answer = client.post(f"/versions/{version.parent_id}/restoration")
    assert answer.status_code == 303
    with store.reading() as db:
        query = select(AnswerVersion).where(AnswerVersion.task_id == version.task_id)
        texts = [v.text for v in db.exec(query.order_by(col(AnswerVersion.number))).all()]
    assert texts == ["It is $41$.", "It is $42$, as six sevens are.", "It is $41$."]
    assert "Restored" in client.get(f"/tasks/{version.task_id}/versions").text


def test_readers_who_do_not_write_cannot_restore(as_user: SignIn, cast: Cast, version: AnswerVersion) -> None:
    client = as_user(cast.rosa)
    assert "/restoration" not in client.get(f"/tasks/{version.task_id}/versions").text
    assert client.post(f"/versions/{version.parent_id}/restoration").status_code == 403
