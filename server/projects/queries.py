"""Reads of projects and their members."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from server.errors import NotFound
from server.models import Guide, Membership, Project, Role, User
from server.policy import visible


@dataclass
class Member:
    """A person and what they do in one project."""

    user: User
    roles: list[Role]


def get(db: Session, user: User, slug: str) -> Project:
    """Return a project this user may see, or raise NotFound."""
    found = db.exec(visible(user, Project).where(Project.slug == slug)).first()
    if found is None:
        raise NotFound("There is no such project, or you are not in it.")
    return found


def index(db: Session, user: User) -> list[Project]:
    """Return the projects this user may see, by name."""
    return list(db.exec(visible(user, Project).order_by(col(Project.name))).all())


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
        .order_by(col(User.name), col(Membership.role))
    )
    found: dict[str, Member] = {}
    for person, membership in db.exec(query).all():
        found.setdefault(person.email, Member(person, [])).roles.append(membership.role)
    return list(found.values())
