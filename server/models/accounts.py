"""People and the ways in: users, sign-ins, tokens, one-time links, failed tries."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, Relationship

from server.models.base import Row, UTCDateTime, choice
from server.models.projects import Membership, Role

SYSTEM_ID = uuid.UUID(int=0)


class Language(StrEnum):
    ENGLISH = "en"
    CHINESE = "zh_CN"


class User(Row, table=True):
    """A person. `password_hash` is empty until they have chosen a password."""

    __tablename__ = "user_account"
    email: str = Field(unique=True, max_length=254)
    name: str = Field(max_length=120)
    password_hash: str = ""
    is_admin: bool = False
    is_active: bool = True
    is_demonstration: bool = False
    language: Language = Field(default=Language.ENGLISH, sa_type=choice(Language))
    theme: str = Field(default="auto", max_length=8)
    memberships: list[Membership] = Relationship(sa_relationship_kwargs={"lazy": "selectin"})

    @property
    def is_system(self) -> bool:
        """Whether this is Goldsmith itself and not a person."""
        return self.id == SYSTEM_ID

    def roles_in(self, project_id: uuid.UUID) -> set[Role]:
        """Return this person's roles in a project: empty for an outsider."""
        return {m.role for m in self.memberships if m.project_id == project_id}


class SignIn(Row, table=True):
    """A server-side session. The cookie holds the token; here is only its SHA-256."""

    __tablename__ = "sign_in"
    token_hash: str = Field(unique=True, max_length=64)
    user_id: uuid.UUID = Field(foreign_key="user_account.id", index=True)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    agent: str = Field(default="", max_length=200)


class ApiToken(Row, table=True):
    """A bearer token of a person. Shown once; here is only its SHA-256 and first characters."""

    __tablename__ = "api_token"
    user_id: uuid.UUID = Field(foreign_key="user_account.id", index=True)
    name: str = Field(max_length=80)
    token_hash: str = Field(unique=True, max_length=64)
    prefix: str = Field(max_length=12)
    last_used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class OneTimeLink(Row, table=True):
    """A link that works once: the first administrator's set-up, an invitation, a new password."""

    __tablename__ = "one_time_link"
    token_hash: str = Field(unique=True, max_length=64)
    user_id: uuid.UUID | None = Field(default=None, foreign_key="user_account.id")
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class FailedSignIn(Row, table=True):
    """A wrong password, by account or address: what throttling counts."""

    __tablename__ = "failed_sign_in"
    __table_args__ = (Index("ix_failed_sign_in_key_created", "key", "created_at"),)
    key: str = Field(max_length=300)
