"""A task with two versions, the newer one waiting for its review."""

import pytest

from server import db as store_module
from server.models import (
    AnswerVersion,
)
from tests import factories
from tests.factories import Cast


@pytest.fixture
def version(store: store_module.Database, cast: Cast) -> AnswerVersion:
    with store.unit_of_work() as db:
        task = factories.task(db, cast, prompt="What is $6 \\times 7$?")
        factories.draft(db, task, text="Six by seven is 42.", model="small")
        factories.version(db, cast, task, text="It is $41$.")
        return factories.version(db, cast, task, text="It is $42$, as six sevens are.")
