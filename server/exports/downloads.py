"""Sending a release's files."""

from fastapi.responses import FileResponse

from server.errors import NotFound
from server.exports import folders
from server.exports.manifest import FILE
from server.models import Release


def send(release: Release, name: str) -> FileResponse:
    """Return the file of that name. Raises NotFound for a name the release does not list, and for a lost file."""
    if name not in {FILE, *(file["name"] for file in release.manifest["files"])}:
        raise NotFound("This export has no file of that name.")
    path = folders.folder(release.id) / name
    if not path.is_file():
        raise NotFound("This file is no longer on the disk. Export again to make it anew: the bytes will be the same.")
    kind = "application/json" if name == FILE else "application/jsonl"
    return FileResponse(path, media_type=kind, filename=f"{release.manifest['project']}-{release.format}-{name}")
