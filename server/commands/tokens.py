"""`goldsmith token …`."""

from typing import Annotated

import typer

from server import db
from server.accounts import service
from server.commands.asking import person_called
from server.policy import SYSTEM

app = typer.Typer(help="API tokens.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep `create` a subcommand while it is the only one."""


@app.command()
def create(
    email: Annotated[str, typer.Option(help="Whose token it is.")],
    name: Annotated[str, typer.Option(help="What it is for.")] = "command line",
) -> None:
    """Print a new API token. It is not shown again."""
    with db.unit_of_work() as session:
        typer.echo(service.create_token(session, SYSTEM, person_called(session, email), name))
