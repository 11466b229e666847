"""`--language`: whom a command speaks to, and in which characters."""

import io
import sys
from typing import Annotated

import typer

from server.i18n import Speech, choice


def _known(wish: str) -> str:
    if wish and not choice.named(wish):
        raise typer.BadParameter(f"{wish!r} is neither en nor zh_CN.")
    return choice.named(wish)


Language = Annotated[
    str, typer.Option(help="en or zh_CN; else as GOLDSMITH_LANGUAGE or the locale says.", callback=_known)
]


def take_every_character(*, as_record: bool = False) -> None:
    """Let standard output take whatever comes: a record is UTF-8, people see ? for what their terminal cannot show."""
    if not isinstance(sys.stdout, io.TextIOWrapper):
        return
    if as_record:
        sys.stdout.reconfigure(encoding="utf-8")
    else:
        sys.stdout.reconfigure(errors="replace")


def speech(wish: str) -> Speech:
    """Return who speaks: the language of the option, else that of the environment."""
    return Speech(wish) if wish else choice.of_environment()
