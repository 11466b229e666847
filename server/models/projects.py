"""Projects and who belongs to them."""

import uuid
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Relationship

from server.models.base import Row, choice


class Role(StrEnum):
    WRITER = "writer"
    REVIEWER = "reviewer"
    LEAD = "lead"


class Project(Row, table=True):
    """A body of tasks with one guide and one team."""

    __tablename__ = "project"
    slug: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=120)
    description: str = ""
    guide_id: uuid.UUID = Field(foreign_key="guide.id")
    show_reference: bool = True
    blind_drafts: bool = False
    is_demonstration: bool = False
    memberships: list["Membership"] = Relationship(back_populates="project")


class Membership(Row, table=True):
    """One role of one person in one project; a person may have several."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("project_id", "user_id", "role"),)
    project_id: uuid.UUID = Field(foreign_key="project.id", index=True)
    user_id: uuid.UUID = Field(foreign_key="user_account.id", index=True)
    role: Role = Field(sa_type=choice(Role))
    project: Project = Relationship(back_populates="memberships")
