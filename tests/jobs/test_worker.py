"""The worker in this process, and killed in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from server.db import Database
from server.drafts import service
from server.jobs import worker
from server.models import Draft, DraftState, Heartbeat, now
from tests import factories
from tests.factories import Cast
from tests.jobs import scene

ROOT = Path(__file__).parents[2]
WORDS = [f"word{n} " for n in range(40)]


@pytest.fixture
def slow(home: Path) -> Iterator[scene.Model]:
    with scene.model(WORDS, pause=0.05) as server:
        home.mkdir(parents=True, exist_ok=True)
        (home / "models.yaml").write_text(
            f'models: [{{name: slow, model: slow, base_url: "{server.url}", retries: 0}}]'
        )
        yield server


@pytest.fixture
def working(store: Database, slow: scene.Model) -> Iterator[None]:
    worker.start()
    yield
    worker.stop()


def ask(store: Database, cast: Cast, count: int = 1) -> list[uuid.UUID]:
    with store.unit_of_work() as session:
        return [
            service.request(session, cast.wren, factories.task(session, cast), ["slow"])[0].id for _ in range(count)
        ]


def read(store: Database, id: uuid.UUID) -> Draft:
    with store.reading() as session:
        return session.get_one(Draft, id)


@pytest.mark.databases
def test_a_draft_grows_while_the_model_speaks(store: Database, cast: Cast, working: None) -> None:
    (id,) = ask(store, cast)
    scene.until(lambda: 0 < len(read(store, id).text) < len("".join(WORDS)))
    assert read(store, id).state is DraftState.RUNNING
    scene.until(lambda: read(store, id).is_over)
    assert (read(store, id).state, read(store, id).text) == (DraftState.DONE, "".join(WORDS))


def test_a_cancelled_draft_stops_and_keeps_its_text(
    store: Database, cast: Cast, slow: scene.Model, working: None
) -> None:
    slow.pause = 0.2
    (id,) = ask(store, cast)
    scene.until(lambda: read(store, id).text != "")
    with store.unit_of_work() as session:
        service.cancel(session, cast.wren, session.get_one(Draft, id))
    kept = read(store, id).text
    scene.until(lambda: not worker.engine.is_alive("drafts.generate", str(id)), 10)
    assert (read(store, id).state, read(store, id).text) == (DraftState.CANCELLED, kept)


def test_each_draft_is_paid_for_once(store: Database, cast: Cast, slow: scene.Model, working: None) -> None:
    slow.pause = 0
    ids = ask(store, cast, 12)
    scene.until(lambda: all(read(store, id).is_over for id in ids))
    assert {read(store, id).state for id in ids} == {DraftState.DONE}
    assert slow.calls == 12


def test_an_orderly_stop_puts_drafts_back_and_the_next_start_writes_them(
    store: Database, cast: Cast, slow: scene.Model
) -> None:
    worker.start()
    ids = ask(store, cast, 6)  # more than run at once
    scene.until(lambda: read(store, ids[0]).text != "")
    worker.stop()
    assert {read(store, id).state for id in ids} == {DraftState.QUEUED}
    slow.pause = 0
    worker.start()
    scene.until(lambda: all(read(store, id).is_over for id in ids))
    worker.stop()
    assert {read(store, id).text for id in ids} == {"".join(WORDS)}


def test_two_workers_never_share_a_name(store: Database, slow: scene.Model) -> None:
    worker.start()
    mine = worker._executor
    other = subprocess.run(
        [sys.executable, "-c", "from server.jobs import worker; worker._take_slot(); print(worker._executor)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ,
        check=True,
    ).stdout.strip()
    worker.stop()
    assert mine.startswith(socket.gethostname()[:60])
    assert other != mine
    worker.start()
    assert worker._executor == mine
    worker.stop()


def spawn() -> "subprocess.Popen[bytes]":
    """Start `worker.run()` in a process of its own, on this test's store."""
    return subprocess.Popen(
        [sys.executable, "-c", "from server.jobs import worker; worker.run()"],
        cwd=ROOT,
        env=os.environ,
        start_new_session=True,
    )


@pytest.mark.slow
@pytest.mark.databases
def test_a_killed_worker_goes_on_after_its_restart(store: Database, cast: Cast, slow: scene.Model) -> None:
    (id,) = ask(store, cast)
    first = spawn()
    scene.until(lambda: read(store, id).text != "", 30)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    half = read(store, id)
    assert half.state is DraftState.RUNNING
    assert half.text != "".join(WORDS)
    slow.pause = 0
    second = spawn()
    try:
        scene.until(lambda: read(store, id).is_over, 30)
    finally:
        second.terminate()
        assert second.wait(20) == 0
    assert (read(store, id).state, read(store, id).text) == (DraftState.DONE, "".join(WORDS))
    assert read(store, id).attempt == 2


@pytest.mark.slow
@pytest.mark.databases
def test_a_living_worker_takes_over_from_a_dead_one(
    store: Database, cast: Cast, slow: scene.Model, working: None
) -> None:
    other = spawn()
    scene.until(lambda: len(beats(store)) == 2, 30)
    (dead,) = (row for row in beats(store) if row.executor_id != worker._executor)
    ids = ask(store, cast, 10)
    scene.until(lambda: sum(read(store, id).text != "" for id in ids) > 4, 30)
    os.killpg(other.pid, signal.SIGKILL)
    other.wait()
    with store.unit_of_work() as session:
        row = session.get_one(Heartbeat, dead.executor_id)
        row.beat_at = now() - timedelta(minutes=5)
        session.add(row)
    slow.pause = 0
    worker.take_over_the_dead()
    scene.until(lambda: all(read(store, id).is_over for id in ids), 30)
    assert {read(store, id).state for id in ids} == {DraftState.DONE}
    assert [row.executor_id for row in beats(store)] == [worker._executor]


def beats(store: Database) -> list[Heartbeat]:
    from sqlmodel import select

    with store.reading() as session:
        return list(session.exec(select(Heartbeat)))
