"""What tests of tasks do again and again."""

import threading
from typing import Any

from sqlmodel import Session, col, select

from server.models import Event, Membership, Role, Task, User
from server.tasks import importing, intake, service
from tests import factories
from tests.factories import Cast


def rows(*contents: dict[str, Any], first: int = 1) -> list[intake.TaskRow | intake.Rejected]:
    return [intake.parse(line, row) for line, row in enumerate(contents, first)]


def bring(db: Session, cast: Cast, *contents: dict[str, Any]) -> importing.ImportResult:
    return service.import_rows(db, cast.lea, cast.project, rows(*contents))


def tasks(db: Session) -> list[Task]:
    db.expire_all()
    return list(db.exec(select(Task).order_by(col(Task.number))).all())


def names(db: Session) -> list[str]:
    return [event.name for event in db.exec(select(Event).order_by(col(Event.sequence))).all()]


def next_number(db: Session, cast: Cast, user: User | None = None) -> int | None:
    task = service.next_task(db, user or cast.wren, cast.project)
    return task.number if task else None


def another_writer(db: Session, cast: Cast, name: str = "Wilma", role: Role = Role.WRITER) -> User:
    user = factories.person(db, name)
    db.add(Membership(project_id=cast.project.id, user_id=user.id, role=role))
    db.flush()
    db.refresh(user, ["memberships"])
    return user


def together(work: Any, each: list[Any]) -> None:
    """Run `work` on each in a thread of its own, all at once; a failure in one fails the test."""
    failures: list[BaseException] = []

    def run(one: Any) -> None:
        try:
            work(one)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
