"""Tasks: what a click costs in a small and in a large project, and how fast a file comes in."""

import io
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

from fastapi.testclient import TestClient

from server import config, db
from server.models import Stage, Task
from server.policy import SYSTEM
from server.tasks import loading, service
from tests import factories

SMALL, LARGE = 1_000, 100_000
TIMES = 30
_PROMPT = "Show that $n^2 - 1$ is divisible by 8 for every odd $n$, and say where the proof uses that $n$ is odd. Case "


def main() -> None:
    """Print one line for each page, and one for each way of importing."""
    os.environ["GOLDSMITH_LOG_LEVEL"] = "ERROR"
    measured = [_in_project_of(count) for count in (SMALL, LARGE)]
    for name, small in measured[0].items():
        large = measured[1][name]
        print(f"{name:28}{small:7.1f} ms at {SMALL:,}{large:8.1f} ms at {LARGE:,}   ratio {large / small:4.2f}")


def _in_project_of(count: int) -> dict[str, float]:
    """Return {what: median milliseconds} in a project of `count` tasks, most of them approved."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["GOLDSMITH_HOME"] = home
        config.settings.cache_clear()
        store = db.Database(f"sqlite:///{home}/goldsmith.db")
        store.upgrade()
        db.use(store)
        with store.unit_of_work() as session:
            cast = factories.cast(session)
        _import(cast, count)
        with store.unit_of_work() as session:  # as a project looks after months
            done = Task.__table__.update().where(Task.number % 10 < 8)  # type: ignore[attr-defined]
            session.execute(done.values(stage=Stage.APPROVED.value, priority=5))
        measured = _pages(store, cast)
        db.use(None)
        return measured


def _import(cast: factories.Cast, count: int) -> None:
    rows = [{"external_id": f"row-{n}", "prompt": f"{_PROMPT}{n}", "priority": n % 3} for n in range(count)]
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    plain = _seconds(lambda: [json.loads(line) for line in content.splitlines()])
    for name in ("new", "again"):
        took = _seconds(lambda: list(loading.load(SYSTEM, cast.project, io.BytesIO(content))))
        print(f"import {count:>7,} {name:6}{count / took:12,.0f} rows/s   {took / plain:5.1f} × json alone")


def _pages(store: db.Database, cast: factories.Cast) -> dict[str, float]:
    client = _signed_in(store, cast)
    first = client.post("/api/v1/projects/desk/next-task").json()["id"]
    visits = {
        "list": "/projects/desk/tasks",
        "list, its middle": "/projects/desk/tasks?cursor=500",
        "list, sent back": "/projects/desk/tasks?stage=sent_back",
        "list, a word nowhere": "/projects/desk/tasks?text=zebra",
        "project": "/projects/desk",
        "desk": f"/tasks/{first}",
    }
    return {"next task": _median(lambda: _next(store, cast))} | {
        name: _median(lambda address=address: client.get(address).raise_for_status())  # type: ignore[misc]
        for name, address in visits.items()
    }


def _next(store: db.Database, cast: factories.Cast) -> None:
    """Take the next task and submit it, so that the one after it is next."""
    with store.unit_of_work() as session:
        task = service.next_task(session, cast.wren, cast.project)
        assert task
        task.submit()
        session.add(task)


def _signed_in(store: db.Database, cast: factories.Cast) -> TestClient:
    from server.accounts import service as accounts
    from server.app import create_app
    from server.models import User
    from server.web import security

    with store.unit_of_work() as session:
        token = accounts.open_sign_in(session, session.get_one(User, cast.wren.id), agent="bench")
    client = TestClient(create_app(with_jobs=False), follow_redirects=False)
    client.cookies.set(security.SESSION_COOKIE, token)
    client.headers["X-CSRF-Token"] = security.token_for(token)
    return client


def _median(work: Callable[[], Any]) -> float:
    work()
    return statistics.median(_seconds(work) for _ in range(TIMES)) * 1000


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
