"""`goldsmith verify`: proof that a release, or the audit trail, is as it was written. Exit status 0 sound, 1 not."""

from pathlib import Path
from typing import Annotated

import typer

from server import events
from server.db import reading
from server.exports import verify
from server.policy import SYSTEM, Action, authorize

app = typer.Typer(help="Prove that a release or the audit trail is as it was written.", no_args_is_help=True)


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
