"""`goldsmith guides …` and `goldsmith rules`: neither needs a server or a database."""

from pathlib import Path
from typing import Annotated

import typer

from server import lint
from server.commands.languages import Language, speech, take_every_character
from server.errors import NotFound
from server.guides import rule_help, rule_page
from server.lint.diagnostic import LEVEL_WORDS
from server.lint.outputs import padded
from server.text import message

app = typer.Typer(help="Guides.", no_args_is_help=True)
IN_FORCE = message("{file}: {title}: {count} rules in force")


@app.callback()
def group() -> None:
    """Keep `check` a subcommand while it is the only one."""


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help="Guide files, YAML.")], language: Language = "") -> None:
    """Say whether guide files, and their rules with their examples, hold together. Exit status 1 when one does not."""
    voice, failed = speech(language), 0
    take_every_character()
    for file in files:
        try:
            guide = lint.load_tried(file)
        except lint.GuideError as error:
            failed += 1
            typer.echo(error.told(voice), err=True)
        else:
            in_force = {"file": file, "title": guide.title, "count": len(guide.settings())}
            typer.echo(voice.fill(IN_FORCE, in_force))
    raise typer.Exit(1 if failed else 0)


def rules(
    code: Annotated[str, typer.Argument(help="A rule's code or name; all rules when left out.")] = "",
    language: Language = "",
) -> None:
    """List the lint rules, or explain one."""
    voice = speech(language)
    take_every_character()
    if not code:
        for rule in lint.rules().values():
            level = voice.gettext(LEVEL_WORDS[rule.level])
            typer.echo(f"{rule.code}  {padded(level, 8)} {rule.name:<28} {voice.gettext(rule.title)}")
        return
    try:
        typer.echo(rule_page.markdown(rule_help.find(code), voice), nl=False)
    except NotFound as error:
        typer.echo(voice.say(error.message, error.values), err=True)
        raise typer.Exit(1) from error
