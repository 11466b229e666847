"""Reads of tasks: one, a page of many, and how many stand where."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from server.errors import Invalid, NotFound
from server.models import Project, Stage, Task, User, now
from server.policy import visible

PAGE = 50
LARGEST_PAGE = 500


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty means all. `text` looks into the excerpt, the external id and the number."""

    stage: str = ""
    tag: str = ""
    language: str = ""
    writer: str = ""
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return not any((self.stage, self.tag, self.language, self.writer, self.text))


@dataclass(frozen=True)
class TaskPage:
    """A page of tasks in the order of their numbers. `next_cursor` is empty on the last."""

    items: list[Task]
    next_cursor: str


def get(db: Session, user: User, id: uuid.UUID) -> Task:
    """Return a task this user may see, or raise NotFound."""
    found = db.exec(visible(user, Task).where(Task.id == id)).first()
    if found is None:
        raise NotFound("There is no such task, or it belongs to a project you are not in.")
    return found


def page(
    db: Session, user: User, project: Project, filters: Filters, *, cursor: str = "", limit: int = PAGE
) -> TaskPage:
    """Return the tasks after `cursor`, which is the number of the last one seen."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise Invalid("`limit` is a whole number from 1 to {most}.", most=LARGEST_PAGE, field="limit")
    query = _filtered(visible(user, Task).where(Task.project_id == project.id), filters)
    query = query.where(Task.number > _number(cursor)).order_by(col(Task.number)).limit(limit + 1)
    found = list(db.exec(query).all())
    return TaskPage(found[:limit], str(found[limit - 1].number) if len(found) > limit else "")


def _number(cursor: str) -> int:
    if not cursor:
        return 0
    if not cursor.isdecimal() or len(cursor) > 9:
        raise Invalid("This `cursor` is not one that this list gave. Start again without it.", field="cursor")
    return int(cursor)


def _filtered(query: SelectOfScalar[Task], filters: Filters) -> SelectOfScalar[Task]:
    if filters.stage:
        if filters.stage not in [stage.value for stage in Stage]:
            raise Invalid("There is no stage called {name}.", name=filters.stage, field="stage")
        query = query.where(Task.stage == Stage(filters.stage))
    if filters.tag:
        quoted = filters.tag.replace("\\", "\\\\").replace('"', '\\"').replace("%", "\\%").replace("_", "\\_")
        query = query.where(cast(Task.tags, String).like(f'%"{quoted}"%', escape="\\"))
    if filters.language:
        query = query.where(Task.language == filters.language)
    if filters.writer:
        query = query.where(col(Task.writer_id).in_(select(User.id).where(User.email == filters.writer.lower())))
    if filters.text:
        pattern = "%" + filters.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        matches: list[Any] = [
            col(Task.excerpt).ilike(pattern, escape="\\"),
            col(Task.external_id).ilike(pattern, escape="\\"),
        ]
        if filters.text.isdecimal() and len(filters.text) < 10:
            matches.append(col(Task.number) == int(filters.text))
        query = query.where(or_(*matches))
    return query


def counts(db: Session, project: Project) -> dict[Stage, int]:
    """Return how many tasks of a project stand at each stage, in one query; every stage is there."""
    query = select(Task.stage, func.count()).where(Task.project_id == project.id).group_by(col(Task.stage))
    found = {Stage(stage): count for stage, count in db.exec(query).all()}
    return dict.fromkeys(Stage, 0) | found


def held_by(db: Session, user: User) -> list[Task]:
    """Return the tasks this person is writing, the one due first on top."""
    query = select(Task).where(Task.writer_id == user.id, Task.stage == Stage.WRITING, col(Task.lease_until) > now())
    return list(db.exec(query.order_by(col(Task.due_sort), col(Task.id))).all())


def sent_back_to(db: Session, user: User) -> list[Task]:
    """Return the tasks sent back to this person, the one due first on top."""
    query = select(Task).where(Task.writer_id == user.id, Task.stage == Stage.SENT_BACK)
    return list(db.exec(query.order_by(col(Task.due_sort), col(Task.id))).all())


def writers(db: Session, tasks: list[Task]) -> dict[uuid.UUID, str]:
    """Return {id: name} of the people these tasks are with, in one query."""
    ids = {task.writer_id for task in tasks if task.writer_id}
    found = db.exec(select(User.id, User.name).where(col(User.id).in_(ids))).all() if ids else []
    return dict(list(found))
