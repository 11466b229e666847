"""Verbs on guides: publish a version, and bring in the guides that come with Goldsmith."""

from sqlmodel import Session, col, select

from server import events, lint
from server.config import resources
from server.errors import Conflict
from server.events import EventName
from server.guides import checking
from server.models import Guide, GuideVersion, User
from server.policy import Action, authorize
from server.text import sha256


def publish(
    db: Session, user: User, source: str, file: str = "guide", *, slug: str = "", base: int | None = None
) -> GuideVersion:
    """Check a guide's YAML and make it the newest version; the same text again changes nothing.

    `slug` is the guide it must be, `base` the number of the version the author started from (0: a new guide).
    Raises lint.GuideError with every problem found, Conflict when someone else published meanwhile.
    """
    authorize(user, Action.PUBLISH_GUIDE)
    guide, source = checking.read(source, file, slug=slug)
    return _add(db, user, guide, source, base)


def sync_builtin(db: Session) -> list[GuideVersion]:
    """Publish the guides that come with Goldsmith and return the new versions.

    A guide whose newest version a person wrote is theirs, and is left alone.
    """
    added = []
    for path in sorted(resources("styleguides").glob("*.yaml")):
        guide, source = checking.read(path.read_text("utf-8"), path.name, slug=path.stem)
        newest = _newest(db, guide.guide)
        if newest is None or (newest.author_id is None and newest.sha256 != sha256(source)):
            added.append(_add(db, None, guide, source))
    return added


def _add(db: Session, author: User | None, guide: lint.Guide, source: str, base: int | None = None) -> GuideVersion:
    row = db.exec(select(Guide).where(Guide.slug == guide.guide).with_for_update()).first()
    newest = _newest(db, guide.guide)
    digest, number = sha256(source), newest.number if newest else 0
    if newest and newest.sha256 == digest:
        return newest
    if base is not None and base != number:
        raise _overtaken(guide.guide, base, number)
    row = row or Guide(slug=guide.guide, title=guide.title)
    row.title = guide.title
    db.add(row)
    db.flush()
    version = GuideVersion(
        guide_id=row.id,
        number=number + 1,
        sha256=digest,
        source=source,
        content=guide.model_dump(mode="json", exclude_none=True),
        author_id=author.id if author else None,
    )
    db.add(version)
    events.record(
        db, author, EventName.GUIDE_PUBLISHED, on=version, guide=row.slug, number=version.number, sha256=digest
    )
    return version


def _overtaken(slug: str, base: int, number: int) -> Conflict:
    if base == 0:
        return Conflict("There is already a guide called {name}. Open it to change it.", name=slug)
    return Conflict(
        "Version {number} of {name} was published while you wrote. Your text is still here: compare it with version "
        "{number}, then publish again.",
        name=slug,
        number=number,
    )


def _newest(db: Session, slug: str) -> GuideVersion | None:
    query = select(GuideVersion).join(Guide, col(Guide.id) == col(GuideVersion.guide_id)).where(Guide.slug == slug)
    return db.exec(query.order_by(col(GuideVersion.number).desc()).limit(1)).first()
