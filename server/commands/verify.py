"""`goldsmith verify`: proof that what is stored, or released, is as it was written. Exit status 0 sound, 1 not."""

from pathlib import Path
from typing import Annotated

import typer

from server import events
from server.answers import rerun
from server.db import reading
from server.exports import verify
from server.policy import SYSTEM, Action, authorize

app = typer.Typer(
    help="Prove that a release, the audit trail or the lint reports are as they were written.", no_args_is_help=True
)


@app.command("release")
def release(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the release.")]) -> None:
    """Check every byte of a release against its manifest; name the file and row that differ. Needs no database."""
    verdict = verify.verify_release(folder)
    for problem in verdict.problems:
        typer.echo(str(problem), err=True)
    if not verdict.is_sound or verdict.manifest is None:
        raise typer.Exit(1)
    made = verdict.manifest
    typer.echo(f"Sound: {len(made.files)} files, {made.counts.rows} rows, manifest {made.sha256}")


@app.command("audit")
def audit() -> None:
    """Walk the chain of events; name the first one that was changed, removed or added."""
    authorize(SYSTEM, Action.READ_AUDIT)
    with reading() as db:
        found = events.verify(db)
    if found.broken_at is not None:
        typer.echo(f"{found.reason[:1].upper()}{found.reason[1:]}. Every event before it is sound.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Sound: {found.events} events, head {found.head}")


@app.command("reports")
def reports() -> None:
    """Lint every stored version again, under its guide's version of then; name each finding that differs."""
    authorize(SYSTEM, Action.READ_AUDIT)
    same = differing = 0
    with reading() as db:
        for each in rerun.every(db):
            task = each.version.task
            place = f"{task.project.slug}, task {task.number}, version {each.version.number}"
            for sentence in each.differences:
                typer.echo(f"{place}: {sentence}", err=True)
            if each.why_not:
                typer.echo(f"{place} was not compared: {each.why_not}", err=True)
            differing += bool(each.differences)
            same += not (each.differences or each.why_not)
    if differing:
        raise typer.Exit(1)
    typer.echo(f"Sound: {same} reports say the same again")
