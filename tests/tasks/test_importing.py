"""Bringing tasks in, on both databases."""

import pytest
from sqlmodel import Session, col, select

from server.db import Database
from server.errors import Forbidden
from server.models import Draft, Stage, Task
from server.policy import SYSTEM
from server.tasks import importing, service
from tests import factories
from tests.factories import Cast
from tests.tasks.support import bring, names, rows, tasks, together

pytestmark = pytest.mark.databases


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


def test_two_imports_at_once_number_every_task_once(store: Database, cast: Cast) -> None:
    def work(name: str) -> None:
        for part in range(5):
            content = rows(*({"prompt": f"{name} {part} {n}"} for n in range(20)))
            with store.unit_of_work() as db:
                service.import_rows(db, SYSTEM, cast.project, content)

    together(work, ["a", "b", "c"])
    with store.reading() as db:
        assert sorted(db.exec(select(Task.number)).all()) == list(range(1, 301))
