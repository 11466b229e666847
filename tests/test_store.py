"""The store itself: append-only tables, units of work, the event chain."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from server import events
from server.db import Database
from server.errors import Conflict
from server.events import EventName
from server.models import APPEND_ONLY_TABLES, Event, Task, Verdict
from tests import factories
from tests.factories import Cast

pytestmark = pytest.mark.databases


@pytest.fixture
def filled(store: Database, cast: Cast) -> Cast:
    """One row in every append-only table."""
    with store.unit_of_work() as db:
        from server.models import Rating

        version = factories.version(db, cast, factories.task(db, cast))
        review = factories.review(db, cast, version, Verdict.APPROVE)
        db.add(
            Rating(
                review_id=review.id,
                rater_id=cast.rosa.id,
                guide_version_id=cast.guide_version.id,
                criterion="correct",
                score=5,
            )
        )
        for _ in range(3):
            events.record(db, cast.rosa, EventName.REVIEW_SUBMITTED, on=review, project_id=cast.project.id)
    return cast


@pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
@pytest.mark.parametrize("statement", ["DELETE FROM {table}", "UPDATE {table} SET {column} = {column}"])
def test_raw_sql_cannot_change_an_append_only_table(store: Database, filled: Cast, table: str, statement: str) -> None:
    column = "hash" if table == "event" else "created_at"
    with store.writer.connect() as connection:
        before = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        assert before > 0
        with pytest.raises(DBAPIError, match="never changed or deleted"):
            connection.execute(text(statement.format(table=table, column=column)))
        connection.rollback()
        assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == before


def test_the_orm_refuses_to_change_a_review(store: Database, filled: Cast) -> None:
    from server.models import Review

    with pytest.raises(Conflict), store.unit_of_work() as db:
        review = db.exec(select(Review)).one()
        review.comment = "changed"
        db.add(review)
        db.flush()


def test_raising_rolls_everything_back(store: Database, cast: Cast) -> None:
    with pytest.raises(RuntimeError), store.unit_of_work() as db:
        factories.task(db, cast)
        raise RuntimeError
    with store.reading() as db:
        assert db.exec(select(Task)).all() == []


def test_the_chain_of_a_fresh_store_is_whole(store: Database, filled: Cast) -> None:
    with store.reading() as db:
        audit = events.verify(db)
    assert (audit.events, audit.broken_at) == (3, None)


def test_the_chain_names_the_first_changed_row(store: Database, filled: Cast) -> None:
    tamper(store, "UPDATE event SET name = 'review.invented' WHERE sequence = 2")
    with store.reading() as db:
        audit = events.verify(db)
    assert audit.broken_at == 2
    assert "changed" in audit.reason


def test_the_chain_names_a_removed_row(store: Database, filled: Cast) -> None:
    tamper(store, "DELETE FROM event WHERE sequence = 2")
    with store.reading() as db:
        assert events.verify(db).broken_at == 2


def test_the_chain_walks_past_one_batch(store: Database, cast: Cast) -> None:
    with store.unit_of_work() as db:
        for _ in range(1200):
            events.record(db, cast.lea, EventName.PROJECT_UPDATED, on=cast.project)
    with store.reading() as db:
        audit = events.verify(db)
        head = db.exec(select(Event).order_by(col(Event.sequence).desc())).first()
    assert head is not None
    assert (audit.events, audit.head) == (1200, head.hash)


def tamper(store: Database, statement: str) -> None:
    """Do what an intruder with the database file could: drop the trigger, change the row."""
    with Session(store.writer) as db:
        if store.is_sqlite:
            for verb in ("update", "delete"):
                db.execute(text(f"DROP TRIGGER event_no_{verb}"))
        else:
            db.execute(text("DROP TRIGGER event_append_only ON event"))
        db.execute(text(statement))
        db.commit()


def test_rows_loaded_before_a_failure_stay_readable_after_it(store: Database, cast: Cast) -> None:
    """The page that tells of the failure still greets the person by name, in their language."""
    for session in (store.unit_of_work, store.reading):
        with pytest.raises(ZeroDivisionError), session() as db:
            user = db.get_one(type(cast.wren), cast.wren.id)
            _ = 1 / 0
        assert user.name == "Wren"
