"""Tasks: the prompts to answer, their stage, and who holds them."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, desc, text
from sqlmodel import Field, Relationship

from server.errors import Conflict
from server.models.base import JSONType, Row, UTCDateTime, choice
from server.models.projects import Project


class Stage(StrEnum):
    """Where a task is on its way. `sent_back` and `open` are ready to write."""

    OPEN = "open"
    WRITING = "writing"
    IN_REVIEW = "in_review"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    REJECTED = "rejected"


# the queue's index holds only what may be handed out, so taking the next task costs the same in any project; a query
# uses it only when it says the same words
WRITABLE = "stage IN ('open', 'writing')"


class Task(Row, table=True):
    """A prompt of one or several turns.

    `messages` is a list of {role: system|user|assistant, content}; `excerpt` its last user turn on one line.
    `lease_until` and `writer_id` say who holds it; a lease in the past holds nothing.
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("project_id", "number"),
        UniqueConstraint("project_id", "external_id"),
        Index(
            "ix_task_queue",
            *("project_id", desc("priority"), "due_sort", "id"),
            sqlite_where=text(WRITABLE),
            postgresql_where=text(WRITABLE),
        ),
        Index("ix_task_stage", "project_id", "stage", "number"),
        Index("ix_task_language", "project_id", "language", "number"),
        Index("ix_task_content", "project_id", "content_sha256"),
        Index("ix_task_writer", "writer_id", "stage", "project_id"),
    )
    project_id: uuid.UUID = Field(foreign_key="project.id")
    number: int
    external_id: str | None = Field(default=None, max_length=200)
    messages: list[dict[str, Any]] = Field(sa_column=Column(JSONType, nullable=False))
    excerpt: str = ""
    reference_answer: str | None = None
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSONType, nullable=False))
    priority: int = 0
    due_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    # the due date again as sortable text, "9999" where there is none: one index serves both databases
    due_sort: str = Field(default="9999", max_length=32)
    extra: dict[str, Any] = Field(default_factory=dict, sa_column=Column("metadata", JSONType, nullable=False))
    content_sha256: str = Field(max_length=64)
    language: str = Field(default="en", max_length=8)
    stage: Stage = Field(default=Stage.OPEN, sa_type=choice(Stage))
    writer_id: uuid.UUID | None = Field(default=None, foreign_key="user_account.id")
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    version_count: int = 0
    golden_version_id: uuid.UUID | None = None
    updated_at: datetime = Field(sa_type=UTCDateTime)
    project: Project = Relationship()

    @property
    def prompt(self) -> str:
        """The text of the last user turn."""
        users = [m["content"] for m in self.messages if m.get("role") == "user"]
        return str(users[-1] if users else self.messages[-1]["content"])

    def held_by(self, user_id: uuid.UUID, at: datetime) -> bool:
        """Say whether this person holds the task at this moment."""
        return self.writer_id == user_id and self.lease_until is not None and self.lease_until > at

    def submit(self) -> None:
        """Move to review. Raises Conflict for a rejected task."""
        if self.stage is Stage.REJECTED:
            raise Conflict("This task was rejected; nothing more can be submitted for it.")
        self.stage = Stage.IN_REVIEW

    def approve(self, version_id: uuid.UUID) -> None:
        """Make a version golden. Raises Conflict unless the task is in review."""
        self._must_be_in_review()
        self.stage, self.golden_version_id = Stage.APPROVED, version_id

    def send_back(self) -> None:
        """Return the task to its writer. Raises Conflict unless it is in review."""
        self._must_be_in_review()
        self.stage = Stage.SENT_BACK

    def reject(self) -> None:
        """Close the task without an answer. Raises Conflict unless it is in review."""
        self._must_be_in_review()
        self.stage = Stage.REJECTED

    def _must_be_in_review(self) -> None:
        if self.stage is not Stage.IN_REVIEW:
            raise Conflict("This task is not waiting for review any more.")


class Skip(Row, table=True):
    """A writer passed a task on, with the reason; it is not offered to them again."""

    __tablename__ = "skip"
    __table_args__ = (UniqueConstraint("task_id", "user_id"),)
    task_id: uuid.UUID = Field(foreign_key="task.id", index=True)
    user_id: uuid.UUID = Field(foreign_key="user_account.id", index=True)
    reason: str = ""
