"""Reads: guides, their versions, and what lint makes of them."""

import json
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from server import lint
from server.errors import NotFound
from server.models import Guide, GuideVersion, Project, User
from server.policy import visible


@dataclass(frozen=True)
class Entry:
    """A guide on the index: its newest version, and how many of the reader's projects follow it."""

    guide: Guide
    version: GuideVersion
    projects: int


@dataclass(frozen=True)
class Line:
    """One rule in force under a guide. `options` holds only what the guide sets."""

    rule: lint.Rule
    level: str
    options: dict[str, Any]
    is_set: bool


def current(db: Session, guide_id: uuid.UUID) -> GuideVersion:
    """Return the newest version of a guide."""
    return db.exec(_versions(guide_id).limit(1)).one()


def current_by_slug(db: Session, slug: str) -> GuideVersion:
    """Return the newest version of the guide of this name. Raises NotFound."""
    guide = db.exec(select(Guide).where(Guide.slug == slug)).first()
    if guide is None:
        raise NotFound("There is no guide called {name}.", name=slug)
    return current(db, guide.id)


def version(db: Session, version_id: uuid.UUID) -> GuideVersion:
    """Return one version. Raises NotFound."""
    found = db.get(GuideVersion, version_id)
    if found is None:
        raise NotFound("There is no such version of a guide.")
    return found


def index(db: Session, user: User) -> list[Entry]:
    """Return every guide, by name."""
    following = Counter(project.guide_id for project in db.exec(visible(user, Project)).all())
    guides = db.exec(visible(user, Guide).order_by(col(Guide.slug))).all()
    return [Entry(guide, current(db, guide.id), following[guide.id]) for guide in guides]


def get(db: Session, user: User, slug: str) -> Guide:
    """Return the guide of this name. Raises NotFound."""
    guide = db.exec(visible(user, Guide).where(Guide.slug == slug)).first()
    if guide is None:
        raise NotFound("There is no guide called {name}.", name=slug)
    return guide


def versions(db: Session, guide: Guide) -> list[GuideVersion]:
    """Return every version of a guide, newest first."""
    return list(db.exec(_versions(guide.id)).all())


def numbered(db: Session, guide: Guide, number: int) -> GuideVersion:
    """Return version `number` of a guide. Raises NotFound."""
    found = db.exec(_versions(guide.id).where(GuideVersion.number == number)).first()
    if found is None:
        raise NotFound("{name} has no version {number}.", name=guide.slug, number=number)
    return found


def authors(db: Session, rows: list[GuideVersion]) -> dict[uuid.UUID, User]:
    """Return who published these versions, by id; a version that came with Goldsmith has nobody."""
    ids = {row.author_id for row in rows if row.author_id}
    return {user.id: user for user in db.exec(select(User).where(col(User.id).in_(ids))).all()}


def projects(db: Session, user: User, guide: Guide) -> list[Project]:
    """Return the projects the reader may see that follow a guide."""
    return list(db.exec(visible(user, Project).where(Project.guide_id == guide.id).order_by(col(Project.name))).all())


def content(guide_version: GuideVersion) -> lint.Guide:
    """Return what a version says, as the engine reads it."""
    # as JSON, for what a guide's own rules hold is checked strictly: a list is no tuple, but in JSON it may be one
    return lint.Guide.model_validate_json(json.dumps(guide_version.content))


def lint_lines(guide: lint.Guide) -> list[Line] | None:
    """Return the rules in force under a guide; None when this engine no longer understands its settings."""
    try:
        settings = guide.settings()
    except ValidationError:
        return None
    return [
        Line(each.rule, each.level, each.options.model_dump(exclude_unset=True), each.level_is_set) for each in settings
    ]


def _versions(guide_id: uuid.UUID) -> SelectOfScalar[GuideVersion]:
    return select(GuideVersion).where(GuideVersion.guide_id == guide_id).order_by(col(GuideVersion.number).desc())
