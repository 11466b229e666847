"""Releases: exports that can be made again, byte for byte."""

import uuid
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field

from server.models.base import JSONType, Row


class Release(Row, table=True):
    """One export. Its files lie in `releases/<id>` under the home folder; `manifest` is the manifest's content."""

    __tablename__ = "release"
    project_id: uuid.UUID = Field(foreign_key="project.id", index=True)
    author_id: uuid.UUID | None = Field(default=None, foreign_key="user_account.id")
    format: str = Field(max_length=40)
    manifest: dict[str, Any] = Field(sa_column=Column(JSONType, nullable=False))
