"""Handing tasks out, on both databases."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, delete, select

from server.db import Database
from server.errors import Conflict, Forbidden, Invalid
from server.models import Event, Membership, Role, Skip, Stage, Task, User, now
from server.tasks import service
from tests import factories
from tests.factories import Cast
from tests.tasks.support import another_writer, names, next_number, together

# ── the next task ──


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
