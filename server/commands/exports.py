"""`goldsmith export`: freeze a project's approved answers into a folder."""

from pathlib import Path
from typing import Annotated

import typer

from server.db import reading
from server.exports import folders, formats, manifest, queries, service
from server.exports.forms import ReleaseForm
from server.policy import SYSTEM


def export(
    project: Annotated[str, typer.Option(help="Slug of the project.")],
    format: Annotated[str, typer.Option(help=f"One of: {', '.join(formats.FORMATS)}.")],
    out: Annotated[Path, typer.Option(help="Folder to write; new, empty, or holding this same release.")],
    split: Annotated[str, typer.Option(help="Shares such as 0.9/0.1 or 0.8/0.1/0.1; nothing for one file.")] = "",
) -> None:
    """Write the approved answers of a project to OUT: rows, index, manifest. The same answers give the same bytes."""
    folders.refuse_other_files(out)
    with reading() as db:
        form = ReleaseForm.model_construct(format=format, split=split)
        release, _ = service.create(db, SYSTEM, queries.project(db, SYSTEM, project), form)
    is_written = folders.copy(release.id, out)
    made = manifest.Manifest.model_validate(release.manifest)
    said = "Wrote" if is_written else "Already there, unchanged:"
    typer.echo(f"{said} {made.counts.rows} rows of {made.counts.answers} approved answers in {out}", err=True)
    if made.counts.left_out:
        typer.echo(f"Left out {made.counts.left_out} answers with no finished draft to prefer them to.", err=True)
    for file in made.files:
        typer.echo(f"{file.sha256}  {out / file.name}")
