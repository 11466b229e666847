"""`goldsmith`: thin like routes. Exit status 0 done, 1 refused or found wanting, 2 called wrongly."""

import sys

import typer

from server.commands import (
    database,
    demo,
    exports,
    guides,
    imports,
    lint,
    models,
    projects,
    serve,
    tokens,
    users,
    verify,
)
from server.errors import AppError

app = typer.Typer(
    help="The writing desk of a team that makes training data.", no_args_is_help=True, pretty_exceptions_enable=False
)
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("demo")(demo.demo)
app.command("lint")(lint.lint)
app.command("rules")(guides.rules)
app.command("export")(exports.export)
app.add_typer(database.app, name="db")
app.add_typer(users.app, name="user")
app.add_typer(tokens.app, name="token")
app.add_typer(projects.app, name="project")
app.add_typer(imports.app, name="import")
app.add_typer(verify.app, name="verify")
app.add_typer(models.app, name="models")
app.add_typer(guides.app, name="guides")


def main() -> None:
    """Run the command; an AppError is a sentence on standard error and exit status 1."""
    try:
        app()
    except AppError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
