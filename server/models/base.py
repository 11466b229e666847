"""What every table shares: UUIDv7 keys made here, UTC times, JSON, and rows that are only ever added."""

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import uuid_utils
from sqlalchemy import JSON, DateTime, Enum, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapper
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from server.errors import Conflict


def new_id() -> uuid.UUID:
    """Return a UUIDv7: unique, and sorted by the time it was made."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


def now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def choice(kind: type[StrEnum]) -> Any:
    """Return a column type that stores an enum's values as plain text, checked here and not by the database."""
    return Enum(kind, values_callable=lambda k: [member.value for member in k], native_enum=False, length=20)


class Row(SQLModel):
    """A table's row with its key and birthday."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    created_at: datetime = Field(default_factory=now, sa_type=UTCDateTime, nullable=False)


class AppendOnly:
    """A row that is never changed or deleted: here by guard, in the database by trigger."""


APPEND_ONLY_TABLES = ("guide_version", "answer_version", "review", "rating", "event")


def _refuse(_mapper: Mapper[Any], _connection: object, target: object) -> None:
    raise Conflict("A {noun} is never changed once it is written.", noun=type(target).__name__)


event.listen(AppendOnly, "before_update", _refuse, propagate=True)
event.listen(AppendOnly, "before_delete", _refuse, propagate=True)

JSONType = JSON
