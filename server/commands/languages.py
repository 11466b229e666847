"""`--language`: whom a command speaks to."""

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


def speech(wish: str) -> Speech:
    """Return who speaks: the language of the option, else that of the environment."""
    return Speech(wish) if wish else choice.of_environment()
