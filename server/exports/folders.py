"""Where releases lie, and how they get there whole or not at all."""

import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.config import settings
from server.errors import Conflict
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
    root.mkdir(parents=True, exist_ok=True)
    _sweep(root)
    made = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=root))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def keep(made: Path, release_id: uuid.UUID) -> None:
    """Move a finished folder to its release's place, in exchange for what lay there."""
    place = folder(release_id)
    if place.exists():
        os.rename(place, made.with_name(f"{made.name}-old"))
    os.rename(made, place)
    shutil.rmtree(made.with_name(f"{made.name}-old"), ignore_errors=True)


def copy(release_id: uuid.UUID, target: Path) -> bool:
    """Copy a release to `target`, whole or not at all. False: it is there already. Raises Conflict for other files."""
    source = folder(release_id)
    if target.is_dir() and any(target.iterdir()):
        if _same(source, target):
            return False
        raise Conflict("{target} holds other files. Choose a new folder, or empty this one first.", target=str(target))
    if target.exists() and not target.is_dir():
        raise Conflict("{target} is a file. Choose a folder.", target=str(target))
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, partial)
    os.rename(partial, target)
    return True


def _same(source: Path, target: Path) -> bool:
    ours, theirs = source / manifest.FILE, target / manifest.FILE
    return theirs.is_file() and ours.read_bytes() == theirs.read_bytes()


def _sweep(root: Path) -> None:
    """Remove what a killed process left half-written."""
    for left in root.glob(f"{_PARTIAL}*"):
        if time.time() - left.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
