"""Reads: a task's drafts as this reader may see them, and how they were rated."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from server.errors import NotFound
from server.guides import queries as guides
from server.models import Draft, GuideVersion, Project, Rating, Task, User
from server.policy import Action, can, visible


@dataclass(frozen=True)
class Panel:
    """A task's drafts beside its guide's rubric. `scores` is {draft id: {criterion: score}} of this reader alone."""

    task: Task
    drafts: list[Draft]
    blind: bool
    rubric: list[dict[str, Any]]
    scores: dict[uuid.UUID, dict[str, int]] = field(default_factory=dict)


def draft(db: Session, user: User, id: uuid.UUID) -> Draft:
    """Return a draft this user may see. Raises NotFound."""
    found = db.exec(visible(user, Draft).where(Draft.id == id)).first()
    if found is None:
        raise NotFound("There is no such draft, or it belongs to a project you are not in.")
    return found


def panel(db: Session, user: User, task: Task) -> Panel:
    """Return everything the drafts region shows of a task."""
    found = list(db.exec(select(Draft).where(Draft.task_id == task.id).order_by(col(Draft.position))))
    rubric = guide_version(db, task.project).content.get("rubric", [])
    return Panel(task, found, is_blind(user, task.project), rubric, scores(db, user, [one.id for one in found]))


def guide_version(db: Session, project: Project) -> GuideVersion:
    """Return the guide version in force in a project."""
    return guides.current(db, project.guide_id)


def is_blind(user: User, project: Project) -> bool:
    """Say whether model names are kept from this reader. Leads choose the models, so they see them."""
    return project.blind_drafts and not can(user, Action.MANAGE_PROJECT, project)


def scores(db: Session, user: User, drafts: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, int]]:
    """Return {draft id: {criterion: score}}: this reader's newest ratings."""
    rows = db.exec(
        select(Rating)
        .where(col(Rating.draft_id).in_(drafts), Rating.rater_id == user.id)
        .order_by(col(Rating.created_at), col(Rating.id))
    )
    found: dict[uuid.UUID, dict[str, int]] = {}
    for row in rows:
        if row.draft_id is not None:
            found.setdefault(row.draft_id, {})[row.criterion] = row.score
    return found
