"""`goldsmith user`, `token` and `project`."""

import re

import pytest
from sqlmodel import Session, select
from typer.testing import CliRunner

from server import db as database
from server.accounts import queries, service
from server.commands import projects, tokens, users
from server.errors import AppError
from server.models import Project, Role, User
from tests.factories import Cast

SECRET = "four plain words here"
run = CliRunner().invoke


def found(db: Session, email: str) -> User:
    person = queries.by_email(db, email)
    assert person
    return person


def test_a_user_is_created_with_a_password_from_input(store: database.Database) -> None:
    words = ["create", "--email", "Ada@Example.org", "--name", "Ada", "--password-stdin", "--admin"]
    done = run(users.app, words, input=SECRET + "\n")
    assert done.exit_code == 0
    assert SECRET not in done.output
    assert service.sign_in("ada@example.org", SECRET, address="", agent="")
    with store.reading() as db:
        assert found(db, "ada@example.org").is_admin


def test_a_user_without_a_password_gets_a_link_on_standard_output(store: database.Database) -> None:
    done = run(users.app, ["create", "--email", "noor@example.org", "--name", "Noor"])
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/welcome/[\w-]+\n", done.stdout)
    again = run(users.app, ["link", "--email", "noor@example.org"])
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/welcome/[\w-]+\n", again.stdout)


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [("ada", SECRET, "Write an address"), ("ada@example.org", "short", "at least 10 characters"), ("a@b.c", "", "10")],
)
def test_a_user_that_cannot_be_is_refused_with_a_sentence(
    store: database.Database, email: str, password: str, sentence: str
) -> None:
    done = run(users.app, ["create", "--email", email, "--name", "A", "--password-stdin"], input=password + "\n")
    assert isinstance(done.exception, AppError)
    assert sentence in str(done.exception)
    with store.reading() as db:
        assert db.exec(select(User)).all() == []


def test_a_command_called_wrongly_ends_with_two(store: database.Database) -> None:
    assert run(users.app, ["create", "--name", "Ada"]).exit_code == 2
    assert run(projects.app, ["add-member", "desk", "--email", "a@b.c", "--role", "boss"]).exit_code == 2


def test_a_token_is_all_that_is_printed(store: database.Database, cast: Cast) -> None:
    done = run(tokens.app, ["create", "--email", "wren@example.org", "--name", "script"])
    assert re.fullmatch(r"gs_[\w-]{43}\n", done.stdout)
    with store.reading() as db:
        person = service.user_of_token(db, done.stdout.strip())
        assert person
        assert person.id == cast.wren.id


def test_a_token_for_nobody_is_refused(store: database.Database) -> None:
    done = run(tokens.app, ["create", "--email", "nobody@example.org"])
    assert "Nobody has the address" in str(done.exception)


def test_a_project_is_made_and_gets_members(store: database.Database, cast: Cast) -> None:
    assert run(projects.app, ["create", "letters", "--name", "Letters", "--guide", "house"]).exit_code == 0
    for role in ("writer", "lead", "lead"):
        words = ["add-member", "letters", "--email", "Otto@example.org", "--role", role]
        assert run(projects.app, words).exit_code == 0
    with store.reading() as db:
        project = db.exec(select(Project).where(Project.slug == "letters")).one()
        assert found(db, "otto@example.org").roles_in(project.id) == {Role.WRITER, Role.LEAD}


@pytest.mark.parametrize(
    ("slug", "guide", "sentence"),
    [
        ("desk", "house", "already"),
        ("new", "house", "already"),
        ("Big Desk", "house", "small letters"),
        ("x1", "no", "guide"),
    ],
)
def test_a_project_that_cannot_be_is_refused(
    store: database.Database, cast: Cast, slug: str, guide: str, sentence: str
) -> None:
    done = run(projects.app, ["create", slug, "--name", "Letters", "--guide", guide])
    assert isinstance(done.exception, AppError)
    assert sentence in str(done.exception)
