"""Guides: a name, and the immutable contents it has had."""

import uuid
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field

from server.models.base import AppendOnly, JSONType, Row


class Guide(Row, table=True):
    __tablename__ = "guide"
    slug: str = Field(unique=True, max_length=60)
    title: str = Field(max_length=200)


class GuideVersion(AppendOnly, Row, table=True):
    """One content of a guide. `source` is the YAML as written, `content` the same, checked and as JSON."""

    __tablename__ = "guide_version"
    __table_args__ = (UniqueConstraint("guide_id", "number"),)
    guide_id: uuid.UUID = Field(foreign_key="guide.id", index=True)
    number: int
    sha256: str = Field(max_length=64)
    source: str
    content: dict[str, Any] = Field(sa_column=Column(JSONType, nullable=False))
    author_id: uuid.UUID | None = Field(default=None, foreign_key="user_account.id")
