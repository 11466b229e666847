"""`goldsmith language-server`: started by an editor; needs no server and no database."""

import sys
from typing import Annotated

import typer


def language_server(
    guide: Annotated[str, typer.Option(help="A guide's name, or a path to its YAML file.")] = "",
    tcp: Annotated[str, typer.Option(help="Listen on HOST:PORT of this machine instead of standard input.")] = "",
) -> None:
    """Check answers as they are typed in an editor, by the Language Server Protocol, on standard input and output."""
    from server.language_server import transport  # the library is of no use to any other command

    if tcp or sys.stdin.isatty():
        typer.echo(f"Waiting for an editor on {tcp or 'standard input'}. Ctrl+C ends it.", err=True)
    raise typer.Exit(transport.serve(guide, tcp))
