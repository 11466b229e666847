"""Tasks on both databases: bringing them in, handing them out."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, delete, select

from server.db import Database
from server.errors import Conflict, Forbidden, Invalid
from server.models import Draft, Event, Membership, Role, Skip, Stage, Task, User, now
from server.policy import SYSTEM
from server.tasks import importing, intake, queries, service
from tests import factories
from tests.factories import Cast


def rows(*contents: dict[str, Any], first: int = 1) -> list[intake.TaskRow | intake.Rejected]:
    return [intake.parse(line, row) for line, row in enumerate(contents, first)]


def bring(db: Session, cast: Cast, *contents: dict[str, Any]) -> importing.ImportResult:
    return service.import_rows(db, cast.lea, cast.project, rows(*contents))


def tasks(db: Session) -> list[Task]:
    db.expire_all()
    return list(db.exec(select(Task).order_by(col(Task.number))).all())


def names(db: Session) -> list[str]:
    return [event.name for event in db.exec(select(Event).order_by(col(Event.sequence))).all()]


# ── import ──


def test_rows_become_open_tasks_with_their_drafts(db: Session, cast: Cast) -> None:
    drafts = [{"model": "small", "text": "4", "is_correct": True}, {"model": "large", "text": "5"}]
    result = bring(db, cast, {"prompt": "求和", "external_id": "a", "priority": 3, "drafts": drafts}, {"prompt": "b"})
    assert result.counts() == {"imported": 2, "updated": 0, "unchanged": 0, "rejected": 0}
    first, second = tasks(db)
    assert (first.number, first.external_id, first.stage, first.language) == (1, "a", Stage.OPEN, "zh")
    assert (second.number, second.external_id, second.language, second.due_sort) == (2, None, "en", "9999")
    made = db.exec(select(Draft).order_by(col(Draft.position))).all()
    assert [(d.task_id, d.position, d.model, d.extra, d.imported) for d in made] == [
        (first.id, 0, "small", {"is_correct": True}, True),
        (first.id, 1, "large", {}, True),
    ]


def test_importing_again_changes_nothing(db: Session, cast: Cast) -> None:
    content = [{"prompt": "a", "external_id": "a"}, {"prompt": "b"}]
    bring(db, cast, *content)
    assert bring(db, cast, *content).counts() == {"imported": 0, "updated": 0, "unchanged": 2, "rejected": 0}
    assert (len(tasks(db)), names(db)) == (2, ["tasks.imported"])


def test_a_changed_row_updates_its_task_and_takes_nothing_away(db: Session, cast: Cast) -> None:
    bring(db, cast, {"prompt": "a", "external_id": "a", "drafts": [{"model": "small", "text": "1"}]})
    (task,) = tasks(db)
    version = factories.version(db, cast, task)
    changed = {"prompt": "b", "external_id": "a", "due_at": "2026-12-01", "drafts": [{"model": "large", "text": "2"}]}
    assert bring(db, cast, changed).counts() == {"imported": 0, "updated": 1, "unchanged": 0, "rejected": 0}
    (task,) = tasks(db)
    assert (task.prompt, task.excerpt, task.stage, task.version_count) == ("b", "b", Stage.IN_REVIEW, 1)
    assert task.due_sort == "2026-12-01T23:59:59+00:00"
    assert db.get(type(version), version.id)
    assert [(d.position, d.model) for d in db.exec(select(Draft).order_by(col(Draft.position))).all()] == [
        (0, "small"),
        (1, "large"),
    ]
    assert bring(db, cast, changed).unchanged == 1


def test_a_key_belongs_to_its_project(db: Session, cast: Cast) -> None:
    from server.models import Project

    other = Project(slug="other", name="Other", guide_id=cast.guide.id)
    db.add(other)
    db.flush()
    bring(db, cast, {"prompt": "a", "external_id": "a"})
    assert service.import_rows(db, SYSTEM, other, rows({"prompt": "b", "external_id": "a"})).imported == 1
    assert sorted((task.number, task.prompt) for task in tasks(db)) == [(1, "a"), (1, "b")]


def test_two_rows_with_one_key_and_other_content_are_told_apart(db: Session, cast: Cast) -> None:
    content = [
        {"prompt": "a", "external_id": "k"},
        {"prompt": "a", "external_id": "k"},
        {"prompt": "b", "external_id": "k"},
    ]
    for expected in ((1, 1), (0, 2)):
        result = bring(db, cast, *content)
        assert (result.imported, result.unchanged) == expected
        assert [(r.line, r.reason) for r in result.rejected] == [
            (3, "Line 1 has the same `external_id` and other content. Keep one of them.")
        ]
    assert [task.prompt for task in tasks(db)] == ["a"]


def test_batches_follow_each_other(db: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    content = [{"prompt": str(n % 4)} for n in range(9)]
    assert bring(db, cast, *content).counts() == {"imported": 4, "updated": 0, "unchanged": 5, "rejected": 0}
    assert [task.number for task in tasks(db)] == [1, 2, 3, 4]


def test_numbers_go_on_after_the_last(db: Session, cast: Cast) -> None:
    factories.task(db, cast, number=7)
    bring(db, cast, {"prompt": "a"})
    assert tasks(db)[-1].number == 8


def test_a_look_writes_nothing(db: Session, cast: Cast) -> None:
    bring(db, cast, {"prompt": "a", "external_id": "a"}, {"prompt": "b"})
    content = rows({"prompt": "c", "external_id": "a"}, {"prompt": "b"}, {"prompt": "d"})
    result = importing.foresee(db, cast.project, content, importing.Seen())
    assert result.counts() == {"imported": 1, "updated": 1, "unchanged": 1, "rejected": 0}
    assert [task.prompt for task in tasks(db)] == ["a", "b"]


def test_only_leads_administrators_and_commands_import(db: Session, cast: Cast) -> None:
    for user in (cast.wren, cast.rosa, cast.otto):
        with pytest.raises(Forbidden):
            service.import_rows(db, user, cast.project, [])
    for number, user in enumerate((cast.lea, cast.ada, SYSTEM)):
        assert service.import_rows(db, user, cast.project, rows({"prompt": str(number)})).imported == 1


# ── the next task ──


def next_number(db: Session, cast: Cast, user: User | None = None) -> int | None:
    task = service.next_task(db, user or cast.wren, cast.project)
    return task.number if task else None


def another_writer(db: Session, cast: Cast, name: str = "Wilma", role: Role = Role.WRITER) -> User:
    user = factories.person(db, name)
    db.add(Membership(project_id=cast.project.id, user_id=user.id, role=role))
    db.flush()
    db.refresh(user, ["memberships"])
    return user


def test_the_next_task_is_the_most_urgent_then_the_first_due_then_the_oldest(db: Session, cast: Cast) -> None:
    soon, later = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    for over in ({}, {}, {"due_at": later}, {"due_at": soon}, {"priority": 5}, {"priority": -5, "due_at": soon}):
        factories.task(db, cast, **over)
    order = []
    for _ in range(6):
        task = service.next_task(db, cast.wren, cast.project)
        assert task
        order.append(task.number)
        task.submit()
        db.add(task)
    assert order == [5, 4, 3, 1, 2, 6]


def test_taking_makes_a_lease_and_an_event(db: Session, cast: Cast) -> None:
    factories.task(db, cast)
    task = service.next_task(db, cast.wren, cast.project)
    assert task
    assert (task.stage, task.writer_id) == (Stage.WRITING, cast.wren.id)
    assert task.lease_until
    assert timedelta(minutes=119) < task.lease_until - now() <= timedelta(minutes=120)
    assert names(db) == ["task.taken"]


def test_asking_again_gives_what_one_holds_and_no_second_event(db: Session, cast: Cast) -> None:
    factories.task(db, cast)
    factories.task(db, cast, priority=9)
    assert [next_number(db, cast), next_number(db, cast)] == [2, 2]
    assert names(db) == ["task.taken"]


def test_what_was_sent_back_comes_before_what_is_open(db: Session, cast: Cast) -> None:
    factories.task(db, cast, priority=9)
    factories.task(db, cast, stage=Stage.SENT_BACK, writer_id=cast.wren.id)
    task = service.next_task(db, cast.wren, cast.project)
    assert task
    assert (task.number, task.stage, task.held_by(cast.wren.id, now())) == (2, Stage.SENT_BACK, True)


def test_what_was_sent_back_to_another_writer_stays_theirs(db: Session, cast: Cast) -> None:
    wilma = another_writer(db, cast)
    factories.task(db, cast, stage=Stage.SENT_BACK, writer_id=wilma.id)
    assert next_number(db, cast) is None
    assert next_number(db, cast, wilma) == 1


@pytest.mark.parametrize("how", ["left", "switched off", "reviews only", "nobody"])
def test_what_was_sent_back_to_someone_who_writes_no_more_goes_to_others(db: Session, cast: Cast, how: str) -> None:
    wilma = another_writer(db, cast)
    factories.task(db, cast, priority=9)
    factories.task(db, cast, stage=Stage.SENT_BACK, writer_id=None if how == "nobody" else wilma.id)
    if how == "switched off":
        wilma.is_active = False
    elif how != "nobody":
        db.execute(delete(Membership).where(col(Membership.user_id) == wilma.id))
    if how == "reviews only":
        db.add(Membership(project_id=cast.project.id, user_id=wilma.id, role=Role.REVIEWER))
    db.flush()
    assert next_number(db, cast) == 2


def test_a_lease_that_ran_out_returns_the_task_by_its_priority(db: Session, cast: Cast) -> None:
    wilma = another_writer(db, cast)
    past, future = now() - timedelta(minutes=1), now() + timedelta(minutes=1)
    factories.task(db, cast)
    for priority, lease in ((9, future), (5, past)):
        held = {"stage": Stage.WRITING, "writer_id": wilma.id, "lease_until": lease}
        factories.task(db, cast, priority=priority, **held)
    assert next_number(db, cast) == 3


def test_ones_own_lease_that_ran_out_is_taken_up_again(db: Session, cast: Cast) -> None:
    factories.task(db, cast, priority=9)
    past = now() - timedelta(hours=1)
    factories.task(db, cast, stage=Stage.WRITING, writer_id=cast.wren.id, lease_until=past)
    assert next_number(db, cast) == 2


def test_another_projects_tasks_are_not_given(db: Session, cast: Cast) -> None:
    from server.models import Project

    other = Project(slug="other", name="Other", guide_id=cast.guide.id)
    db.add(other)
    db.flush()
    factories.task(db, other)
    assert next_number(db, cast) is None


@pytest.mark.parametrize("stage", [Stage.IN_REVIEW, Stage.APPROVED, Stage.REJECTED])
def test_what_is_not_to_be_written_is_not_given(db: Session, cast: Cast, stage: Stage) -> None:
    factories.task(db, cast, stage=stage)
    assert next_number(db, cast) is None


def test_only_writers_and_leads_take_tasks(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast)
    for user in (cast.rosa, cast.otto, cast.ada):
        for verb in (
            lambda u: service.next_task(db, u, cast.project),
            lambda u: service.take(db, u, task),
            lambda u: service.release(db, u, task),
            lambda u: service.skip(db, u, task, "no"),
        ):
            with pytest.raises(Forbidden):
                verb(user)
    assert next_number(db, cast, cast.lea) == 1


# ── take, release, skip ──


def test_a_particular_task_can_be_taken(db: Session, cast: Cast) -> None:
    task = service.take(db, cast.wren, factories.task(db, cast))
    assert (task.stage, task.writer_id) == (Stage.WRITING, cast.wren.id)


def test_what_another_writer_holds_cannot_be_taken(db: Session, cast: Cast) -> None:
    wilma = another_writer(db, cast)
    task = factories.task(db, cast)
    service.take(db, wilma, task)
    with pytest.raises(Conflict, match="Wilma is writing this answer now"):
        service.take(db, cast.wren, task)


def test_a_rejected_task_cannot_be_taken(db: Session, cast: Cast) -> None:
    with pytest.raises(Conflict, match="was rejected"):
        service.take(db, cast.wren, factories.task(db, cast, stage=Stage.REJECTED))


def test_a_task_given_back_is_open_again(db: Session, cast: Cast) -> None:
    task = service.take(db, cast.wren, factories.task(db, cast))
    service.release(db, cast.wren, task)
    assert (task.stage, task.writer_id, task.lease_until) == (Stage.OPEN, None, None)
    assert next_number(db, cast) == 1


def test_a_lead_frees_what_a_writer_holds_and_another_writer_does_not(db: Session, cast: Cast) -> None:
    task = service.take(db, cast.wren, factories.task(db, cast))
    with pytest.raises(Conflict, match="You do not hold"):
        service.release(db, another_writer(db, cast), task)
    service.release(db, cast.lea, task)
    assert task.stage is Stage.OPEN
    assert db.exec(select(Event).where(Event.name == "task.released")).one().details == {"holder": str(cast.wren.id)}


@pytest.mark.parametrize("stage", [Stage.OPEN, Stage.IN_REVIEW, Stage.APPROVED, Stage.REJECTED])
def test_what_nobody_is_writing_cannot_be_given_back_or_skipped(db: Session, cast: Cast, stage: Stage) -> None:
    writer = None if stage is Stage.OPEN else cast.wren.id
    task = factories.task(db, cast, stage=stage, writer_id=writer)
    with pytest.raises(Conflict):
        service.release(db, cast.wren, task)
    with pytest.raises(Conflict):
        service.skip(db, cast.wren, task, "no")


def test_a_skipped_task_is_not_offered_to_its_skipper_but_to_others(db: Session, cast: Cast) -> None:
    factories.task(db, cast, priority=9)
    factories.task(db, cast)
    task = service.next_task(db, cast.wren, cast.project)
    assert task
    service.skip(db, cast.wren, task, " not my field\r\n")
    assert db.exec(select(Skip)).one().reason == "not my field"
    assert next_number(db, cast) == 2
    assert next_number(db, cast, another_writer(db, cast)) == 1


def test_a_sent_back_task_can_be_passed_on(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast, stage=Stage.SENT_BACK, writer_id=cast.wren.id)
    service.skip(db, cast.wren, task, "not mine any more")
    assert (task.stage, task.writer_id) == (Stage.SENT_BACK, None)
    assert next_number(db, cast) is None
    assert next_number(db, cast, another_writer(db, cast)) == 1


def test_skipping_twice_keeps_the_newest_reason(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast)
    for reason in ("once", "twice"):
        service.take(db, cast.wren, task)
        service.skip(db, cast.wren, task, reason)
    assert db.exec(select(Skip)).one().reason == "twice"


@pytest.mark.parametrize(("reason", "said"), [("  ", "in a few words"), ("x" * 2001, "under 2000 characters")])
def test_a_skip_needs_a_reason_of_some_words(db: Session, cast: Cast, reason: str, said: str) -> None:
    task = service.take(db, cast.wren, factories.task(db, cast))
    with pytest.raises(Invalid, match=said):
        service.skip(db, cast.wren, task, reason)
    assert task.writer_id == cast.wren.id


# ── many at once ──


def test_sixteen_writers_never_get_the_same_task_and_none_is_lost(store: Database, cast: Cast) -> None:
    with store.unit_of_work() as db:
        writers = [another_writer(db, cast, f"Writer {n}") for n in range(16)]
        for number in range(1, 49):
            factories.task(db, cast, number=number, priority=number % 3)
    given: list[int] = []

    def work(writer: User) -> None:
        while True:
            with store.unit_of_work() as db:
                task = service.next_task(db, writer, cast.project)
                if task is None:
                    return
                given.append(task.number)
                task.submit()
                db.add(task)

    together(work, writers)
    assert [n for n, times in Counter(given).items() if times > 1] == []
    assert sorted(given) == list(range(1, 49))


def test_one_task_wanted_by_sixteen_goes_to_one(store: Database, cast: Cast) -> None:
    with store.unit_of_work() as db:
        writers = [another_writer(db, cast, f"Writer {n}") for n in range(16)]
        task_id = factories.task(db, cast).id
    results: list[str] = []

    def work(writer: User) -> None:
        try:
            with store.unit_of_work() as db:
                service.take(db, writer, db.get_one(Task, task_id))
            results.append("taken")
        except Conflict:
            results.append("refused")

    together(work, writers)
    assert Counter(results) == {"taken": 1, "refused": 15}


def test_two_imports_at_once_number_every_task_once(store: Database, cast: Cast) -> None:
    def work(name: str) -> None:
        for part in range(5):
            content = rows(*({"prompt": f"{name} {part} {n}"} for n in range(20)))
            with store.unit_of_work() as db:
                service.import_rows(db, SYSTEM, cast.project, content)

    together(work, ["a", "b", "c"])
    with store.reading() as db:
        assert sorted(db.exec(select(Task.number)).all()) == list(range(1, 301))


def together(work: Any, each: list[Any]) -> None:
    """Run `work` on each in a thread of its own, all at once; a failure in one fails the test."""
    failures: list[BaseException] = []

    def run(one: Any) -> None:
        try:
            work(one)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


# ── reads ──


def numbers(db: Session, cast: Cast, user: User | None = None, **filters: str) -> list[int]:
    found = queries.page(db, user or cast.lea, cast.project, queries.Filters(**filters))
    return [task.number for task in found.items]


def test_pages_follow_each_other_without_gap_or_repeat(db: Session, cast: Cast) -> None:
    for _ in range(5):
        factories.task(db, cast)
    seen, cursor = [], ""
    while True:
        found = queries.page(db, cast.lea, cast.project, queries.Filters(), cursor=cursor, limit=2)
        seen.append([task.number for task in found.items])
        cursor = found.next_cursor
        if not cursor:
            break
    assert seen == [[1, 2], [3, 4], [5]]


def test_filters_narrow_and_combine(db: Session, cast: Cast) -> None:
    factories.task(db, cast, prompt="Alpha 100%", tags=["algebra", 'a"b'], external_id="key_1")
    factories.task(db, cast, prompt="beta", tags=["代数"], language="zh", stage=Stage.WRITING, writer_id=cast.wren.id)
    factories.task(db, cast, prompt="Gamma alpha", tags=["algebraic"], external_id="keyx1")
    assert numbers(db, cast, stage="writing") == [2]
    assert numbers(db, cast, language="zh") == [2]
    assert numbers(db, cast, writer=str(cast.wren.id)) == [2]
    assert numbers(db, cast, writer="none") == [1, 3]
    assert numbers(db, cast, tag="algebra") == [1]
    assert numbers(db, cast, tag='a"b') == [1]
    assert numbers(db, cast, tag=" 代数 ") == [2]
    assert numbers(db, cast, text="ALPHA") == [1, 3]
    assert numbers(db, cast, text="100%") == [1]
    assert numbers(db, cast, text="key_1") == [1]
    assert numbers(db, cast, text="#2") == [2]
    assert numbers(db, cast, text="alpha", tag="algebra") == [1]
    assert numbers(db, cast, text="a\x00\ud800") == []
    assert numbers(db, cast, stage="approved") == []


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"stage": "done"}, "There is no stage “done”"),
        ({"language": "fr"}, "en or zh"),
        ({"writer": "wren"}, "id of a person"),
    ],
)
def test_a_filter_that_cannot_be_is_named(db: Session, cast: Cast, filters: dict[str, str], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        numbers(db, cast, **filters)


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "９", "9" * 30, "9999999999"])
def test_a_cursor_of_another_list_is_named(db: Session, cast: Cast, cursor: str) -> None:
    with pytest.raises(Invalid, match="Start again without it"):
        queries.page(db, cast.lea, cast.project, queries.Filters(), cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_has_one_to_five_hundred_tasks(db: Session, cast: Cast, limit: int) -> None:
    with pytest.raises(Invalid, match="from 1 to 500"):
        queries.page(db, cast.lea, cast.project, queries.Filters(), limit=limit)


def test_an_outsider_sees_no_task(db: Session, cast: Cast) -> None:
    factories.task(db, cast)
    assert numbers(db, cast, cast.otto) == []
    assert numbers(db, cast, cast.ada) == numbers(db, cast, cast.wren) == [1]


def test_counts_name_every_stage(db: Session, cast: Cast) -> None:
    for stage in (Stage.OPEN, Stage.OPEN, Stage.APPROVED):
        factories.task(db, cast, stage=stage)
    assert queries.counts(db, cast.project) == dict.fromkeys(Stage, 0) | {Stage.OPEN: 2, Stage.APPROVED: 1}


def test_my_work_is_what_i_write_and_what_was_sent_back_to_me(db: Session, cast: Cast) -> None:
    soon = datetime(2026, 12, 1, tzinfo=UTC)
    factories.task(db, cast, stage=Stage.WRITING, writer_id=cast.wren.id)
    factories.task(db, cast, stage=Stage.WRITING, writer_id=cast.wren.id, due_at=soon)
    factories.task(db, cast, stage=Stage.SENT_BACK, writer_id=cast.wren.id)
    factories.task(db, cast, stage=Stage.WRITING, writer_id=cast.lea.id)
    assert [task.number for task in queries.held_by(db, cast.wren)] == [2, 1]
    assert [task.number for task in queries.sent_back_to(db, cast.wren)] == [3]
    assert queries.writers(db, tasks(db)) == {cast.wren.id: "Wren", cast.lea.id: "Lea"}
