"""Drafts: what models answered, growing while they answer."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field, Relationship

from server.models.base import JSONType, Row, UTCDateTime, choice
from server.models.tasks import Task


class DraftState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Draft(Row, table=True):
    """One model's answer to one task. `position` counts from 0 within the task: 0 is draft A.

    `usage` is {prompt_tokens, completion_tokens}; `latency_ms` and `first_token_ms` count from the call;
    `cost` is in micro-units of the endpoint's currency.
    """

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("task_id", "position"), Index("ix_draft_state", "state", "created_at"))
    task_id: uuid.UUID = Field(foreign_key="task.id", index=True)
    position: int
    model: str = Field(max_length=200)
    endpoint: str = Field(default="", max_length=120)
    imported: bool = False
    state: DraftState = Field(default=DraftState.QUEUED, sa_type=choice(DraftState))
    text: str = ""
    error: str = ""
    attempt: int = 0
    template: str = Field(default="", max_length=120)
    template_sha256: str = Field(default="", max_length=64)
    parameters: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONType, nullable=False))
    usage: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONType, nullable=False))
    cost: int = 0
    finish_reason: str = Field(default="", max_length=40)
    first_token_ms: int | None = None
    latency_ms: int | None = None
    extra: dict[str, Any] = Field(default_factory=dict, sa_column=Column("metadata", JSONType, nullable=False))
    requested_by: uuid.UUID | None = Field(default=None, foreign_key="user_account.id")
    started_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    task: Task = Relationship()

    @property
    def label(self) -> str:
        """A, B, … Z, AA: the name that does not tell the model."""
        number, letters = self.position + 1, ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be added to it."""
        return self.state in (DraftState.DONE, DraftState.FAILED, DraftState.CANCELLED)
