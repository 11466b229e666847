"""`goldsmith import …`."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from server import db
from server.commands.asking import project_called
from server.policy import SYSTEM
from server.tasks import intake, loading

app = typer.Typer(help="Bring data in.", no_args_is_help=True)
SHOWN = 5


@app.callback()
def group() -> None:
    """Keep `tasks` a subcommand while it is the only one."""


@app.command()
def tasks(
    file: Annotated[Path, typer.Argument(help="JSON lines, one task a line.", exists=True, dir_okay=False)],
    project: Annotated[str, typer.Option(help="The project they go into.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Write the rows that were left out here.", dir_okay=False)
    ] = None,
) -> None:
    """Import tasks. Exit status: 0 every row is in, 1 some were left out, 2 called wrongly."""
    with db.reading() as session:
        found = project_called(session, project)
    totals = dict.fromkeys(("imported", "updated", "unchanged", "rejected"), 0)
    first: list[intake.Rejected] = []
    with ExitStack() as open_files:
        rows = open_files.enter_context(file.open("rb"))
        left_out = open_files.enter_context(rejects.open("w", encoding="utf-8")) if rejects else None
        bar = open_files.enter_context(_bar(file))
        for part in loading.load(SYSTEM, found, rows, dry_run=dry_run):
            totals = {name: count + part.counts()[name] for name, count in totals.items()}
            first += part.rejected[: SHOWN - len(first)]
            if left_out:
                left_out.writelines(row.as_line() for row in part.rejected)
            bar.update(bar.task_ids[0], completed=rows.tell())
    _report(totals, first, rejects, dry_run)
    raise typer.Exit(1 if totals["rejected"] else 0)


def _bar(file: Path) -> Progress:
    columns = (TextColumn("Importing"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("import", total=file.stat().st_size)
    return bar


def _report(totals: dict[str, int], first: list[intake.Rejected], rejects: Path | None, dry_run: bool) -> None:
    typer.echo(", ".join(f"{count} {name}" for name, count in totals.items()))
    for row in first:
        typer.echo(f"line {row.line}: {row.reason}", err=True)
    more = totals["rejected"] - len(first)
    if more:
        typer.echo(
            f"… and {more} more; {f'all are in {rejects}' if rejects else '--rejects FILE keeps all'}.", err=True
        )
    if dry_run:
        typer.echo("This was a dry run: nothing was written.", err=True)
