"""Events: one row for every change, each holding the hash of the one before."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from server.models.base import AppendOnly, JSONType, UTCDateTime


class Event(AppendOnly, SQLModel, table=True):
    """A change. `sequence` counts from 1 without gaps; `hash` covers every other column."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_subject", "subject_id"), Index("ix_event_project", "project_id", "sequence"))
    sequence: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=UTCDateTime)
    actor_id: uuid.UUID | None = None
    name: str = Field(max_length=60)
    subject_type: str = Field(max_length=40)
    subject_id: uuid.UUID
    project_id: uuid.UUID | None = None
    details: dict[str, Any] = Field(sa_column=Column(JSONType, nullable=False))
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)
