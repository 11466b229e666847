"""Lists of tasks, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session

from server.errors import Invalid
from server.models import Stage, User
from server.tasks import queries
from tests import factories
from tests.factories import Cast
from tests.tasks.support import tasks

pytestmark = pytest.mark.databases


def numbers(db: Session, cast: Cast, user: User | None = None, **filters: str) -> list[int]:
    found = queries.page(db, user or cast.lea, cast.project, queries.Filters(**filters))
    return [task.number for task in found.items]


def test_pages_follow_each_other_without_gap_or_repeat(db: Session, cast: Cast) -> None:
    for _ in range(5):
        factories.task(db, cast)
    seen, cursor = [], ""
    while True:
        found = queries.page(db, cast.lea, cast.project, queries.Filters(), cursor=cursor, limit=2)
        seen.append([task.number for task in found.items])
        cursor = found.next_cursor
        if not cursor:
            break
    assert seen == [[1, 2], [3, 4], [5]]


def test_filters_narrow_and_combine(db: Session, cast: Cast) -> None:
    factories.task(db, cast, prompt="Alpha 100%", tags=["algebra", 'a"b'], external_id="key_1")
    factories.task(db, cast, prompt="beta", tags=["代数"], language="zh", stage=Stage.WRITING, writer_id=cast.wren.id)
    factories.task(db, cast, prompt="Gamma alpha", tags=["algebraic"], external_id="keyx1")
    assert numbers(db, cast, stage="writing") == [2]
    assert numbers(db, cast, language="zh") == [2]
    assert numbers(db, cast, writer=str(cast.wren.id)) == [2]
    assert numbers(db, cast, writer="none") == [1, 3]
    assert numbers(db, cast, tag="algebra") == [1]
    assert numbers(db, cast, tag='a"b') == [1]
    assert numbers(db, cast, tag=" 代数 ") == [2]
    assert numbers(db, cast, text="ALPHA") == [1, 3]
    assert numbers(db, cast, text="100%") == [1]
    assert numbers(db, cast, text="key_1") == [1]
    assert numbers(db, cast, text="#2") == [2]
    assert numbers(db, cast, text="alpha", tag="algebra") == [1]
    assert numbers(db, cast, text="a\x00\ud800") == []
    assert numbers(db, cast, stage="approved") == []


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"stage": "done"}, "There is no stage “done”"),
        ({"language": "fr"}, "en or zh"),
        ({"writer": "wren"}, "id of a person"),
    ],
)
def test_a_filter_that_cannot_be_is_named(db: Session, cast: Cast, filters: dict[str, str], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        numbers(db, cast, **filters)


@pytest.mark.parametrize("cursor", ["x", "-1", "1.5", "９", "9" * 30, "9999999999"])
def test_a_cursor_of_another_list_is_named(db: Session, cast: Cast, cursor: str) -> None:
    with pytest.raises(Invalid, match="Start again without it"):
        queries.page(db, cast.lea, cast.project, queries.Filters(), cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_has_one_to_five_hundred_tasks(db: Session, cast: Cast, limit: int) -> None:
    with pytest.raises(Invalid, match="from 1 to 500"):
        queries.page(db, cast.lea, cast.project, queries.Filters(), limit=limit)


def test_an_outsider_sees_no_task(db: Session, cast: Cast) -> None:
    factories.task(db, cast)
    assert numbers(db, cast, cast.otto) == []
    assert numbers(db, cast, cast.ada) == numbers(db, cast, cast.wren) == [1]


def test_counts_name_every_stage(db: Session, cast: Cast) -> None:
    for stage in (Stage.OPEN, Stage.OPEN, Stage.APPROVED):
        factories.task(db, cast, stage=stage)
    assert queries.counts(db, cast.project) == dict.fromkeys(Stage, 0) | {Stage.OPEN: 2, Stage.APPROVED: 1}


def test_my_work_is_what_i_write_and_what_was_sent_back_to_me(db: Session, cast: Cast) -> None:
    soon = datetime(2026, 12, 1, tzinfo=UTC)
    factories.task(db, cast, stage=Stage.WRITING, writer_id=cast.wren.id)
    factories.task(db, cast, stage=Stage.WRITING, writer_id=cast.wren.id, due_at=soon)
    factories.task(db, cast, stage=Stage.SENT_BACK, writer_id=cast.wren.id)
    factories.task(db, cast, stage=Stage.WRITING, writer_id=cast.lea.id)
    assert [task.number for task in queries.held_by(db, cast.wren)] == [2, 1]
    assert [task.number for task in queries.sent_back_to(db, cast.wren)] == [3]
    assert queries.writers(db, tasks(db)) == {cast.wren.id: "Wren", cast.lea.id: "Lea"}
