"""Answers: the working copy, and the immutable versions made from it."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, Relationship

from server.models.accounts import User
from server.models.base import AppendOnly, JSONType, Row, UTCDateTime, choice
from server.models.guides import GuideVersion
from server.models.tasks import Task


class Answer(Row, table=True):
    """The working copy of a task's answer. `revision` grows by one with every save."""

    __tablename__ = "answer"
    task_id: uuid.UUID = Field(foreign_key="task.id", unique=True)
    text: str = ""
    revision: int = 0
    saved_by_id: uuid.UUID | None = Field(default=None, foreign_key="user_account.id")
    saved_at: datetime = Field(sa_type=UTCDateTime)


class Waiver(Row, table=True):
    """A diagnostic of the working copy accepted with a reason, found again by its fingerprint."""

    __tablename__ = "waiver"
    __table_args__ = (UniqueConstraint("task_id", "fingerprint"),)
    task_id: uuid.UUID = Field(foreign_key="task.id", index=True)
    fingerprint: str = Field(max_length=64)
    code: str = Field(max_length=16)
    reason: str
    user_id: uuid.UUID = Field(foreign_key="user_account.id")


class Origin(StrEnum):
    """How a version came to be."""

    SUBMISSION = "submission"
    RESTORE = "restore"


class AnswerVersion(AppendOnly, Row, table=True):
    """An answer as it was submitted, for ever.

    `report` is the lint report of exactly this text under `guide_version`, with what it takes to make it again;
    `waivers` a list of {fingerprint, code, reason, by}; `checklist` the ids ticked; `attribution` {draft id: share of
    the answer's words}.
    """

    __tablename__ = "answer_version"
    __table_args__ = (UniqueConstraint("task_id", "number"),)
    task_id: uuid.UUID = Field(foreign_key="task.id", index=True)
    number: int
    text: str
    sha256: str = Field(max_length=64)
    parent_id: uuid.UUID | None = Field(default=None, foreign_key="answer_version.id")
    author_id: uuid.UUID = Field(foreign_key="user_account.id")
    guide_version_id: uuid.UUID = Field(foreign_key="guide_version.id")
    origin: Origin = Field(default=Origin.SUBMISSION, sa_type=choice(Origin))
    report: dict[str, Any] = Field(sa_column=Column(JSONType, nullable=False))
    waivers: list[dict[str, Any]] = Field(sa_column=Column(JSONType, nullable=False))
    checklist: list[str] = Field(sa_column=Column(JSONType, nullable=False))
    attribution: dict[str, Any] = Field(sa_column=Column(JSONType, nullable=False))
    message: str = ""
    task: Task = Relationship()
    author: User = Relationship()
    guide_version: GuideVersion = Relationship()
