"""The verb of this room: freeze the approved answers into a release.

Writing a million rows takes longer than a writing transaction may be held, so `create` is given a session that only
reads: its one snapshot is what goes into the files, and only then is the release recorded, in a short unit of work.
"""

from pathlib import Path
from typing import NamedTuple

from sqlmodel import Session, col, select

from server import events
from server.db import unit_of_work
from server.errors import Conflict
from server.events import EventName
from server.exports import approved, build, folders, formats, splits
from server.exports.forms import ReleaseForm
from server.exports.manifest import Manifest
from server.models import Project, Release, User
from server.policy import Action, authorize


class Outcome(NamedTuple):
    """A release; `is_new` is False when the same content had been exported before."""

    release: Release
    is_new: bool


def create(db: Session, user: User, project: Project, form: ReleaseForm) -> Outcome:
    """Write the approved answers that `db`, a reading session, sees to files, and record them.

    The same content again gives the release it gave before. Raises Forbidden, Invalid for an unknown format or split,
    Conflict when there is nothing to write.
    """
    authorize(user, Action.CREATE_RELEASE, project)
    plan = build.Plan(project.slug, formats.find(form.format), splits.parse(form.split or ""))
    with folders.unfinished() as folder:
        items = approved.items(db, user, project, with_drafts=plan.format.NEEDS_DRAFTS)
        manifest = build.build(plan, items, approved.anchor(db, user, project), folder)
        _refuse_nothing(manifest)
        with unit_of_work() as writing:
            return record(writing, user, project, manifest, folder)


def record(db: Session, user: User, project: Project, manifest: Manifest, folder: Path) -> Outcome:
    """Add the release of these files, unless its content is already one; the files in `folder` take their place."""
    authorize(user, Action.CREATE_RELEASE, project)
    db.exec(select(Project.id).where(col(Project.id) == project.id).with_for_update()).one()
    same = (col(Release.project_id) == project.id) & (col(Release.sha256) == manifest.sha256)
    release = db.exec(select(Release).where(same)).first()
    is_new = release is None
    if release is None:
        release = Release(
            project_id=project.id,
            author_id=None if user.is_system else user.id,
            format=manifest.format,
            sha256=manifest.sha256,
            manifest=manifest.model_dump(),
        )
        db.add(release)
        said = manifest.model_dump(include={"format", "counts", "sha256"})
        events.record(db, user, EventName.RELEASE_CREATED, on=release, project_id=project.id, **said)
    folders.keep(folder, release.id)
    return Outcome(release, is_new)


def _refuse_nothing(manifest: Manifest) -> None:
    if not manifest.counts.answers:
        raise Conflict("No answer of this project is approved yet, so there is nothing to export.")
    if not manifest.counts.rows:
        raise Conflict(
            "None of the approved answers has a finished draft beside it, so there is no preference to export."
        )
