"""Verbs on tasks: import, take the next one, take a given one, release, skip."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from server import events
from server.config import settings
from server.errors import Conflict, Invalid
from server.events import EventName
from server.models import Project, Skip, Stage, Task, User, now
from server.policy import Action, authorize
from server.tasks import importing, intake
from server.text import normalise


def import_rows(
    db: Session,
    user: User,
    project: Project,
    rows: Iterable[intake.TaskRow | intake.Rejected],
    *,
    on_reject: Callable[[intake.Rejected], None] | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> importing.ImportResult:
    """Bring rows into a project; bad ones are left out and named. One event for the whole import."""
    authorize(user, Action.IMPORT_TASKS, project)
    result = importing.bring_in(db, project, rows, on_reject=on_reject, on_progress=on_progress)
    counts = result.as_json() | {"rejected": result.rejected_count}
    events.record(db, user, EventName.TASKS_IMPORTED, on=project, project_id=project.id, **counts)
    return result


def next_task(db: Session, user: User, project: Project) -> Task | None:
    """Give the writer the right task and its lease, or None when nothing waits.

    First what they hold or had sent back, then the open ones and those whose lease ran out: highest priority, then
    earliest due, then oldest. What they skipped is not offered again. Two writers never get the same one.
    """
    authorize(user, Action.TAKE_TASK, project)
    found = _mine(db, user, project) or _waiting(db, user, project)
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
    """Give a task back; what was written stays in its working copy."""
    authorize(user, Action.TAKE_TASK, task)
    _must_hold(db, user, task)
    _give_back(task)
    db.add(task)
    events.record(db, user, EventName.TASK_RELEASED, on=task)


def skip(db: Session, user: User, task: Task, reason: str) -> None:
    """Pass a task on with a reason; it is not offered to this writer again."""
    authorize(user, Action.TAKE_TASK, task)
    reason = normalise(reason.strip())[:2000]
    if not reason:
        raise Invalid("Say in a few words why you pass it on.", field="reason")
    _must_hold(db, user, task)
    known = db.exec(select(Skip).where(Skip.task_id == task.id, Skip.user_id == user.id)).first()
    row = known or Skip(task_id=task.id, user_id=user.id)
    row.reason = reason
    _give_back(task)
    db.add_all([row, task])
    events.record(db, user, EventName.TASK_SKIPPED, on=task, reason=reason)


def _mine(db: Session, user: User, project: Project) -> Task | None:
    query = (
        select(Task)
        .where(
            Task.project_id == project.id,
            Task.writer_id == user.id,
            or_(
                col(Task.stage) == Stage.SENT_BACK,
                (col(Task.stage) == Stage.WRITING) & (col(Task.lease_until) > now()),
            ),
        )
        .order_by(col(Task.priority).desc(), col(Task.due_sort), col(Task.id))
        .limit(1)
        .with_for_update()
    )
    return db.exec(query).first()


def _waiting(db: Session, user: User, project: Project) -> Task | None:
    """Return the first of the open tasks and of those whose lease ran out; each is one index walk."""
    candidates = [_first(db, user, project, col(Task.stage) == Stage.OPEN)]
    expired = (col(Task.stage) == Stage.WRITING) & (col(Task.lease_until) <= now())
    candidates.append(_first(db, user, project, expired))
    found = [task for task in candidates if task]
    return min(found, key=lambda task: (-task.priority, task.due_sort, task.id), default=None)


def _first(db: Session, user: User, project: Project, where: Any) -> Task | None:
    skipped = select(Skip.task_id).where(Skip.user_id == user.id)
    query = (
        select(Task)
        .where(Task.project_id == project.id, where, col(Task.id).not_in(skipped))
        .order_by(col(Task.priority).desc(), col(Task.due_sort), col(Task.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return db.exec(query).first()


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


def _must_hold(db: Session, user: User, task: Task) -> None:
    db.refresh(task, with_for_update=True)
    if task.writer_id != user.id or task.stage not in (Stage.WRITING, Stage.SENT_BACK):
        raise Conflict("You do not hold this task now.")


def _give_back(task: Task) -> None:
    task.lease_until, task.writer_id = None, None
    if task.stage is Stage.WRITING:
        task.stage = Stage.OPEN
