"""Reads for the two pages that draw on every feature: my work, and a project."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, func, select

from server.events import EventName
from server.models import AnswerVersion, Event, Project, Review, Role, Stage, Task, User
from server.policy import Action, can
from server.projects import queries as projects
from server.reviews import queries as reviews
from server.tasks import queries as tasks

# what people did to the work; saves and drafts come too often to be read
TOLD = (
    EventName.PROJECT_CREATED,
    EventName.PROJECT_UPDATED,
    EventName.MEMBER_ADDED,
    EventName.MEMBER_REMOVED,
    EventName.TASKS_IMPORTED,
    EventName.TASK_TAKEN,
    EventName.TASK_RELEASED,
    EventName.TASK_SKIPPED,
    EventName.ANSWER_SUBMITTED,
    EventName.VERSION_RESTORED,
    EventName.REVIEW_SUBMITTED,
    EventName.RELEASE_CREATED,
)


@dataclass(frozen=True)
class Line:
    """A project on the home page, how many tasks stand at each stage, and whether its reader writes there."""

    project: Project
    counts: dict[Stage, int]
    can_write: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Work:
    """What waits for one person. `to_review` is None for someone who reviews nowhere."""

    sent_back: list[Task]
    held: list[Task]
    lines: list[Line]
    to_review: int | None

    @property
    def next_project(self) -> Project | None:
        """Where the next task comes from: the first project they write in that has an open one."""
        writing = [line for line in self.lines if line.can_write and line.counts[Stage.OPEN]]
        return writing[0].project if writing else None


@dataclass(frozen=True)
class Deed:
    """An event to be told in a sentence. `person` is whom it was done to; `task` and `number` name a version."""

    event: Event
    actor: User | None
    person: User | None = None
    task: Task | None = None
    number: int | None = None
    details: dict[str, Any] = field(default_factory=dict)


def work(db: Session, user: User) -> Work:
    """Return what waits for this person, in a handful of queries however many tasks there are."""
    mine = projects.mine(db, user)
    ids = {project.id for project in mine}
    counts = _counts(db, ids)
    lines = [Line(project, counts[project.id], can(user, Action.TAKE_TASK, project)) for project in mine]
    reviewing = any({Role.REVIEWER, Role.LEAD} & user.roles_in(project.id) for project in mine)
    return Work(
        sent_back=[task for task in tasks.sent_back_to(db, user) if task.project_id in ids],
        held=[task for task in tasks.held_by(db, user) if task.project_id in ids],
        lines=lines,
        to_review=reviews.waiting_count(db, user) if reviewing else None,
    )


def line(db: Session, user: User, project: Project) -> Line:
    """Return one project's counts."""
    return Line(project, tasks.counts(db, project), can(user, Action.TAKE_TASK, project))


def deeds(db: Session, project: Project, limit: int = 20) -> list[Deed]:
    """Return what was done in a project lately, newest first."""
    told = [name.value for name in TOLD]
    query = select(Event).where(Event.project_id == project.id, col(Event.name).in_(told))
    events = db.exec(query.order_by(col(Event.sequence).desc()).limit(limit)).all()
    versions = _versions_of(db, events)
    tasks_of = {event.subject_id for event in events} | {task_id for task_id, _number in versions.values()}
    found = _by_id(db, Task, tasks_of)
    people = _by_id(db, User, {event.actor_id for event in events} | {event.subject_id for event in events})
    told_deeds = []
    for event in events:
        task_id, number = versions.get(event.subject_id, (event.subject_id, None))
        actor, person = people.get(event.actor_id), people.get(event.subject_id)
        told_deeds.append(Deed(event, actor, person, found.get(task_id), number, event.details))
    return told_deeds


def _counts(db: Session, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[Stage, int]]:
    found = {id: dict.fromkeys(Stage, 0) for id in ids}
    query = select(Task.project_id, Task.stage, func.count()).where(col(Task.project_id).in_(found))
    for project_id, stage, count in db.exec(query.group_by(col(Task.project_id), col(Task.stage))).all():
        found[project_id][Stage(stage)] = count
    return found


def _versions_of(db: Session, events: Iterable[Event]) -> dict[uuid.UUID, tuple[uuid.UUID, int]]:
    """Return {id of a version or review: (id of its task, number of the version)}."""
    ids = {event.subject_id for event in events if event.subject_type in ("AnswerVersion", "Review")}
    columns = (col(AnswerVersion.task_id), col(AnswerVersion.number))
    versions = select(col(AnswerVersion.id), *columns).where(col(AnswerVersion.id).in_(ids))
    judged = (
        select(col(Review.id), *columns)
        .join(AnswerVersion, col(AnswerVersion.id) == col(Review.version_id))
        .where(col(Review.id).in_(ids))
    )
    rows = [*db.exec(versions).all(), *db.exec(judged).all()]
    return {id: (task_id, number) for id, task_id, number in rows}


def _by_id(db: Session, model: Any, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, Any]:
    wanted = {id for id in ids if id}
    return {row.id: row for row in db.exec(select(model).where(model.id.in_(wanted))).all()}
