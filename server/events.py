"""The audit trail: `record()` beside every change, in its transaction; a hash chain that shows tampering."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import text
from sqlmodel import Session, col, select

from server.models import Event, User, now
from server.text import canonical_json, sha256

GENESIS = "0" * 64
_CHAIN_LOCK = 0x601D  # PostgreSQL advisory lock: one writer of the chain at a time


class EventName(StrEnum):
    """Every deed that is recorded, `noun.past`."""

    USER_CREATED = "user.created"
    USER_UPDATED = "user.updated"
    USER_DEACTIVATED = "user.deactivated"
    LINK_ISSUED = "link.issued"
    PASSWORD_SET = "password.set"
    SIGN_IN_OPENED = "sign_in.opened"
    SIGN_IN_REFUSED = "sign_in.refused"
    SIGN_IN_REVOKED = "sign_in.revoked"
    TOKEN_CREATED = "token.created"
    TOKEN_REVOKED = "token.revoked"
    GUIDE_PUBLISHED = "guide.published"
    PROJECT_CREATED = "project.created"
    PROJECT_UPDATED = "project.updated"
    MEMBER_ADDED = "member.added"
    MEMBER_REMOVED = "member.removed"
    TASKS_IMPORTED = "tasks.imported"
    TASK_UPDATED = "task.updated"
    TASK_TAKEN = "task.taken"
    TASK_RELEASED = "task.released"
    TASK_SKIPPED = "task.skipped"
    DRAFT_REQUESTED = "draft.requested"
    DRAFT_FINISHED = "draft.finished"
    DRAFT_FAILED = "draft.failed"
    DRAFT_CANCELLED = "draft.cancelled"
    DRAFT_RATED = "draft.rated"
    ANSWER_SAVED = "answer.saved"
    DIAGNOSTIC_WAIVED = "diagnostic.waived"
    WAIVER_REMOVED = "waiver.removed"
    ANSWER_SUBMITTED = "answer.submitted"
    VERSION_RESTORED = "version.restored"
    REVIEW_SUBMITTED = "review.submitted"
    RELEASE_CREATED = "release.created"


class Subject(Protocol):
    """Anything with a key: what an event is about."""

    id: uuid.UUID


def record(
    db: Session,
    user: User | None,
    name: EventName,
    /,
    *,
    on: Subject,
    project_id: uuid.UUID | None = None,
    **details: Any,
) -> Event:
    """Add an event to the chain in this transaction. `details` must be JSON values; `user` is None for the system."""
    db.flush()
    if db.get_bind().dialect.name == "postgresql":
        db.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    last = db.exec(select(Event).order_by(col(Event.sequence).desc()).limit(1)).first()
    event = Event(
        sequence=last.sequence + 1 if last else 1,
        at=now(),
        actor_id=user.id if user and not user.is_system else None,
        name=name.value,
        subject_type=type(on).__name__,
        subject_id=on.id,
        project_id=project_id or getattr(on, "project_id", None),
        details=details,
        previous=last.hash if last else GENESIS,
        hash="",
    )
    event.hash = fingerprint(event)
    db.add(event)
    db.flush()
    return event


def fingerprint(event: Event) -> str:
    """Return the SHA-256 of everything an event says, the previous hash included."""
    return sha256(
        canonical_json(
            [
                event.sequence,
                event.at.isoformat(timespec="microseconds"),
                str(event.actor_id or ""),
                event.name,
                event.subject_type,
                str(event.subject_id),
                str(event.project_id or ""),
                event.details,
                event.previous,
            ]
        )
    )


@dataclass(frozen=True)
class Audit:
    """Outcome of walking the chain. `broken_at` is the first wrong sequence number, None when all is well."""

    events: int
    head: str
    broken_at: int | None = None
    reason: str = ""


def verify(db: Session) -> Audit:
    """Walk the whole chain in constant memory and name the first broken row."""
    previous, count = GENESIS, 0
    for event in _walk(db):
        count += 1
        if event.sequence != count:
            return Audit(count, previous, count, f"event {count} is missing")
        if event.previous != previous:
            return Audit(count, previous, count, f"event {count} does not follow the one before it")
        if fingerprint(event) != event.hash:
            return Audit(count, previous, count, f"event {count} ({event.name}) was changed after it was written")
        previous = event.hash
    return Audit(count, previous)


def _walk(db: Session) -> Iterator[Event]:
    after = 0
    while batch := db.exec(
        select(Event).where(col(Event.sequence) > after).order_by(col(Event.sequence)).limit(1000)
    ).all():
        yield from batch
        after = batch[-1].sequence
        db.expunge_all()
