"""Reads of reviewers: what waits for them, and everything about one version."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import contains_eager, defer, joinedload
from sqlmodel import Session, col, func, select

from server.answers import queries as answers
from server.errors import Invalid, NotFound
from server.guides import queries as guides
from server.models import AnswerVersion, Draft, Guide, GuideVersion, Project, Review, Role, Stage, Task, User
from server.policy import Action, can, visible

PAGE = 50
REVIEWING = {Role.REVIEWER, Role.LEAD}


@dataclass(frozen=True)
class Queue:
    """Versions that wait, oldest first, and the cursor of the next page. `own` counts what others must review."""

    versions: list[AnswerVersion]
    next_cursor: str | None
    total: int
    own: int


@dataclass(frozen=True)
class Reading:
    """One version with what its reader needs beside it. `reviews` are those of the whole task, newest first."""

    version: AnswerVersion
    task: Task
    project: Project
    guide: Guide
    guide_version: GuideVersion
    versions: list[AnswerVersion]
    drafts: list[Draft]
    reviews: list[Review]
    people: dict[str, User]
    blind: bool
    with_reference: bool

    @property
    def latest(self) -> AnswerVersion:
        return self.versions[-1]

    @property
    def previous(self) -> AnswerVersion | None:
        """The version this one came from, None for the first."""
        return next((v for v in self.versions if v.id == self.version.parent_id), None)

    @property
    def is_golden(self) -> bool:
        return self.task.golden_version_id == self.version.id

    @property
    def is_waiting(self) -> bool:
        """Whether this version asks for a verdict."""
        return self.task.stage is Stage.IN_REVIEW and self.version.id == self.latest.id

    def can_review(self, user: User) -> bool:
        return self.is_waiting and can(user, Action.REVIEW_VERSION, self.version)


def project(db: Session, user: User, slug: str) -> Project:
    """Return a project this user may see. Raises NotFound."""
    found = db.exec(visible(user, Project).where(Project.slug == slug)).first()
    if found is None:
        raise NotFound("There is no project {name}, or you are not in it.", name=slug)
    return found


def queue(db: Session, user: User, *, project: Project | None = None, cursor: str = "", limit: int = PAGE) -> Queue:
    """Return what waits for this reviewer, in one project or in all where they review; their own work is left out."""
    waiting = _waiting(user, project)
    others = waiting.where(col(AnswerVersion.author_id) != user.id)
    page = others.options(
        contains_eager(AnswerVersion.task).joinedload(Task.project),  # type: ignore[arg-type]
        joinedload(AnswerVersion.author),  # type: ignore[arg-type]
        defer(AnswerVersion.text),  # type: ignore[arg-type]
        defer(AnswerVersion.report),  # type: ignore[arg-type]
    )
    if cursor:
        page = page.where(col(AnswerVersion.id) > _cursor(cursor))
    rows = list(db.exec(page.order_by(col(AnswerVersion.id)).limit(limit + 1)).all())
    more = str(rows[limit - 1].id) if len(rows) > limit else None
    total = count(db, others)
    return Queue(rows[:limit], more, total, count(db, waiting) - total)


def waiting_count(db: Session, user: User, project: Project | None = None) -> int:
    """Return how many versions wait for this reviewer."""
    return count(db, _waiting(user, project).where(col(AnswerVersion.author_id) != user.id))


def next_waiting(db: Session, user: User) -> AnswerVersion | None:
    """Return the version that has waited longest for this reviewer."""
    query = _waiting(user, None).where(col(AnswerVersion.author_id) != user.id)
    found: AnswerVersion | None = db.exec(query.order_by(col(AnswerVersion.id)).limit(1)).first()
    return found


def reading(db: Session, user: User, id: uuid.UUID) -> Reading:
    """Return a version with everything its page shows. Raises NotFound."""
    version = answers.version(db, user, id)
    return _reading(db, user, version)


def history(db: Session, user: User, task: Task) -> Reading | None:
    """Return a task's newest version with all the others; None before the first."""
    latest = answers.latest_version(db, task)
    return _reading(db, user, latest) if latest else None


def reviews(db: Session, versions: Iterable[AnswerVersion]) -> list[Review]:
    """Return the reviews of these versions, newest first."""
    ids = [version.id for version in versions]
    query = select(Review).where(col(Review.version_id).in_(ids)).order_by(col(Review.id).desc())
    return list(db.exec(query.options(joinedload(Review.reviewer))).all())  # type: ignore[arg-type]


def by_version(given: Iterable[Review]) -> dict[uuid.UUID, list[Review]]:
    """Return the reviews by version, oldest first."""
    found: dict[uuid.UUID, list[Review]] = {}
    for review in given:
        found.setdefault(review.version_id, []).insert(0, review)
    return found


def numbered(reading: Reading, number: int) -> AnswerVersion:
    """Return version `number` of the same task. Raises NotFound."""
    for version in reading.versions:
        if version.number == number:
            return version
    raise NotFound("This task has no version {number}; it has {count}.", number=number, count=len(reading.versions))


def _reading(db: Session, user: User, version: AnswerVersion) -> Reading:
    task = version.task
    versions = answers.versions(db, task)
    leads = Role.LEAD in user.roles_in(task.project_id) or user.is_admin
    by = {uuid.UUID(waiver["by"]) for waiver in version.waivers if waiver.get("by")}
    people = db.exec(select(User).where(col(User.id).in_(by | {v.author_id for v in versions}))).all()
    return Reading(
        version=version,
        task=task,
        project=task.project,
        guide=db.get_one(Guide, version.guide_version.guide_id),
        guide_version=guides.version(db, version.guide_version_id),
        versions=versions,
        drafts=[draft for draft in answers.drafts(db, task) if draft.text],
        reviews=reviews(db, versions),
        people={str(person.id): person for person in people},
        blind=task.project.blind_drafts and not leads,
        with_reference=task.project.show_reference or leads or can(user, Action.REVIEW_VERSION, version),
    )


def _waiting(user: User, project: Project | None) -> Any:
    projects = {m.project_id for m in user.memberships if m.role in REVIEWING}
    if project is not None:
        projects &= {project.id}
    return visible(user, AnswerVersion).where(
        col(Task.project_id).in_(projects),
        Task.stage == Stage.IN_REVIEW,
        col(AnswerVersion.number) == col(Task.version_count),
    )


def count(db: Session, query: Any) -> int:
    """Return how many rows a query finds."""
    return int(db.exec(query.with_only_columns(func.count())).one())


def _cursor(cursor: str) -> uuid.UUID:
    try:
        return uuid.UUID(cursor)
    except ValueError:
        raise Invalid("This page address is not whole. Go back to the first page.", field="cursor") from None
