"""Bringing checked rows into a project: new ones added, changed ones updated, equal ones left alone.

A row is known again by its `external_id`, or, without one, by its content. Rows are written in batches with few
statements, all in the caller's transaction. An update never takes anything away: drafts, answers and versions stay.
"""

import sqlite3
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, col, func, select

from server.errors import Invalid
from server.models import Draft, DraftState, Project, Stage, Task, new_id, now
from server.tasks.intake import DraftRow, Rejected, TaskRow

BATCH = 500
# plain tables: a row of a bulk insert needs no object
TASKS, DRAFTS = SQLModel.metadata.tables["task"], SQLModel.metadata.tables["draft"]


@dataclass
class ImportResult:
    """What an import did, or would do."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    @property
    def changes(self) -> int:
        """How many tasks are not as they were."""
        return self.imported + self.updated

    def counts(self) -> dict[str, int]:
        """Return {imported, updated, unchanged, rejected} as numbers."""
        done = {"imported": self.imported, "updated": self.updated, "unchanged": self.unchanged}
        return done | {"rejected": len(self.rejected)}


class Seen:
    """The rows of one import so far, by key; they lie in a temporary file, so a million of them fill no memory."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._rows.execute("PRAGMA journal_mode=OFF")
        self._rows.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, sha256 TEXT, line INT) WITHOUT ROWID")

    def earlier(self, row: TaskRow) -> tuple[str, int] | None:
        """Return (content hash, line) of the first row with this row's key; None, from now on, for the first itself."""
        added = self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (row.key, row.sha256, row.line))
        if added.rowcount:
            return None
        found = self._rows.execute("SELECT sha256, line FROM seen WHERE key = ?", (row.key,)).fetchone()
        return str(found[0]), int(found[1])


@dataclass
class _Sorted:
    new: list[TaskRow] = field(default_factory=list)
    changed: dict[uuid.UUID, TaskRow] = field(default_factory=dict)


def bring_in(db: Session, project: Project, rows: Iterable[TaskRow | Rejected], seen: Seen) -> ImportResult:
    """Write `rows` into `project` and say what became of them."""
    # numbers are given one after the other: a second import of the project waits here
    db.exec(select(Project.id).where(Project.id == project.id).with_for_update(key_share=True)).one()
    number = db.exec(select(func.max(Task.number)).where(Task.project_id == project.id)).one() or 0
    result = ImportResult()
    for batch in _batches(rows):
        sorted_rows = _sort(db, project, batch, seen, result)
        _insert(db, project, sorted_rows.new, number)
        _update(db, sorted_rows.changed)
        number += len(sorted_rows.new)
    return result


def foresee(db: Session, project: Project, rows: Iterable[TaskRow | Rejected], seen: Seen) -> ImportResult:
    """Say what `bring_in` would do; nothing is written."""
    result = ImportResult()
    for batch in _batches(rows):
        _sort(db, project, batch, seen, result)
    return result


def _batches(rows: Iterable[TaskRow | Rejected]) -> Iterator[list[TaskRow | Rejected]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _sort(db: Session, project: Project, batch: list[TaskRow | Rejected], seen: Seen, result: ImportResult) -> _Sorted:
    """Tell new, changed and equal rows apart, and count them in `result`."""
    first = [row for row in batch if isinstance(row, TaskRow) and _is_first(row, seen, result)]
    result.rejected += [row for row in batch if isinstance(row, Rejected)]
    result.rejected.sort(key=lambda row: row.line)
    known, found = _known(db, project, first), _Sorted()
    for row in first:
        id, digest = known.get(row.key, (None, ""))
        if id is None:
            found.new.append(row)
        elif digest == row.sha256:
            result.unchanged += 1
        else:
            found.changed[id] = row
    result.imported += len(found.new)
    result.updated += len(found.changed)
    return found


def _is_first(row: TaskRow, seen: Seen, result: ImportResult) -> bool:
    earlier = seen.earlier(row)
    if earlier is None:
        return True
    digest, line = earlier
    if digest == row.sha256:
        result.unchanged += 1
    else:
        message = "Line {line} has the same `external_id` and other content. Keep one of them."
        result.rejected.append(Rejected(row.line, Invalid(message, line=line), row.raw.rstrip("\r\n")))
    return False


def _known(db: Session, project: Project, rows: list[TaskRow]) -> dict[str, tuple[uuid.UUID | None, str]]:
    """Return {key: (task id, content hash)} of the rows that are tasks already."""
    columns = (col(Task.id), col(Task.external_id), col(Task.content_sha256))
    of_project = select(*columns).where(Task.project_id == project.id)
    named = [row.external_id for row in rows if row.external_id]
    nameless = [row.sha256 for row in rows if not row.external_id]
    found: dict[str, tuple[uuid.UUID | None, str]] = {}
    if named:
        for id, external_id, digest in db.exec(of_project.where(col(Task.external_id).in_(named))).all():
            found[f"id:{external_id}"] = (id, digest)
    if nameless:
        for id, _external_id, digest in db.exec(of_project.where(col(Task.content_sha256).in_(nameless))).all():
            found[f"sha256:{digest}"] = (id, digest)
    return found


def _insert(db: Session, project: Project, rows: list[TaskRow], last: int) -> None:
    tasks = [_task(project, row, number) for number, row in enumerate(rows, last + 1)]
    pairs = zip(tasks, rows, strict=True)
    drafts = [made for task, row in pairs for made in _drafts(row.drafts, task["id"], 0)]
    if tasks:
        db.connection().execute(TASKS.insert(), tasks)
    if drafts:
        db.connection().execute(DRAFTS.insert(), drafts)


def _update(db: Session, rows: dict[uuid.UUID, TaskRow]) -> None:
    if not rows:
        return
    changed = [_content(row) | {"row_id": id} for id, row in rows.items()]
    db.connection().execute(TASKS.update().where(TASKS.c.id == bindparam("row_id")), changed)
    query = select(Draft.task_id, Draft.model, Draft.text).where(col(Draft.task_id).in_(rows))
    have: dict[uuid.UUID, list[tuple[str, str]]] = {}
    for task_id, model, text in db.exec(query).all():
        have.setdefault(task_id, []).append((model, text))
    added = [made for id, row in rows.items() for made in _drafts_to_add(row, id, have.get(id, []))]
    if added:
        db.connection().execute(DRAFTS.insert(), added)


def _drafts_to_add(row: TaskRow, id: uuid.UUID, have: list[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    fresh = [draft for draft in row.drafts if (draft.model, draft.text) not in have]
    return _drafts(fresh, id, len(have))


def _content(row: TaskRow) -> dict[str, Any]:
    return {
        "messages": row.messages,
        "excerpt": row.excerpt,
        "reference_answer": row.reference_answer,
        "tags": row.tags,
        "priority": row.priority,
        "due_at": row.due_at,
        "due_sort": row.due_at.isoformat() if row.due_at else "9999",
        "metadata": row.metadata,
        "content_sha256": row.sha256,
        "language": row.language,
        "updated_at": now(),
    }


def _task(project: Project, row: TaskRow, number: int) -> dict[str, Any]:
    return _content(row) | {
        "id": new_id(),
        "created_at": now(),
        "project_id": project.id,
        "number": number,
        "external_id": row.external_id,
        "stage": Stage.OPEN,
        "version_count": 0,
    }


def _drafts(rows: Iterable[DraftRow], task_id: uuid.UUID, first: int) -> Iterator[dict[str, Any]]:
    for position, draft in enumerate(rows, first):
        yield {
            "id": new_id(),
            "created_at": now(),
            "task_id": task_id,
            "position": position,
            "model": draft.model,
            "endpoint": "",
            "imported": True,
            "state": DraftState.DONE,
            "text": draft.text,
            "error": "",
            "attempt": 0,
            "template": "",
            "template_sha256": "",
            "parameters": {},
            "usage": {},
            "cost": 0,
            "finish_reason": "",
            "metadata": draft.extra,
            "finished_at": now(),
        }
