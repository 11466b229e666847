"""Reads for the export pages."""

import uuid
from dataclasses import dataclass

from sqlalchemy import case, distinct
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, func, select

from server.errors import Forbidden, NotFound
from server.models import Draft, DraftState, Project, Release, Task, User
from server.policy import Action, can, visible

PAGE = 50


@dataclass(frozen=True)
class Outlook:
    """What an export would read now: approved answers, of how many tasks, how many of them with finished drafts."""

    approved: int
    tasks: int
    with_drafts: int


def project(db: Session, user: User, slug: str) -> Project:
    """Return a project by its slug. Raises NotFound."""
    found = db.exec(visible(user, Project).where(col(Project.slug) == slug)).first()
    if found is None:
        raise NotFound("There is no such project.")
    return found


def project_of(db: Session, user: User, release: Release) -> Project:
    """Return the project a visible release belongs to."""
    return db.exec(visible(user, Project).where(col(Project.id) == release.project_id)).one()


def get(db: Session, user: User, release_id: uuid.UUID) -> Release:
    """Return a release. Raises NotFound; Forbidden where its files would tell a member what the project keeps blind."""
    query = visible(user, Release).where(col(Release.id) == release_id).options(selectinload(Release.author))  # type: ignore[arg-type]
    found = db.exec(query).first()
    if found is None:
        raise NotFound("There is no such export.")
    project = project_of(db, user, found)
    if project.blind_drafts and not can(user, Action.CREATE_RELEASE, project):
        raise Forbidden("This project keeps the models behind its drafts blind, so only its leads open its exports.")
    return found


def releases(db: Session, user: User, of: Project, *, before: uuid.UUID | None = None) -> list[Release]:
    """Return a page of a project's releases, newest first, and one more when there is another page."""
    query = visible(user, Release).where(col(Release.project_id) == of.id).options(selectinload(Release.author))  # type: ignore[arg-type]
    if before is not None:
        query = query.where(col(Release.id) < before)
    return list(db.exec(query.order_by(col(Release.id).desc()).limit(PAGE + 1)).all())


def outlook(db: Session, user: User, of: Project) -> Outlook:
    """Count what an export would read, in two queries."""
    golden = col(Task.golden_version_id)
    counts = visible(user, Task).with_only_columns(func.count(case((golden.is_not(None), 1))), func.count())
    approved, tasks = db.execute(counts.where(col(Task.project_id) == of.id)).one()
    beside = (
        select(func.count(distinct(col(Draft.task_id))))
        .join(Task, col(Task.id) == Draft.task_id)
        .where(col(Task.project_id) == of.id, golden.is_not(None), col(Draft.state) == DraftState.DONE)
    )
    return Outlook(approved=approved, tasks=tasks, with_drafts=db.exec(beside).one())
