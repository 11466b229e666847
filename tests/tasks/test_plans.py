"""What keeps the queue and its lists at one price in a large project, on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import Session, SQLModel

from server.db import Database
from server.tasks import queries, service
from tests import factories
from tests.factories import Cast

pytestmark = pytest.mark.databases


def plan(store: Database, db: Session, work: Callable[[], Any], words: str) -> str:
    """Return how the database goes about the last statement of `work` that holds `words`."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if words in statement:
            asked.append((statement, parameters))

    event.listen(store.writer, "before_cursor_execute", note)
    work()
    event.remove(store.writer, "before_cursor_execute", note)
    statement, parameters = asked[-1]
    explain = "EXPLAIN QUERY PLAN" if store.is_sqlite else "EXPLAIN"
    return "\n".join(str(row[-1]) for row in db.connection().exec_driver_sql(f"{explain} {statement}", parameters))


@pytest.fixture
def many(store: Database, db: Session, cast: Cast) -> Cast:
    for number in range(1, 301):
        factories.task(db, cast, number=number)
    if not store.is_sqlite:  # small tables are read whole, however good the index
        db.execute(text("ANALYZE task"))
        db.execute(text("SET LOCAL enable_seqscan = off"))
        db.execute(text("SET LOCAL enable_bitmapscan = off"))
    return cast


def test_the_next_task_is_found_along_the_queues_index(store: Database, db: Session, many: Cast) -> None:
    found = plan(store, db, lambda: service.next_task(db, many.wren, many.project), "stage IN ('open', 'writing')")
    assert "ix_task_queue" in found
    assert "TEMP B-TREE" not in found
    assert "Sort" not in found


def test_what_a_writer_holds_is_found_by_the_writer(store: Database, db: Session, many: Cast) -> None:
    found = plan(store, db, lambda: service.next_task(db, many.wren, many.project), "CASE WHEN")
    assert "ix_task_writer" in found


@pytest.mark.parametrize(
    ("filters", "index"), [({"stage": "open"}, "ix_task_stage"), ({"language": "zh"}, "ix_task_language")]
)
def test_a_narrowed_list_walks_an_index_in_its_order(
    store: Database, db: Session, many: Cast, filters: dict[str, str], index: str
) -> None:
    narrowed = queries.Filters(**filters)
    found = plan(store, db, lambda: queries.page(db, many.lea, many.project, narrowed), "ORDER BY task.number")
    assert index in found
    assert "TEMP B-TREE" not in found


def test_the_migrations_made_every_index_of_the_models(store: Database, db: Session) -> None:
    """A migration written by comparison misses an index with DESC."""
    catalogue = "SELECT name FROM sqlite_master" if store.is_sqlite else "SELECT indexname FROM pg_indexes"
    there = {row[0] for row in db.execute(text(catalogue)).all()}
    named = {str(index.name) for table in SQLModel.metadata.tables.values() for index in table.indexes}
    assert named - there == set()
