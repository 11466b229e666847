"""A whole file, a chunk at a time, on both databases."""

import io
import json

import pytest
from sqlmodel import col, func, select

from server.db import Database
from server.errors import Forbidden, Invalid
from server.models import Event, Task
from server.tasks import importing, loading
from tests.factories import Cast

pytestmark = pytest.mark.databases


def lines(*contents: object) -> io.BytesIO:
    return io.BytesIO("".join(json.dumps(content) + "\n" for content in contents).encode())


def load(cast: Cast, file: io.BytesIO, *, dry_run: bool = False) -> list[dict[str, int]]:
    return [part.counts() for part in loading.load(cast.lea, cast.project, file, dry_run=dry_run)]


def count(store: Database) -> int:
    with store.reading() as db:
        return db.exec(select(func.count()).select_from(Task)).one()


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "CHUNK_ROWS", 3)
    monkeypatch.setattr(importing, "BATCH", 2)


@pytest.mark.usefixtures("_small")
def test_chunks_of_one_file_know_of_each_other(store: Database, cast: Cast) -> None:
    content = [
        {"prompt": "a", "external_id": "k"},
        {"prompt": "b"},
        7,
        {"prompt": "b"},
        {"prompt": "c", "external_id": "k"},
    ]
    for expected in ((2, 1), (0, 3)):
        parts = list(loading.load(cast.lea, cast.project, lines(*content)))
        assert [len(part.rejected) for part in parts] == [1, 1]
        assert (sum(p.imported for p in parts), sum(p.unchanged for p in parts)) == expected
        assert [row.line for part in parts for row in part.rejected] == [3, 5]
    assert count(store) == 2


@pytest.mark.usefixtures("_small")
def test_a_dry_run_foretells_the_import_and_writes_nothing(store: Database, cast: Cast) -> None:
    load(cast, lines({"prompt": "old", "external_id": "1"}))
    content = [{"prompt": "new", "external_id": "1"}, {}, *({"prompt": str(n % 5)} for n in range(8))]
    foretold = load(cast, lines(*content), dry_run=True)
    assert count(store) == 1
    assert load(cast, lines(*content)) == foretold
    assert count(store) == 6


@pytest.mark.usefixtures("_small")
def test_an_import_cut_short_keeps_what_came_in_and_goes_on_when_repeated(store: Database, cast: Cast) -> None:
    content = [{"prompt": str(n)} for n in range(7)]
    next(loading.load(cast.lea, cast.project, lines(*content)))
    assert count(store) == 3
    parts = load(cast, lines(*content))
    assert (sum(part["imported"] for part in parts), sum(part["unchanged"] for part in parts)) == (4, 3)


def test_every_chunk_that_changes_something_is_an_event(store: Database, cast: Cast) -> None:
    load(cast, lines({"prompt": "a"}, 1))
    load(cast, lines({"prompt": "a"}))
    with store.reading() as db:
        events = db.exec(select(Event).where(col(Event.name) == "tasks.imported")).all()
    assert [(e.actor_id, e.details) for e in events] == [
        (cast.lea.id, {"imported": 1, "updated": 0, "unchanged": 0, "rejected": 1})
    ]


def test_large_rows_make_small_chunks(store: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "CHUNK_BYTES", 1_000)
    parts = load(cast, lines(*({"prompt": f"{n}" * 600} for n in range(4))))
    assert [part["imported"] for part in parts] == [2, 2, 0]
    assert count(store) == 4


def test_a_file_of_something_else_is_not_read_to_its_end(
    store: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "MOST_REJECTED", 10)
    monkeypatch.setattr(loading, "CHUNK_ROWS", 20)
    file = io.BytesIO(b"%PDF\n" * 1_000)
    with pytest.raises(Invalid, match="More than 10 rows are not tasks"):
        load(cast, file)
    assert file.tell() < 1_000


def test_an_empty_file_holds_nothing(store: Database, cast: Cast) -> None:
    assert load(cast, io.BytesIO(b"\n \n")) == [{"imported": 0, "updated": 0, "unchanged": 0, "rejected": 0}]


def test_only_those_who_may_import_look_into_a_file(cast: Cast) -> None:
    for user in (cast.wren, cast.rosa, cast.otto):
        with pytest.raises(Forbidden):
            loading.load(user, cast.project, lines({"prompt": "a"}), dry_run=True)
