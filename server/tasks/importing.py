"""Bringing checked rows into a project: new ones added, changed ones updated, equal ones left alone.

A row is known again by its `external_id`, or, without one, by its content. Rows are written in batches of 500 with
few statements, all in the caller's transaction.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col, func, select

from server.models import Draft, DraftState, Project, Stage, Task, new_id, now
from server.tasks.intake import Rejected, TaskRow

BATCH = 500
Progress = Callable[[int], None]


@dataclass
class ImportResult:
    """What an import did. `rejected` keeps the first `KEPT` rejections; `rejected_count` counts them all."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected_count: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        rejected = [{"line": r.line, "reason": r.reason} for r in self.rejected]
        return {
            "imported": self.imported,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": rejected,
        }


KEPT = 1000


def bring_in(
    db: Session,
    project: Project,
    rows: Iterable[TaskRow | Rejected],
    *,
    on_reject: Callable[[Rejected], None] | None = None,
    on_progress: Progress | None = None,
) -> ImportResult:
    """Write `rows` into `project` and say what became of them."""
    result = ImportResult()
    number = db.exec(select(func.max(Task.number)).where(Task.project_id == project.id)).one() or 0
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        good = [row for row in batch if isinstance(row, TaskRow)]
        for row in batch:
            if isinstance(row, Rejected):
                _reject(result, row, on_reject)
        number = _write(db, project, _last_of_each(good, result), number, result)
        if on_progress:
            on_progress(len(batch))
    return result


def _reject(result: ImportResult, row: Rejected, on_reject: Callable[[Rejected], None] | None) -> None:
    result.rejected_count += 1
    if len(result.rejected) < KEPT:
        result.rejected.append(row)
    if on_reject:
        on_reject(row)


def _last_of_each(rows: list[TaskRow], result: ImportResult) -> list[TaskRow]:
    """Keep the last of the rows that are the same task; the earlier ones count as unchanged."""
    kept = {row.external_id or row.sha256: row for row in rows}
    result.unchanged += len(rows) - len(kept)
    return list(kept.values())


def _write(db: Session, project: Project, rows: list[TaskRow], number: int, result: ImportResult) -> int:
    known = _known(db, project, rows)
    tasks: list[dict[str, Any]] = []
    drafts: list[dict[str, Any]] = []
    for row in rows:
        old = known.get(row.external_id or row.sha256)
        if old is None:
            number += 1
            tasks.append(_task(project, row, number))
            drafts += _drafts(row, tasks[-1]["id"], 0)
            result.imported += 1
        elif old[1] == row.sha256:
            result.unchanged += 1
        else:
            db.execute(update(Task).where(col(Task.id) == old[0]).values(**_content(row)))
            drafts += _new_drafts(db, row, old[0])
            result.updated += 1
    if tasks:
        db.execute(insert(Task), tasks)
    if drafts:
        db.execute(insert(Draft), drafts)
    return number


def _known(db: Session, project: Project, rows: list[TaskRow]) -> dict[str, tuple[uuid.UUID, str]]:
    """Return {external id, or content hash where there is none: (task id, content hash)} of the rows already here."""
    columns = (col(Task.id), col(Task.external_id), col(Task.content_sha256))
    of_project = select(*columns).where(Task.project_id == project.id)
    named = [row.external_id for row in rows if row.external_id]
    hashes = [row.sha256 for row in rows if not row.external_id]
    found: dict[str, tuple[uuid.UUID, str]] = {}
    for id, external_id, sha256 in db.exec(of_project.where(col(Task.external_id).in_(named))).all() if named else ():
        found[external_id or ""] = (id, sha256)
    nameless = of_project.where(col(Task.content_sha256).in_(hashes), col(Task.external_id).is_(None))
    for id, _none, sha256 in db.exec(nameless).all() if hashes else ():
        found[sha256] = (id, sha256)
    return found


def _content(row: TaskRow) -> dict[str, Any]:
    return {
        "messages": row.messages,
        "excerpt": row.excerpt,
        "reference_answer": row.reference_answer,
        "tags": row.tags,
        "priority": row.priority,
        "due_at": row.due_at,
        "due_sort": row.due_at.isoformat() if row.due_at else "9999",
        "extra": row.metadata,
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


def _drafts(row: TaskRow, task_id: uuid.UUID, first: int) -> Iterator[dict[str, Any]]:
    for position, draft in enumerate(row.drafts, first):
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
            "extra": draft.extra,
            "finished_at": now(),
        }


def _new_drafts(db: Session, row: TaskRow, task_id: uuid.UUID) -> list[dict[str, Any]]:
    """Return the row's drafts that the task does not have yet: drafts are added, never taken away."""
    query = select(Draft.model, Draft.text, Draft.position).where(Draft.task_id == task_id)
    have = db.exec(query).all()
    fresh = [d for d in row.drafts if (d.model, d.text) not in {(model, text) for model, text, _ in have}]
    first = max((position for _, _, position in have), default=-1) + 1
    return list(_drafts(_with_drafts(row, fresh), task_id, first))


def _with_drafts(row: TaskRow, drafts: Any) -> TaskRow:
    from dataclasses import replace

    return replace(row, drafts=drafts)
