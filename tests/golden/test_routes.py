"""The golden shelf holds what was approved, and nothing else."""

import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from server import db as store_module
from server.golden import queries
from server.models import AnswerVersion, Task, User, Verdict
from tests import factories
from tests.factories import Cast

SignIn = Callable[[User], TestClient]


def golden(store: store_module.Database, cast: Cast) -> AnswerVersion:
    with store.unit_of_work() as db:
        version = factories.version(db, cast, factories.task(db, cast))
        factories.review(db, cast, version)
        return version


def test_approved_versions_are_on_the_shelf(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    version = golden(store, cast)
    html = as_user(cast.wren).get("/projects/desk/golden").text
    assert str(version.id) in html
    assert "Rosa" in html
    assert "1 approved answer, ready to ship." in html


def test_what_is_not_approved_is_not(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    with store.unit_of_work() as db:
        waiting = factories.version(db, cast, factories.task(db, cast))
        back = factories.version(db, cast, factories.task(db, cast))
        factories.review(db, cast, back, Verdict.SEND_BACK, "Not yet there.")
    html = as_user(cast.lea).get("/projects/desk/golden").text
    assert str(waiting.id) not in html
    assert str(back.id) not in html
    assert "No golden answer yet" in html


def test_an_approved_version_stays_while_a_newer_one_is_reviewed(
    as_user: SignIn, cast: Cast, store: store_module.Database
) -> None:
    version = golden(store, cast)
    with store.unit_of_work() as db:
        newer = factories.version(db, cast, db.get_one(Task, version.task_id), text="Newer.")
    html = as_user(cast.lea).get("/projects/desk/golden").text
    assert str(version.id) in html
    assert str(newer.id) not in html
    assert "A newer version is on its way" in html


def test_the_shelf_turns_its_pages(
    as_user: SignIn, cast: Cast, store: store_module.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = [str(golden(store, cast).id) for _ in range(5)]
    monkeypatch.setattr(queries.shelf, "__kwdefaults__", {"cursor": "", "limit": 2})
    client, address, seen = as_user(cast.lea), "/projects/desk/golden", []
    while address:
        html = client.get(address).text
        seen += re.findall(r'href="/versions/([0-9a-f-]+)"', html)
        following = re.search(r'href="(\?cursor=[^"]+)"', html)
        address = f"/projects/desk/golden{following[1]}" if following else ""
    assert seen == wanted


def test_only_who_may_export_is_offered_it(as_user: SignIn, cast: Cast, store: store_module.Database) -> None:
    golden(store, cast)
    assert "/projects/desk/exports" in as_user(cast.lea).get("/projects/desk/golden").text
    assert "/projects/desk/exports" not in as_user(cast.wren).get("/projects/desk/golden").text


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 40])
def test_a_broken_page_address_is_a_sentence(as_user: SignIn, cast: Cast, cursor: str) -> None:
    assert as_user(cast.lea).get(f"/projects/desk/golden?cursor={cursor}").status_code == 422


def test_an_outsider_finds_no_shelf(as_user: SignIn, cast: Cast) -> None:
    assert as_user(cast.otto).get("/projects/desk/golden").status_code == 404
    assert as_user(cast.ada).get("/projects/desk/golden").status_code == 200
