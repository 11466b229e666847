"""Verbs on tasks: import, take the next one, take a given one, release, skip."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import case, text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from server import events
from server.config import settings
from server.errors import Conflict, Invalid
from server.events import EventName
from server.models import Membership, Project, Role, Skip, Stage, Task, User, now
from server.models.tasks import WRITABLE
from server.policy import Action, authorize, can
from server.tasks import importing, intake
from server.text import normalise

QUEUE = (col(Task.priority).desc(), col(Task.due_sort), col(Task.id))
LONGEST_REASON = 2_000


def import_rows(
    db: Session,
    user: User,
    project: Project,
    rows: Iterable[intake.TaskRow | intake.Rejected],
    *,
    seen: importing.Seen | None = None,
) -> importing.ImportResult:
    """Bring rows into a project; bad ones are left out and named. `seen` ties the parts of one file together."""
    authorize(user, Action.IMPORT_TASKS, project)
    result = importing.bring_in(db, project, rows, seen or importing.Seen())
    if result.changes:
        events.record(db, user, EventName.TASKS_IMPORTED, on=project, project_id=project.id, **result.counts())
    return result


def next_task(db: Session, user: User, project: Project) -> Task | None:
    """Give the writer the right task and its lease, or None when nothing waits.

    First what they are writing, then what was sent back to them, then what was sent back to someone who left, then the
    open tasks and those whose lease ran out: highest priority, earliest due, oldest. What they skipped is not offered
    again. Two writers never get the same one.
    """
    authorize(user, Action.TAKE_TASK, project)
    found = _mine(db, user, project) or _orphan(db, user, project) or _waiting(db, user, project)
    return _lease(db, user, found) if found else None


def take(db: Session, user: User, task: Task) -> Task:
    """Lease a particular task. Raises Conflict while someone else holds it, or when it is closed."""
    authorize(user, Action.TAKE_TASK, task)
    db.refresh(task, with_for_update=True)
    if task.stage is Stage.REJECTED:
        raise Conflict("This task was rejected; it takes no more answers.")
    if task.writer_id not in (None, user.id) and task.lease_until and task.lease_until > now():
        raise Conflict("{name} is writing this answer now.", name=db.get_one(User, task.writer_id).name)
    return _lease(db, user, task)


def release(db: Session, user: User, task: Task) -> None:
    """Give a task back; what was written stays in its working copy. A lead may free what someone else holds."""
    authorize(user, Action.TAKE_TASK, task)
    _must_hold(db, user, task, or_lead=True)
    holder = str(task.writer_id)
    _give_back(task)
    db.add(task)
    events.record(db, user, EventName.TASK_RELEASED, on=task, holder=holder)


def skip(db: Session, user: User, task: Task, reason: str) -> None:
    """Pass a task on with a reason; it is not offered to this writer again."""
    authorize(user, Action.TAKE_TASK, task)
    reason = normalise(reason.strip())
    if not reason:
        raise Invalid("Say in a few words why you pass it on.", field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid("Keep the reason under {limit} characters.", limit=LONGEST_REASON, field="reason")
    _must_hold(db, user, task)
    known = db.exec(select(Skip).where(Skip.task_id == task.id, Skip.user_id == user.id)).first()
    row = known or Skip(task_id=task.id, user_id=user.id)
    row.reason = reason
    _give_back(task)
    db.add_all([row, task])
    events.record(db, user, EventName.TASK_SKIPPED, on=task, reason=reason)


def _mine(db: Session, user: User, project: Project) -> Task | None:
    mine = (col(Task.project_id) == project.id) & (col(Task.writer_id) == user.id)
    query = select(Task).where(mine, col(Task.stage).in_((Stage.WRITING, Stage.SENT_BACK)))
    is_later = case((col(Task.stage) == Stage.WRITING, 0), else_=1)
    return db.exec(query.order_by(is_later, *QUEUE).limit(1).with_for_update()).first()


def _orphan(db: Session, user: User, project: Project) -> Task | None:
    """Return what was sent back to nobody, or to someone who writes here no more."""
    writers = (
        select(Membership.user_id)
        .join(User, col(User.id) == col(Membership.user_id))
        .where(Membership.project_id == project.id, col(Membership.role).in_((Role.WRITER, Role.LEAD)), User.is_active)
    )
    has_no_writer = col(Task.writer_id).is_(None) | col(Task.writer_id).not_in(writers)
    query = select(Task).where(Task.project_id == project.id, Task.stage == Stage.SENT_BACK, has_no_writer)
    return db.exec(_first(query, user)).first()


def _waiting(db: Session, user: User, project: Project) -> Task | None:
    """Return the first of the open tasks and of those whose lease ran out: one walk along the queue's index."""
    is_free = (col(Task.stage) == Stage.OPEN) | (col(Task.lease_until) <= now())
    return db.exec(_first(select(Task).where(Task.project_id == project.id, text(WRITABLE), is_free), user)).first()


def _first(query: SelectOfScalar[Task], user: User) -> SelectOfScalar[Task]:
    """Narrow to the first this person did not skip, passing over what another writer is being given right now."""
    skipped = select(Skip.id).where(Skip.task_id == Task.id, Skip.user_id == user.id).exists()
    return query.where(~skipped).order_by(*QUEUE).limit(1).with_for_update(skip_locked=True)


def _lease(db: Session, user: User, task: Task) -> Task:
    is_new = task.writer_id != user.id or task.lease_until is None or task.lease_until <= now()
    task.writer_id = user.id
    task.lease_until = now() + timedelta(minutes=settings().lease_minutes)
    if task.stage is Stage.OPEN:
        task.stage = Stage.WRITING
    db.add(task)
    if is_new:
        events.record(db, user, EventName.TASK_TAKEN, on=task)
    return task


def _must_hold(db: Session, user: User, task: Task, *, or_lead: bool = False) -> None:
    db.refresh(task, with_for_update=True)
    is_held = task.writer_id is not None and task.stage in (Stage.WRITING, Stage.SENT_BACK)
    may = task.writer_id == user.id or (or_lead and can(user, Action.MANAGE_PROJECT, task))
    if not is_held or not may:
        raise Conflict("You do not hold this task now.")


def _give_back(task: Task) -> None:
    task.lease_until, task.writer_id = None, None
    if task.stage is Stage.WRITING:
        task.stage = Stage.OPEN
