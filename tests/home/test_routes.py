"""The first page and the page of a project: each person sees what waits for them."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event as sqlalchemy_event
from sqlmodel import Session

from server import db as database
from server import events
from server.events import EventName
from server.models import Stage, Task, User, Verdict, now
from tests import factories
from tests.factories import Cast

Users = Callable[[User], TestClient]


def held(db: Session, cast: Cast, prompt: str, **over: object) -> Task:
    values = {"stage": Stage.WRITING, "writer_id": cast.wren.id, "lease_until": now() + timedelta(hours=1)}
    return factories.task(db, cast, prompt=prompt, **(values | over))


@pytest.fixture
def busy(store: database.Database, cast: Cast) -> Cast:
    """One task at every stage that concerns Wren or Rosa, each with a prompt that names it."""
    with store.unit_of_work() as db:
        factories.task(db, cast, prompt="An open one")
        held(db, cast, "A held one")
        held(db, cast, "A lapsed one", lease_until=now() - timedelta(hours=1))
        back = factories.task(db, cast, prompt="A returned one", writer_id=cast.wren.id)
        first = factories.version(db, cast, back)
        events.record(db, cast.wren, EventName.ANSWER_SUBMITTED, on=first, project_id=cast.project.id, number=1)
        review = factories.review(db, cast, first, Verdict.SEND_BACK, "Say why.")
        said = {"number": 1, "verdict": "send_back"}
        events.record(db, cast.rosa, EventName.REVIEW_SUBMITTED, on=review, project_id=cast.project.id, **said)
        factories.version(db, cast, factories.task(db, cast, prompt="A waiting one"))
        golden = factories.task(db, cast, prompt="A golden one")
        factories.review(db, cast, factories.version(db, cast, golden))
    return cast


def test_a_visitor_is_sent_to_sign_in(client: TestClient) -> None:
    assert client.get("/").headers["location"] == "/sign-in?next=/"


def test_a_writer_sees_what_was_sent_back_what_they_hold_and_what_comes_next(as_user: Users, busy: Cast) -> None:
    page = as_user(busy.wren).get("/").text
    assert page.index("Sent back to you") < page.index("A returned one") < page.index("On your desk")
    assert "A held one" in page
    assert "A lapsed one" in page  # nobody else was given it meanwhile
    for other in ("An open one", "A golden one"):
        assert other not in page
    assert 'action="/projects/desk/next-task"' in page
    assert "wait for your review" not in page


def test_a_reviewer_sees_how_many_answers_wait(as_user: Users, busy: Cast) -> None:
    page = as_user(busy.rosa).get("/").text
    assert "1 answer waits for your review." in page
    assert "/next-task" not in page
    assert "A held one" not in page


def test_a_project_one_left_shows_nothing_of_it(as_user: Users, busy: Cast, store: database.Database) -> None:
    with store.unit_of_work() as db:
        for membership in db.get_one(User, busy.wren.id).memberships:
            db.delete(membership)
    page = as_user(busy.wren).get("/").text
    assert "A held one" not in page
    assert "You are in no project yet" in page


def test_an_empty_store_gives_the_administrator_the_first_step(as_user: Users, store: database.Database) -> None:
    with store.unit_of_work() as db:
        ada = factories.person(db, "Ada", is_admin=True)
    page = as_user(ada).get("/").text
    assert "Nothing is here yet" in page
    assert 'href="/projects/new"' in page


def test_a_project_says_how_far_it_is_and_what_happened(as_user: Users, busy: Cast) -> None:
    page = " ".join(as_user(busy.wren).get("/projects/desk").text.split())
    assert "of 6 approved" in page
    assert '<span class="font-medium">Rosa</span> sent version 1 of' in page
    assert '<span class="font-medium">Wren</span> submitted version 1 of' in page
    assert "/projects/desk/import" not in page
    assert "/projects/desk/reviews" not in page


def test_a_lead_finds_import_review_and_settings(as_user: Users, busy: Cast) -> None:
    page = as_user(busy.lea).get("/projects/desk").text
    for room in ("tasks", "reviews", "golden", "exports", "import", "members", "edit"):
        assert f'href="/projects/desk/{room}"' in page


def test_every_event_of_a_project_can_be_told(as_user: Users, busy: Cast, store: database.Database) -> None:
    from server.home import queries

    with store.unit_of_work() as db:
        task = held(db, busy, "Told")
        for name in queries.TOLD:
            events.record(db, busy.lea, name, on=task, project_id=busy.project.id, imported=2, role="writer")
        deeds = queries.deeds(db, busy.project)
    assert {deed.event.name for deed in deeds} >= {name.value for name in queries.TOLD}
    page = as_user(busy.wren).get("/projects/desk").text
    for words in ("made this project", "changed the settings", "imported 2 prompts", "exported", "skipped", "took"):
        assert words in page


def test_a_deed_whose_subject_is_gone_is_still_told(as_user: Users, busy: Cast, store: database.Database) -> None:
    class Gone:
        id = uuid.uuid4()

    with store.unit_of_work() as db:
        events.record(db, None, EventName.TASK_TAKEN, on=Gone(), project_id=busy.project.id)
    assert "a task" in as_user(busy.wren).get("/projects/desk").text


@pytest.mark.parametrize("path", ["/projects/desk", "/projects/nothing"])
def test_an_outsider_finds_no_project(as_user: Users, cast: Cast, path: str) -> None:
    assert as_user(cast.otto).get(path).status_code == 404


def test_an_empty_project_asks_a_lead_for_prompts(as_user: Users, cast: Cast) -> None:
    assert "Import prompts" in as_user(cast.lea).get("/projects/desk").text
    assert "A lead imports them." in as_user(cast.wren).get("/projects/desk").text


def test_the_first_page_costs_the_same_however_many_tasks_there_are(
    as_user: Users, busy: Cast, store: database.Database
) -> None:
    client = as_user(busy.wren)

    def statements() -> int:
        count = 0

        def counting(*_: object) -> None:
            nonlocal count
            count += 1

        sqlalchemy_event.listen(store.reader, "before_cursor_execute", counting)
        client.get("/")
        sqlalchemy_event.remove(store.reader, "before_cursor_execute", counting)
        return count

    before = statements()
    with store.unit_of_work() as db:
        for number in range(30):
            held(db, busy, f"Held {number}")
    assert statements() == before
