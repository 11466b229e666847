"""Reads of the desk."""

import uuid
from dataclasses import dataclass

from sqlmodel import Session, col, select

from server.errors import NotFound
from server.guides import queries as guides
from server.models import Answer, AnswerVersion, Draft, Guide, GuideVersion, Project, Role, Task, User, Waiver, now
from server.policy import visible
from server.tasks import queries as tasks


@dataclass
class Desk:
    """What a writer sees of one task. `blind` hides model names, `with_reference` shows the reference answer."""

    task: Task
    project: Project
    guide: Guide
    guide_version: GuideVersion
    answer: Answer | None
    drafts: list[Draft]
    versions: list[AnswerVersion]
    waivers: list[Waiver]
    blind: bool
    with_reference: bool


def version(db: Session, user: User, id: uuid.UUID) -> AnswerVersion:
    """Return a version this user may see, or raise NotFound."""
    found = db.exec(visible(user, AnswerVersion).where(AnswerVersion.id == id)).first()
    if found is None:
        raise NotFound("There is no such version, or it belongs to a project you are not in.")
    return found


def answer(db: Session, task: Task, *, lock: bool = False) -> Answer | None:
    """Return the working copy of a task; `lock` holds it against other writers until the transaction ends."""
    query = select(Answer).where(Answer.task_id == task.id)
    return db.exec(query.with_for_update() if lock else query).first()


def waivers(db: Session, task: Task) -> list[Waiver]:
    """Return the diagnostics accepted in the working copy."""
    return list(db.exec(select(Waiver).where(Waiver.task_id == task.id).order_by(col(Waiver.id))).all())


def versions(db: Session, task: Task) -> list[AnswerVersion]:
    """Return a task's versions, oldest first."""
    query = select(AnswerVersion).where(AnswerVersion.task_id == task.id).order_by(col(AnswerVersion.number))
    return list(db.exec(query).all())


def latest_version(db: Session, task: Task) -> AnswerVersion | None:
    """Return a task's newest version."""
    query = select(AnswerVersion).where(AnswerVersion.task_id == task.id)
    return db.exec(query.order_by(col(AnswerVersion.number).desc()).limit(1)).first()


def drafts(db: Session, task: Task) -> list[Draft]:
    """Return a task's drafts, A first."""
    return list(db.exec(select(Draft).where(Draft.task_id == task.id).order_by(col(Draft.position))).all())


def desk(db: Session, user: User, id: uuid.UUID) -> Desk:
    """Return everything the desk shows of a task, or raise NotFound."""
    found = tasks.get(db, user, id)
    project = found.project
    leads = Role.LEAD in user.roles_in(project.id) or user.is_admin
    return Desk(
        task=found,
        project=project,
        guide=db.get_one(Guide, project.guide_id),
        guide_version=guides.current(db, project.guide_id),
        answer=answer(db, found),
        drafts=drafts(db, found),
        versions=versions(db, found),
        waivers=waivers(db, found),
        blind=project.blind_drafts and not leads,
        with_reference=project.show_reference or leads,
    )


def holder(db: Session, task: Task, user: User) -> User | None:
    """Return who else holds a task at this moment."""
    if task.writer_id in (None, user.id) or task.lease_until is None or task.lease_until <= now():
        return None
    return db.get(User, task.writer_id)
