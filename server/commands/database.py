"""`goldsmith db …`."""

import typer

from server import db
from server.guides import service as guides

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep `upgrade` a subcommand while it is the only one."""


@app.command()
def upgrade() -> None:
    """Bring the tables to this version's shape. Safe to run at any time."""
    prepare()
    typer.echo("The database is up to date.", err=True)


def prepare() -> None:
    """Migrate, and publish the guides that come with Goldsmith where they are new."""
    db.database().upgrade()
    with db.unit_of_work() as session:
        for version in guides.sync_builtin(session):
            typer.echo(f"Published guide {version.content['guide']}, version {version.number}.", err=True)
