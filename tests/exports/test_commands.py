"""`goldsmith export` and `goldsmith verify`, as they are typed."""

from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from server import cli, events
from server.db import Database
from server.errors import AppError
from server.events import EventName
from tests import factories
from tests.factories import Cast


def run(*words: str | Path) -> tuple[int, str, str]:
    """Run a command; return exit status, standard output, standard error."""
    done = CliRunner().invoke(cli.application(), [str(word) for word in words])
    if isinstance(done.exception, AppError):  # what cli.main() says and does
        return 1, done.stdout, str(done.exception)
    return done.exit_code, done.stdout, done.stderr


def export(out: Path, *more: str) -> tuple[int, str, str]:
    return run("export", "--project", "desk", "--format", "openai", "--out", out, *more)


@pytest.fixture
def full(store: Database, cast: Cast) -> Cast:
    with store.unit_of_work() as db:
        for number in (1, 2, 3):
            task = factories.task(db, cast, prompt=f"Prompt {number}")
            review = factories.review(db, cast, factories.version(db, cast, task))
            events.record(db, cast.rosa, EventName.REVIEW_SUBMITTED, on=review, project_id=cast.project.id)
    return cast


def test_an_export_verifies_until_a_byte_changes(full: Cast, tmp_path: Path) -> None:
    out = tmp_path / "new" / "release"
    assert export(out, "--split", "0.5/0.5")[0] == 0
    assert sorted(path.name for path in out.iterdir()) == ["manifest.json", "rows.jsonl", "test.jsonl", "train.jsonl"]
    code, said, _ = run("verify", "release", out)
    assert (code, said.startswith("Sound: 3 files, 3 rows")) == (0, True)
    name = "train.jsonl" if (out / "train.jsonl").read_bytes() else "test.jsonl"
    (out / name).write_bytes((out / name).read_bytes().replace(b"Prompt", b"Pr0mpt", 1))
    assert run("verify", "release", out) == (1, "", f"{name}, row 1: This row was changed.\n")


def test_twice_gives_the_same_bytes(full: Cast, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert (export(first)[0], export(second)[0]) == (0, 0)
    assert {p.name: p.read_bytes() for p in first.iterdir()} == {p.name: p.read_bytes() for p in second.iterdir()}


def test_the_same_release_may_be_exported_to_where_it_is(full: Cast, tmp_path: Path) -> None:
    export(tmp_path / "out")
    code, _, said = export(tmp_path / "out")
    assert (code, said.startswith("Already there, unchanged")) == (0, True)


def test_an_empty_folder_is_filled(full: Cast, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert export(tmp_path / "out")[0] == 0


def test_other_files_are_never_overwritten(full: Cast, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    code, _, said = export(tmp_path)
    assert (code, "holds other files" in said) == (1, True)
    code, _, said = export(tmp_path / "notes.txt")
    assert (code, "is a file" in said) == (1, True)
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["notes.txt"]


def test_another_release_is_never_overwritten(full: Cast, tmp_path: Path) -> None:
    export(tmp_path / "out")
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    code, _, said = run("export", "--project", "desk", "--format", "trl-prompt-completion", "--out", tmp_path / "out")
    assert (code, "holds other files" in said) == (1, True)
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--project", "nowhere", "--format", "openai"), "There is no such project."),
        (("--project", "desk", "--format", "parquet"), "There is no format “parquet”"),
        (("--project", "desk", "--format", "openai", "--split", "0.7"), "two or three shares"),
        (("--project", "desk", "--format", "dpo"), "no preference to export"),
    ],
)
def test_what_cannot_be_exported_is_said_and_leaves_nothing(
    full: Cast, tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    code, _, said = run("export", *words, "--out", tmp_path / "out")
    assert (code, sentence in said) == (1, True)
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == []


def test_a_folder_that_cannot_be_written_is_named(full: Cast, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, _, said = export(tmp_path / "file" / "below")
    assert (code, "cannot be written" in said) == (1, True)


def test_verifying_what_is_no_release_says_so(tmp_path: Path) -> None:
    code, _, said = run("verify", "release", tmp_path)
    assert (code, said) == (1, "manifest.json: It is missing, so nothing here can be checked.\n")


@pytest.mark.databases
def test_the_audit_trail_is_sound_until_a_row_changes(store: Database, full: Cast) -> None:
    code, said, _ = run("verify", "audit")
    assert (code, said.startswith("Sound: 3 events, head ")) == (0, True)
    with store.writer.connect() as connection:
        if store.is_sqlite:
            names = connection.execute(text("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='event'"))
            for (name,) in names.all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE event SET name = 'task.updated' WHERE sequence = 2"))
        connection.commit()
    code, _, said = run("verify", "audit")
    assert code == 1
    assert said == "Event 2 (task.updated) was changed after it was written. Every event before it is sound.\n"
