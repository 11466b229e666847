"""Tries to sign in: counted before they are judged, so that many at once cannot outrun the count."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from server import events
from server.accounts import passwords, queries
from server.config import settings
from server.db import unit_of_work
from server.errors import TooMany
from server.events import EventName
from server.models import FailedSignIn, User, now
from server.text import sha256

# an office shares one address: it may fail more often than one account
PER_ADDRESS = 5


def passes(email: str, password: str, address: str) -> User | None:
    """Return the person whose password this is, or None. Raises TooMany while an account or address is paused.

    The slow comparison runs between two short transactions: nobody's save waits for a stranger's guess.
    """
    with unit_of_work() as db:
        _refuse_too_many(db, email, address)
        counted = [FailedSignIn(key=key) for key in _keys(email, address)]
        db.add_all(counted)
        person = queries.by_email(db, email)
    is_right = passwords.match(password, person.password_hash if person else "")
    with unit_of_work() as db:
        person = queries.by_email(db, email)
        if person is None:
            return None
        if not (is_right and queries.let_in(db, person)):
            events.record(db, None, EventName.SIGN_IN_REFUSED, on=person, address=address)
            return None
        _forget(db, email, counted)
        return person


def _keys(email: str, address: str) -> tuple[str, str]:
    # hashed: people type passwords into the wrong field
    return f"account:{sha256(email.strip().lower())}", f"address:{address}"[:300]


def _refuse_too_many(db: Session, email: str, address: str) -> None:
    pause = timedelta(minutes=settings().login_pause_minutes)
    db.exec(delete(FailedSignIn).where(col(FailedSignIn.created_at) < now() - pause))
    most = settings().login_attempts
    for key, limit in zip(_keys(email, address), (most, most * PER_ADDRESS), strict=True):
        if queries.failures(db, key) >= limit:
            raise TooMany(
                "Too many failed tries. Wait {minutes} minutes, then try again.",
                retry_after=settings().login_pause_minutes * 60,
                minutes=settings().login_pause_minutes,
            )


def _forget(db: Session, email: str, counted: Sequence[FailedSignIn]) -> None:
    account, _ = _keys(email, "")
    mine = col(FailedSignIn.id).in_([row.id for row in counted])
    db.exec(delete(FailedSignIn).where((col(FailedSignIn.key) == account) | mine))
