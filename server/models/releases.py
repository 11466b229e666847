"""Releases: exports that can be made again, byte for byte."""

import uuid
from typing import Any

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, Relationship

from server.models.accounts import User
from server.models.base import JSONType, Row


class Release(Row, table=True):
    """One export. Its files lie in `releases/<id>` under the home folder; `manifest` is the manifest's content.

    `sha256` is the manifest's own: the same content is the same release, whoever asks for it and however often.
    """

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("project_id", "sha256"),)
    project_id: uuid.UUID = Field(foreign_key="project.id", index=True)
    author_id: uuid.UUID | None = Field(default=None, foreign_key="user_account.id")
    format: str = Field(max_length=40)
    sha256: str = Field(max_length=64)
    manifest: dict[str, Any] = Field(sa_column=Column(JSONType, nullable=False))
    author: User | None = Relationship()
