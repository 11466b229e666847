"""Reads of the golden shelf: the approved answers of a project."""

from dataclasses import dataclass

from sqlalchemy.orm import defer, joinedload
from sqlmodel import Session, col, select

from server.errors import Invalid
from server.models import AnswerVersion, Project, Review, Task, User, Verdict
from server.policy import visible
from server.reviews import queries as reviews

PAGE = 50


@dataclass(frozen=True)
class Entry:
    """A golden answer. `is_contested` while a newer version of the same task is not approved."""

    task: Task
    version: AnswerVersion
    approval: Review | None

    @property
    def is_contested(self) -> bool:
        return self.task.version_count > self.version.number


@dataclass(frozen=True)
class Shelf:
    """One page of a project's golden answers, by task number."""

    entries: list[Entry]
    next_cursor: str | None
    total: int


def shelf(db: Session, user: User, project: Project, *, cursor: str = "", limit: int = PAGE) -> Shelf:
    """Return the approved answers of a project. `cursor` is the number of the last task of the page before."""
    golden = visible(user, Task).where(Task.project_id == project.id, col(Task.golden_version_id).is_not(None))
    query = golden.where(col(Task.number) > _number(cursor)).order_by(col(Task.number)).limit(limit + 1)
    tasks = list(db.exec(query.options(joinedload(Task.project))).all())  # type: ignore[arg-type]
    more = str(tasks[limit - 1].number) if len(tasks) > limit else None
    total = reviews.count(db, golden)
    return Shelf(_entries(db, tasks[:limit]), more, total)


def _entries(db: Session, tasks: list[Task]) -> list[Entry]:
    ids = [task.golden_version_id for task in tasks]
    query = select(AnswerVersion).where(col(AnswerVersion.id).in_(ids))
    light = query.options(
        joinedload(AnswerVersion.author),  # type: ignore[arg-type]
        joinedload(AnswerVersion.guide_version),  # type: ignore[arg-type]
        defer(AnswerVersion.text),  # type: ignore[arg-type]
        defer(AnswerVersion.report),  # type: ignore[arg-type]
    )
    versions = {version.id: version for version in db.exec(light).all()}
    given = reviews.by_version(reviews.reviews(db, versions.values()))
    return [
        Entry(task, versions[task.golden_version_id], _approval(given.get(task.golden_version_id, [])))
        for task in tasks
        if task.golden_version_id
    ]


def _approval(given: list[Review]) -> Review | None:
    return next((review for review in given if review.verdict is Verdict.APPROVE), None)


def _number(cursor: str) -> int:
    if not cursor:
        return 0
    if not cursor.isdecimal() or len(cursor) > 9:
        raise Invalid("This page address is not whole. Go back to the first page.", field="cursor")
    return int(cursor)
