"""`goldsmith import …`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from server import db
from server.commands.asking import project_called
from server.policy import SYSTEM
from server.tasks import intake, service
from server.tasks.importing import ImportResult
from server.tasks.imports import reject_line

app = typer.Typer(help="Bring data in.", no_args_is_help=True)


class _Undo(Exception):
    """Leaves the transaction of a dry run."""


@app.callback()
def group() -> None:
    """Keep `tasks` a subcommand while it is the only one."""


@app.command()
def tasks(
    file: Annotated[Path, typer.Argument(help="JSON lines, one task a line.", exists=True, dir_okay=False)],
    project: Annotated[str, typer.Option(help="The project they go into.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen; write nothing.")] = False,
    rejects: Annotated[Path | None, typer.Option(help="Write the rows that were left out here.")] = None,
) -> None:
    """Import tasks. Exit status: 0 all rows came in, 1 some were left out."""
    left_out: list[intake.Rejected] = []
    try:
        with db.unit_of_work() as session, file.open("rb") as lines, _bar(file) as bar:
            found = project_called(session, project)
            rows = intake.read(_counted(lines, bar))
            result = service.import_rows(session, SYSTEM, found, rows, on_reject=left_out.append)
            if dry_run:
                raise _Undo
    except _Undo:
        typer.echo("Dry run: nothing was written.", err=True)
    _report(result, left_out, rejects)
    raise typer.Exit(1 if left_out else 0)


def _bar(file: Path) -> Progress:
    columns = (TextColumn("Importing"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("import", total=file.stat().st_size)
    return bar


def _counted(lines: BinaryIO, bar: Progress) -> Iterator[bytes]:
    """Yield the lines, moving the bar by their bytes, a step for every 64 kB."""
    waiting = 0
    for line in lines:
        waiting += len(line)
        if waiting > 65_536:
            bar.advance(bar.task_ids[0], waiting)
            waiting = 0
        yield line


def _report(result: ImportResult, left_out: list[intake.Rejected], rejects: Path | None) -> None:
    typer.echo(
        f"{result.imported} imported, {result.updated} updated, {result.unchanged} unchanged, "
        f"{result.rejected_count} rejected"
    )
    if rejects:
        rejects.write_text("".join(reject_line(row) for row in left_out), "utf-8")
    for row in left_out[:5]:
        typer.echo(f"line {row.line}: {row.reason}", err=True)
    if len(left_out) > 5:
        where = f"all of them are in {rejects}" if rejects else "--rejects FILE writes them all"
        typer.echo(f"… and {len(left_out) - 5} more; {where}.", err=True)
