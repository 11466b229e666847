"""Reads of tasks: one, a page of many, and how many stand where."""

import json
import uuid
from dataclasses import dataclass, fields

from sqlalchemy import ColumnElement, Text, cast
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from server.errors import Invalid, NotFound
from server.models import Project, Stage, Task, User
from server.policy import visible
from server.text import normalise

PAGE = 50
LARGEST_PAGE = 500
LANGUAGES = ("en", "zh")
_LARGEST_NUMBER = 2_000_000_000


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; empty means all. `writer` is a person's id or `none`; `text` looks into the
    beginning of the prompt, the external id and the number.
    """

    stage: str = ""
    tag: str = ""
    language: str = ""
    writer: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        for name in (f.name for f in fields(self)):
            object.__setattr__(self, name, normalise(getattr(self, name).strip())[:200])

    @property
    def is_empty(self) -> bool:
        return not self.chosen

    @property
    def chosen(self) -> dict[str, str]:
        """Those in use, as the query of an address."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name)}


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
    number = _whole(cursor)
    if number is None:
        raise Invalid("This `cursor` is not one that this list gave. Start again without it.", field="cursor")
    return number


def _whole(text: str) -> int | None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None
    return number if number is not None and number <= _LARGEST_NUMBER else None


def _filtered(query: SelectOfScalar[Task], filters: Filters) -> SelectOfScalar[Task]:
    if filters.stage:
        query = query.where(Task.stage == _stage(filters.stage))
    if filters.language:
        if filters.language not in LANGUAGES:
            raise Invalid("`language` is en or zh.", field="language")
        query = query.where(Task.language == filters.language)
    if filters.writer:
        query = query.where(Task.writer_id == _writer(filters.writer))
    if filters.tag:
        # a JSON list is kept as the text it was written as, on both databases
        query = query.where(cast(Task.tags, Text).contains(json.dumps(filters.tag), autoescape=True))
    return query.where(_mentions(filters.text)) if filters.text else query


def _stage(name: str) -> Stage:
    if name not in list(Stage):
        raise Invalid("There is no stage “{name}”. Use one of: {all}.", name=name, all=", ".join(Stage), field="stage")
    return Stage(name)


def _writer(text: str) -> uuid.UUID | None:
    if text == "none":
        return None
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Invalid("`writer` is the id of a person, or none.", field="writer") from error


def _mentions(text: str) -> ColumnElement[bool]:
    matches = [
        col(Task.excerpt).icontains(text, autoescape=True),
        col(Task.external_id).icontains(text, autoescape=True),
    ]
    number = _whole(text.removeprefix("#"))
    return or_(*matches, col(Task.number) == number) if number is not None else or_(*matches)


def has_tasks(db: Session, project: Project) -> bool:
    """Say whether a project has any task."""
    return db.exec(select(Task.id).where(Task.project_id == project.id).limit(1)).first() is not None


def counts(db: Session, project: Project) -> dict[Stage, int]:
    """Return how many tasks of a project stand at each stage, in one query; every stage is there."""
    query = select(Task.stage, func.count()).where(Task.project_id == project.id).group_by(col(Task.stage))
    found = {Stage(stage): count for stage, count in db.exec(query).all()}
    return dict.fromkeys(Stage, 0) | found


def held_by(db: Session, user: User) -> list[Task]:
    """Return the tasks this person is writing, the one due first on top; one whose lease ran out is still theirs
    until somebody else is given it.
    """
    return _of_writer(db, user, Stage.WRITING)


def sent_back_to(db: Session, user: User) -> list[Task]:
    """Return the tasks sent back to this person, the one due first on top."""
    return _of_writer(db, user, Stage.SENT_BACK)


def _of_writer(db: Session, user: User, stage: Stage) -> list[Task]:
    query = select(Task).where(Task.writer_id == user.id, Task.stage == stage)
    return list(db.exec(query.order_by(col(Task.due_sort), col(Task.id))).all())


def writers(db: Session, tasks: list[Task]) -> dict[uuid.UUID, str]:
    """Return {id: name} of the people these tasks are with, in one query."""
    ids = {task.writer_id for task in tasks if task.writer_id}
    found = db.exec(select(User.id, User.name).where(col(User.id).in_(ids))).all() if ids else []
    return dict(list(found))
