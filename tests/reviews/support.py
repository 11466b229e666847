"""What tests of reviews do again and again."""

from server import db as store_module
from server.models import AnswerVersion, Task
from tests import factories
from tests.factories import Cast


def add_version(
    store: store_module.Database, cast: Cast, on: AnswerVersion | None = None, **over: object
) -> AnswerVersion:
    with store.unit_of_work() as db:
        task = db.get_one(Task, on.task_id) if on else factories.task(db, cast)
        return factories.version(db, cast, task, **over)  # type: ignore[arg-type]
