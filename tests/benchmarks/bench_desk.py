"""The desk: lint of a 1,000-word answer with 40 formulas after each edit, and the page's server time as tasks grow.

Baselines: reading the same text with comrak alone; the same page at 1,000 tasks.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import comrak
from fastapi.testclient import TestClient
from sqlalchemy import insert

from tests.benchmarks.material import FORMULAS, answer

EDITS = 200


def milliseconds(run: Callable[[int], object], times: int) -> list[float]:
    took = []
    for n in range(times):
        started = time.perf_counter()
        run(n)
        took.append((time.perf_counter() - started) * 1000)
    return sorted(took)


def show(name: str, took: list[float], baseline: list[float], of: str) -> None:
    p50, p95 = statistics.median(took), took[int(len(took) * 0.95)]
    ratio = p50 / statistics.median(baseline)
    print(f"{name:<44} p50 {p50:7.2f} ms   p95 {p95:7.2f} ms   {ratio:6.2f} × {of}")


def bench_lint() -> None:
    from server import lint
    from server.config import resources

    guide = lint.load_guide(resources("styleguides") / "maths-en.yaml")
    text = answer()
    middle = len(text) // 2
    lint.lint(text, guide)
    alone = milliseconds(lambda n: comrak.render_markdown(text + str(n)), EDITS)
    words = milliseconds(lambda n: lint.lint(f"{text[:middle]} w{n} {text[middle:]}", guide), EDITS)
    formulas = milliseconds(lambda n: lint.lint(f"{text}\n\n$z_{{{n}}} = {n}$", guide), EDITS)
    print(f"{len(text.split())} words, {len(FORMULAS)} formulas, {EDITS} edits")
    show("lint after an edit in the prose", words, alone, "comrak alone")
    show("lint after an edit that makes a new formula", formulas, alone, "comrak alone")


def bench_pages() -> None:
    from server import db
    from server.accounts import service as accounts
    from server.app import create_app
    from server.commands.database import prepare
    from server.web import security
    from tests import factories

    prepare()
    with db.unit_of_work() as session:
        cast = factories.cast(session)
        token = accounts.open_sign_in(session, cast.wren, agent="bench")
    client = TestClient(create_app(with_jobs=False))
    client.cookies.set(security.SESSION_COOKIE, token)
    client.headers["X-CSRF-Token"] = security.token_for(token)
    before: dict[str, list[float]] = {}
    for many in (1_000, 100_000):
        grow(db.database(), cast.project, many)
        id = client.post("/api/v1/projects/desk/next-task").json()["id"]
        for name, method, path in (
            ("desk page", "GET", f"/tasks/{id}"),
            ("next task", "POST", "/api/v1/projects/desk/next-task"),
        ):
            took = milliseconds(partial(ask, client, method, path), 60)
            show(f"{name}, {many:,} tasks", took, before.setdefault(name, took), "1,000 tasks")


def ask(client: TestClient, method: str, path: str, _n: int) -> None:
    client.request(method, path).raise_for_status()


def grow(store: object, project: object, to: int) -> None:
    """Add open tasks to a project until it has `to`."""
    from server.models import Stage, Task, new_id, now

    with store.unit_of_work() as session:  # type: ignore[attr-defined]
        have = session.query(Task).count()
        rows = [
            {
                "id": new_id(),
                "created_at": now(),
                "project_id": project.id,  # type: ignore[attr-defined]
                "number": n,
                "messages": [{"role": "user", "content": f"Question {n}?"}],
                "excerpt": f"Question {n}?",
                "tags": [],
                "priority": n % 5,
                "due_sort": "9999",
                "extra": {},
                "content_sha256": f"{n:064d}",
                "language": "en",
                "stage": Stage.OPEN,
                "version_count": 0,
                "updated_at": now(),
            }
            for n in range(have + 1, to + 1)
        ]
        for start in range(0, len(rows), 5_000):
            session.execute(insert(Task), rows[start : start + 5_000])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GOLDSMITH_HOME"] = str(Path(folder))
        os.environ["GOLDSMITH_LOG_LEVEL"] = "ERROR"
        bench_lint()
        bench_pages()
