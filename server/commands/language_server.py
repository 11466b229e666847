"""`goldsmith language-server`: started by an editor; needs no server and no database."""

import sys
from typing import Annotated

import typer

from server.commands.languages import Language, speech
from server.errors import Invalid
from server.text import message

ON_A_PORT = message("Waiting for an editor on {address}. Ctrl+C ends it.")
ON_INPUT = message("Waiting for an editor on standard input. Ctrl+C ends it.")


def language_server(
    guide: Annotated[str, typer.Option(help="A guide's name, or a path to its YAML file.")] = "",
    tcp: Annotated[str, typer.Option(help="Listen on HOST:PORT of this machine instead of standard input.")] = "",
    language: Language = "",
) -> None:
    """Check answers as they are typed in an editor, by the Language Server Protocol, on standard input and output."""
    from server.language_server import transport  # the library is of no use to any other command

    voice = speech(language)
    if tcp or sys.stdin.isatty():
        waiting = voice.fill(ON_A_PORT, {"address": tcp}) if tcp else voice.gettext(ON_INPUT)
        typer.echo(waiting, err=True)
    try:
        raise typer.Exit(transport.serve(guide, tcp, voice if language else None))
    except Invalid as error:
        typer.echo(voice.say(error.message, error.values), err=True)
        raise typer.Exit(1) from error
