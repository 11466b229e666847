"""Reads of projects and their members."""

import uuid
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from server.errors import NotFound
from server.models import Guide, Membership, Project, Role, User
from server.policy import visible


@dataclass(frozen=True)
class Member:
    """A person and what they do in one project."""

    user: User
    roles: list[Role]


@dataclass(frozen=True)
class Entry:
    """A project on the list; `roles` are the reader's own there."""

    project: Project
    guide: Guide
    members: int
    roles: list[Role]


def get(db: Session, user: User, slug: str) -> Project:
    """Return a project this user may see, or raise NotFound."""
    found = db.exec(visible(user, Project).where(Project.slug == slug)).first()
    if found is None:
        raise NotFound("There is no such project, or you are not in it.")
    return found


def mine(db: Session, user: User) -> list[Project]:
    """Return the projects this user may see, by name."""
    return list(db.exec(visible(user, Project).order_by(col(Project.name), col(Project.slug))).all())


def index(db: Session, user: User) -> list[Entry]:
    """Return the projects this user may see with what the list says about each, in three queries."""
    projects = mine(db, user)
    known = {guide.id: guide for guide in db.exec(select(Guide)).all()}
    teams = select(Membership.project_id, func.count(func.distinct(Membership.user_id)))
    sizes = dict(db.exec(teams.group_by(col(Membership.project_id))).all())
    return [Entry(p, known[p.guide_id], sizes.get(p.id, 0), in_order(user.roles_in(p.id))) for p in projects]


def guide(db: Session, project: Project) -> Guide:
    """Return the guide a project follows."""
    return db.get_one(Guide, project.guide_id)


def guides(db: Session) -> list[Guide]:
    """Return every guide, by slug."""
    return list(db.exec(select(Guide).order_by(col(Guide.slug))).all())


def members(db: Session, project: Project) -> list[Member]:
    """Return a project's people with their roles, by name."""
    query = (
        select(User, Membership)
        .join(Membership, col(Membership.user_id) == col(User.id))
        .where(Membership.project_id == project.id)
        .order_by(col(User.name), col(User.email))
    )
    people: dict[uuid.UUID, tuple[User, set[Role]]] = {}
    for person, membership in db.exec(query).all():
        people.setdefault(person.id, (person, set()))[1].add(membership.role)
    return [Member(person, in_order(roles)) for person, roles in people.values()]


def member(db: Session, project: Project, person_id: uuid.UUID) -> User:
    """Return one of a project's people, or raise NotFound."""
    held = select(Membership.user_id).where(Membership.project_id == project.id)
    found = db.exec(select(User).where(User.id == person_id, col(User.id).in_(held))).first()
    if found is None:
        raise NotFound("This person is not in the project.")
    return found


def in_order(roles: set[Role]) -> list[Role]:
    """Return roles as the work flows: writer, reviewer, lead."""
    return [role for role in Role if role in roles]
