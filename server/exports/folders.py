"""Where releases lie, and how they get there whole or not at all."""

import filecmp
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.config import settings
from server.errors import Conflict, Unavailable
from server.exports import manifest

_PARTIAL = ".partial-"
_STALE_SECONDS = 24 * 3600


def folder(release_id: uuid.UUID) -> Path:
    """Return the folder of a release."""
    return settings().home.resolve() / "releases" / str(release_id)


@contextmanager
def unfinished() -> Iterator[Path]:
    """Yield an empty folder to write in; what is still there at the end is removed."""
    root = settings().home.resolve() / "releases"
    try:
        root.mkdir(parents=True, exist_ok=True)
        _sweep(root)
        made = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=root))
        made.chmod(0o755)
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise _cannot_write(root, error) from error


def keep(made: Path, release_id: uuid.UUID) -> None:
    """Move a finished folder to its release's place, in exchange for what lay there."""
    place = folder(release_id)
    if place.exists():
        os.rename(place, made.with_name(f"{made.name}-old"))
    os.rename(made, place)
    shutil.rmtree(made.with_name(f"{made.name}-old"), ignore_errors=True)


def refuse_other_files(target: Path) -> None:
    """Raise Conflict when `target` is a file, or a folder that holds anything but a release."""
    if target.exists() and not target.is_dir():
        raise Conflict("{target} is a file. Choose a folder.", target=str(target))
    if target.is_dir() and any(target.iterdir()) and not (target / manifest.FILE).is_file():
        raise _other_files(target)


def copy(release_id: uuid.UUID, target: Path) -> bool:
    """Copy a release to `target`, whole or not at all. False: it is there already. Raises Conflict for other files."""
    source = folder(release_id)
    if target.is_dir() and any(target.iterdir()):
        if filecmp.cmpfiles(source, target, names := os.listdir(source), shallow=False)[0] == names:
            return False
        raise _other_files(target)
    partial = target.resolve().with_name(f"{target.resolve().name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(source, partial)
        os.rename(partial, target.resolve())
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise _cannot_write(target, error) from error
    return True


def _other_files(target: Path) -> Conflict:
    return Conflict(
        "{target} holds other files than this release. Choose a new folder, or empty this one first.",
        target=str(target),
    )


def _cannot_write(target: Path, error: OSError) -> Unavailable:
    reason = error.strerror or str(error)
    return Unavailable("{target} cannot be written: {reason}. Nothing was kept.", target=str(target), reason=reason)


def _sweep(root: Path) -> None:
    """Remove what a killed process left half-written."""
    for left in root.glob(f"{_PARTIAL}*"):
        if time.time() - left.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
