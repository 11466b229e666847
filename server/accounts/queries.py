"""Reads about people."""

import uuid
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from server.config import settings
from server.errors import NotFound
from server.models import ApiToken, FailedSignIn, Membership, OneTimeLink, Project, Role, SignIn, User, now


def by_email(db: Session, email: str) -> User | None:
    """Return the person with this address, in whatever letters it was typed."""
    return db.exec(select(User).where(User.email == email.strip().lower())).first()


def person(db: Session, id: uuid.UUID) -> User:
    """Return a person, or raise NotFound."""
    found = db.get(User, id)
    if found is None:
        raise NotFound("There is no such person.")
    return found


def people(db: Session) -> list[User]:
    """Return everybody, by name."""
    return list(db.exec(select(User).order_by(col(User.is_active).desc(), col(User.name))).all())


def sign_ins(db: Session, user: User) -> list[SignIn]:
    """Return a person's open sign-ins, newest first."""
    query = select(SignIn).where(SignIn.user_id == user.id, col(SignIn.revoked_at).is_(None), SignIn.expires_at > now())
    return list(db.exec(query.order_by(col(SignIn.id).desc())).all())


def tokens(db: Session, user: User) -> list[ApiToken]:
    """Return a person's API tokens that work, newest first."""
    query = select(ApiToken).where(ApiToken.user_id == user.id, col(ApiToken.revoked_at).is_(None))
    return list(db.exec(query.order_by(col(ApiToken.id).desc())).all())


def open_link(db: Session, token_hash: str, *, lock: bool = True) -> OneTimeLink:
    """Return a one-time link that still works, or raise NotFound."""
    query = select(OneTimeLink).where(
        OneTimeLink.token_hash == token_hash, col(OneTimeLink.used_at).is_(None), OneTimeLink.expires_at > now()
    )
    found = db.exec(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound("This link was used already, or is too old. Ask an administrator for a new one.")
    return found


def invited(db: Session, token_hash: str) -> User | None:
    """Return whom a one-time link that still works is for: None where it makes the first administrator."""
    link = open_link(db, token_hash, lock=False)
    return person(db, link.user_id) if link.user_id else None


def failures(db: Session, key: str) -> int:
    """Return how often a key failed to sign in within the pause."""
    since = now() - timedelta(minutes=settings().login_pause_minutes)
    query = select(func.count()).select_from(FailedSignIn)
    return db.exec(query.where(FailedSignIn.key == key, FailedSignIn.created_at > since)).one()


def is_demonstration(db: Session) -> bool:
    """Whether the store holds the demonstration and nobody with a password of their own: then its cast may walk in."""
    cast = select(User.id).where(col(User.is_demonstration), col(User.is_active))
    own = select(User.id).where(~col(User.is_demonstration), col(User.is_active), User.password_hash != "")
    return db.exec(cast.limit(1)).first() is not None and db.exec(own.limit(1)).first() is None


def let_in(db: Session, person: User | None) -> User | None:
    """Return the person unless their account is closed, or belongs to a demonstration that is over."""
    if person is None or not person.is_active:
        return None
    return None if person.is_demonstration and not is_demonstration(db) else person


def cast(db: Session) -> list[User]:
    """Return the demonstration's people while they may walk in, in the order they were made."""
    if not is_demonstration(db):
        return []
    query = select(User).where(col(User.is_demonstration), col(User.is_active))
    return list(db.exec(query.order_by(col(User.id))).all())


def has_administrator(db: Session) -> bool:
    """Whether someone real administers this store."""
    query = select(User.id).where(User.is_admin, User.is_active, User.is_demonstration == False)  # noqa: E712
    return db.exec(query.limit(1)).first() is not None


def roles(db: Session, person: User | None = None) -> dict[uuid.UUID, list[tuple[Project, list[Role]]]]:
    """Return {person's id: [(project, their roles in it)]}, projects by name; of one person, or of everybody."""
    query = select(Membership, Project).join(Project, col(Project.id) == col(Membership.project_id))
    if person:
        query = query.where(Membership.user_id == person.id)
    found: dict[uuid.UUID, dict[uuid.UUID, tuple[Project, list[Role]]]] = {}
    for membership, project in db.exec(query.order_by(col(Project.name), col(Project.id))).all():
        theirs = found.setdefault(membership.user_id, {})
        theirs.setdefault(project.id, (project, []))[1].append(membership.role)
    order = list(Role)
    return {
        id: [(project, sorted(held, key=order.index)) for project, held in theirs.values()]
        for id, theirs in found.items()
    }


def last_sign_in(db: Session, person: User) -> datetime | None:
    """Return when a person last signed in, None for never."""
    return db.exec(select(func.max(SignIn.created_at)).where(SignIn.user_id == person.id)).one()
