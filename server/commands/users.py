"""`goldsmith user …`."""

import sys
from typing import Annotated

import typer
from pydantic import ValidationError

from server import db
from server.accounts import queries, service
from server.accounts.forms import PersonForm, WelcomeForm
from server.commands.asking import person_called, sentences
from server.config import settings
from server.errors import Invalid
from server.policy import SYSTEM

app = typer.Typer(help="People.", no_args_is_help=True)
Email = Annotated[str, typer.Option(help="Their e-mail address.")]


@app.command()
def create(
    email: Email,
    name: Annotated[str, typer.Option(help="Their name.")],
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from input.")] = False,
    admin: Annotated[bool, typer.Option("--admin", help="Make them an administrator.")] = False,
) -> None:
    """Add a person; without --password-stdin a one-time link is printed instead."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    try:
        form = PersonForm(email=email, name=name, is_admin=admin)
        if password_stdin:
            WelcomeForm(name=name, password=password)
    except ValidationError as error:
        raise Invalid("{problems}", problems=sentences(error)) from error
    with db.unit_of_work() as session:
        person = service.create_user(session, SYSTEM, form)
        if password_stdin:
            service.give_password(session, SYSTEM, person, password)
            typer.echo(f"{person.email} can sign in.", err=True)
        else:
            typer.echo(settings().base_url + service.issue_link(session, SYSTEM, person))


@app.command()
def link(email: Email) -> None:
    """Print a one-time link with which a person chooses a new password."""
    with db.unit_of_work() as session:
        typer.echo(settings().base_url + service.issue_link(session, SYSTEM, person_called(session, email)))


@app.command("list")
def list_people() -> None:
    """List everybody."""
    with db.reading() as session:
        for person in queries.people(session):
            marks = ["administrator"] * person.is_admin + ["deactivated"] * (not person.is_active)
            typer.echo(f"{person.email}\t{person.name}\t{', '.join(marks)}")
