"""What is sent about tasks, and the JSON shapes of tasks and imports."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict

from server.models import Task
from server.tasks.importing import ImportResult
from server.web import languages


class SkipForm(BaseModel):
    """Why a task is passed on."""

    model_config = ConfigDict(extra="forbid")
    reason: str


class TaskRecord(BaseModel):
    """A task without its drafts, answer and versions; GET /api/v1/tasks/{id} has those too."""

    id: uuid.UUID
    number: int
    external_id: str | None
    messages: list[dict[str, Any]]
    tags: list[str]
    priority: int
    due_at: datetime | None
    stage: str
    language: str
    metadata: dict[str, Any]
    writer_id: uuid.UUID | None
    lease_until: datetime | None
    version_count: int
    golden_version_id: uuid.UUID | None
    created_at: datetime
    updated_at: datetime


class TaskPageRecord(BaseModel):
    """A page in the order of the tasks' numbers; `next_cursor` is null on the last."""

    items: list[TaskRecord]
    next_cursor: str | None


class RejectedRecord(BaseModel):
    """A row that was left out: its line in the file, counted from 1, and why."""

    line: int
    reason: str


class ImportRecord(BaseModel):
    imported: int
    updated: int
    unchanged: int
    rejected: list[RejectedRecord]


def task_record(task: Task) -> TaskRecord:
    fields = {name: getattr(task, name) for name in TaskRecord.model_fields if name != "metadata"}
    return TaskRecord(**fields, metadata=task.extra)


def import_record(request: Request, parts: Iterable[ImportResult]) -> ImportRecord:
    """Return the sum of an import's parts, the reasons in the request's language."""
    total = ImportRecord(imported=0, updated=0, unchanged=0, rejected=[])
    for part in parts:
        total.imported += part.imported
        total.updated += part.updated
        total.unchanged += part.unchanged
        total.rejected += [
            RejectedRecord(line=row.line, reason=languages.sentence(request, row.error)) for row in part.rejected
        ]
    return total
