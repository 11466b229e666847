"""The desk's pages: what an answer kept of a draft."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from server.db import Database
from server.models import Draft, Language, Task, User
from tests import factories
from tests.factories import Cast

SignIn = Callable[[User], TestClient]
IN_PLACE = {"HX-Request": "true"}


@pytest.fixture
def task(store: Database, cast: Cast) -> Task:
    with store.unit_of_work() as db:
        return factories.task(db, cast)


@pytest.fixture
def draft(store: Database, task: Task) -> Draft:
    with store.unit_of_work() as db:
        return factories.draft(db, task, model="giant", text="The sum is even.")


def address(task: Task, draft: Draft) -> str:
    return f"/tasks/{task.id}/comparison?draft={draft.id}"


def written(as_user: SignIn, cast: Cast, task: Task, text: str) -> TestClient:
    wren = as_user(cast.wren)
    assert wren.put(f"/api/v1/tasks/{task.id}/answer", json={"text": text, "revision": 0}).status_code == 200
    return wren


@pytest.mark.parametrize("name", ["wren", "rosa", "lea", "ada"])
def test_a_draft_is_compared_with_the_saved_answer(
    as_user: SignIn, cast: Cast, task: Task, draft: Draft, name: str
) -> None:
    written(as_user, cast, task, "The sum is odd.")
    shown = as_user(getattr(cast, name)).get(address(task, draft), headers=IN_PLACE)
    assert shown.status_code == 200
    assert re.search(r"<del>.*even.*</del>.*<ins>.*odd.*</ins>", shown.text)
    assert "1 word added, 1 removed" in shown.text
    assert "<html" not in shown.text


def test_the_comparison_stands_where_the_draft_stood_and_leads_back(
    as_user: SignIn, cast: Cast, task: Task, draft: Draft
) -> None:
    wren = written(as_user, cast, task, "The sum is odd.")
    panel = wren.get(f"/tasks/{task.id}/drafts", headers=IN_PLACE).text
    place = f'id="draft-{draft.id}"'
    assert place in panel
    assert address(task, draft).replace("&", "&amp;") in panel
    shown = wren.get(address(task, draft), headers=IN_PLACE).text
    assert place in shown
    assert f'href="/drafts/{draft.id}"' in shown
    assert place in wren.get(f"/drafts/{draft.id}", headers=IN_PLACE).text


def test_a_comparison_has_a_page_of_its_own(as_user: SignIn, cast: Cast, task: Task, draft: Draft) -> None:
    shown = written(as_user, cast, task, "The sum is even.").get(address(task, draft))
    assert "<html" in shown.text
    assert "no difference" in shown.text


def test_before_anything_is_saved_there_is_nothing_to_compare(
    as_user: SignIn, cast: Cast, task: Task, draft: Draft
) -> None:
    shown = as_user(cast.wren).get(address(task, draft))
    assert shown.status_code == 200
    assert "Nothing is saved yet." in shown.text


def test_an_outsider_compares_nothing(as_user: SignIn, cast: Cast, task: Task, draft: Draft) -> None:
    assert as_user(cast.otto).get(address(task, draft)).status_code == 404


def test_a_draft_of_another_task_is_not_found(
    as_user: SignIn, store: Database, cast: Cast, task: Task, draft: Draft
) -> None:
    with store.unit_of_work() as db:
        other = factories.task(db, cast)
    assert as_user(cast.wren).get(address(other, draft)).status_code == 404


@pytest.mark.parametrize("query", ["", "?draft=", "?draft=b"])
def test_a_comparison_without_a_draft_is_a_sentence(as_user: SignIn, cast: Cast, task: Task, query: str) -> None:
    assert as_user(cast.wren).get(f"/tasks/{task.id}/comparison{query}").status_code == 422


def test_a_model_kept_blind_is_not_named_beside_the_answer(
    as_user: SignIn, store: Database, cast: Cast, task: Task, draft: Draft
) -> None:
    with store.unit_of_work() as db:
        db.merge(cast.project).blind_drafts = True
    assert "giant" not in written(as_user, cast, task, "The sum is odd.").get(address(task, draft)).text


def test_what_a_comparison_says_aloud_is_in_the_reader_s_language(
    as_user: SignIn, store: Database, cast: Cast, task: Task, draft: Draft
) -> None:
    wren = written(as_user, cast, task, "The sum is odd.")
    assert "added:" in wren.get(address(task, draft)).text
    with store.unit_of_work() as db:
        db.merge(cast.wren).language = Language.CHINESE
    assert "added:" not in wren.get(address(task, draft)).text
