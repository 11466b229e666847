"""`goldsmith guides …` and `goldsmith rules`: neither needs a server or a database."""

from pathlib import Path
from typing import Annotated

import typer

from server import lint
from server.guides import rule_help, rule_page

app = typer.Typer(help="Guides.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep `check` a subcommand while it is the only one."""


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help="Guide files, YAML.")]) -> None:
    """Say whether guide files hold together. Exit status 1 when one does not."""
    failed = 0
    for file in files:
        try:
            guide = lint.load_guide(file)
            if wrong := list(lint.failing_examples(guide, file.read_text("utf-8"))):
                raise lint.GuideError(str(file), wrong)
        except lint.GuideError as error:
            failed += 1
            typer.echo(str(error), err=True)
        else:
            typer.echo(f"{file}: {guide.title}: {len(guide.settings())} rules in force")
    raise typer.Exit(1 if failed else 0)


def rules(code: Annotated[str, typer.Argument(help="A rule's code or name; all rules when left out.")] = "") -> None:
    """List the lint rules, or explain one."""
    if not code:
        for rule in lint.rules().values():
            typer.echo(f"{rule.code}  {rule.level:<8} {rule.name:<28} {rule.title}")
        return
    typer.echo(rule_page.markdown(rule_help.find(code)), nl=False)
