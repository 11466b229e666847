"""`goldsmith`: thin like routes. Exit status 0 done, 1 refused or found wanting, 2 called wrongly."""

import sys
from importlib import import_module

import typer

from server.errors import AppError

# command or group: where it lives. Only the one that is asked for is loaded, so that each starts quickly.
COMMANDS = {
    "serve": "serve:serve",
    "worker": "serve:worker",
    "demo": "demo:demo",
    "lint": "lint:lint",
    "rules": "guides:rules",
    "language-server": "language_server:language_server",
    "new-rule": "new_rule:new_rule",
    "export": "exports:export",
}
GROUPS = {
    "db": "database:app",
    "user": "users:app",
    "token": "tokens:app",
    "project": "projects:app",
    "import": "imports:app",
    "verify": "verify:app",
    "models": "models:app",
    "guides": "guides:app",
}


def application(only: str = "") -> typer.Typer:
    """Return the command line: all of it, or, where `only` names one of its commands, just that."""
    app = typer.Typer(
        help="The writing desk of a team that makes training data.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
    )

    @app.callback()
    def goldsmith() -> None:
        """Keep the names of commands while only one is loaded."""

    for name, place in COMMANDS.items():
        if name == only or only not in {**COMMANDS, **GROUPS}:
            app.command(name)(_load(place))
    for name, place in GROUPS.items():
        if name == only or only not in {**COMMANDS, **GROUPS}:
            app.add_typer(_load(place), name=name)
    return app


def _load(place: str):  # type: ignore[no-untyped-def]  # a command or a group, as COMMANDS and GROUPS say
    module, _, name = place.partition(":")
    return getattr(import_module(f"server.commands.{module}"), name)


def main() -> None:
    """Run the command; an AppError is a sentence on standard error and exit status 1."""
    try:
        application(sys.argv[1] if len(sys.argv) > 1 else "")()
    except AppError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except Exception as error:
        if not type(error).__module__.startswith("sqlalchemy"):
            raise
        typer.echo(_store_trouble(error), err=True)
        sys.exit(1)


def _store_trouble(error: Exception) -> str:
    from server import db

    if db.database().is_ready():
        raise error
    return f"The store at {db.database().shown_url} does not answer or has no tables. Run: goldsmith db upgrade"


if __name__ == "__main__":
    main()
