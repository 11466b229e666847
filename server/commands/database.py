"""`goldsmith db …`."""

import typer

from server import db

app = typer.Typer(help="The database.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep `upgrade` a subcommand while it is the only one."""


@app.command()
def upgrade() -> None:
    """Bring the tables to this version's shape. Safe to run at any time."""
    db.database().upgrade()
    typer.echo("The database is up to date.", err=True)
