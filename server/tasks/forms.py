"""The JSON shapes of tasks and imports."""

import uuid
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from server.models import Task


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
    items: list[TaskRecord]
    next_cursor: str | None


class RejectedRecord(BaseModel):
    line: int
    reason: str


class ImportRecord(BaseModel):
    """`rejected` holds the first 1,000 rows that were left out, with their reasons."""

    imported: int
    updated: int
    unchanged: int
    rejected: list[RejectedRecord]


def task_record(task: Task) -> TaskRecord:
    fields = {name: getattr(task, name) for name in TaskRecord.model_fields if name != "metadata"}
    return TaskRecord(**fields, metadata=task.extra)
