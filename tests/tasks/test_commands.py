"""`goldsmith import tasks`."""

import json
from pathlib import Path

import pytest
from sqlmodel import func, select
from typer.testing import CliRunner

from server.cli import application
from server.db import Database
from server.models import Event, Task

pytestmark = pytest.mark.usefixtures("cast")


def goldsmith(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(application("import"), ["import", "tasks", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def count(store: Database) -> int:
    with store.reading() as db:
        return db.exec(select(func.count()).select_from(Task)).one()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tasks.jsonl"
    path.write_text("".join(json.dumps({"prompt": f"prompt {n}", "external_id": n}) + "\n" for n in range(3)))
    return path


def test_a_file_comes_in_and_comes_in_once(store: Database, file: Path) -> None:
    assert goldsmith(file, "--project", "desk")[:2] == (0, "3 imported, 0 updated, 0 unchanged, 0 rejected\n")
    assert goldsmith(file, "--project", "desk")[:2] == (0, "0 imported, 0 updated, 3 unchanged, 0 rejected\n")
    assert count(store) == 3
    with store.reading() as db:
        assert [event.actor_id for event in db.exec(select(Event)).all()] == [None]


def test_a_dry_run_writes_nothing(store: Database, file: Path) -> None:
    status, out, err = goldsmith(file, "--project", "desk", "--dry-run")
    assert (status, out) == (0, "3 imported, 0 updated, 0 unchanged, 0 rejected\n")
    assert "nothing was written" in err
    assert count(store) == 0


def test_rejected_rows_are_named_kept_and_told_by_the_status(store: Database, file: Path, tmp_path: Path) -> None:
    bad = "".join(f"bad {n}\n" for n in range(7))
    file.write_text(bad + file.read_text())
    rejects = tmp_path / "rejects.jsonl"
    status, out, err = goldsmith(file, "--project", "desk", "--rejects", rejects)
    assert (status, out) == (1, "3 imported, 0 updated, 0 unchanged, 7 rejected\n")
    assert "line 1: This is not JSON from character 1 on: “bad 0”." in err
    assert "and 2 more" in err
    kept = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [(row["line"], row["row"]) for row in kept] == [(n + 1, f"bad {n}") for n in range(7)]
    assert count(store) == 3


def test_wrong_calls_are_told_apart_from_refusals(file: Path) -> None:
    assert goldsmith(file)[0] == 2
    assert goldsmith(file.with_name("none.jsonl"), "--project", "desk")[0] == 2
    done = CliRunner().invoke(application("import"), ["import", "tasks", str(file), "--project", "nowhere"])
    assert "There is no project called nowhere." in str(done.exception)
