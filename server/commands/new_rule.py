"""`goldsmith new-rule`: for whoever writes a lint rule in a checkout."""

from pathlib import Path
from typing import Annotated

import typer

from server.lint import scaffold


def new_rule(
    code: Annotated[str, typer.Argument(help="Its code: three capitals and three digits.")],
    name: Annotated[str, typer.Argument(help="Its name, which reads after “allow …”: small letters and hyphens.")],
    phrase: Annotated[bool, typer.Option("--phrase", help="A phrase rule, in YAML.")] = False,
    root: Annotated[Path, typer.Option(help="The checkout.")] = Path(),
) -> None:
    """Start a lint rule: its file and its specification, both failing until they are written."""
    try:
        written = scaffold.new_rule(root, code, name, phrase=phrase)
    except scaffold.Refused as error:
        typer.echo(f"goldsmith new-rule: {error}", err=True)
        raise typer.Exit(2) from error
    for path in written:
        typer.echo(str(path))
