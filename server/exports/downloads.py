"""Sending a release: one file under its own name, so that what was fetched verifies, or all of it as a zip."""

import io
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from fastapi.responses import FileResponse, StreamingResponse

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
    return FileResponse(path, media_type=kind, filename=name)


def send_all(release: Release) -> StreamingResponse:
    """Return every file of a release in one folder of a zip, streamed; the same release gives the same bytes."""
    names = [*(file["name"] for file in release.manifest["files"]), FILE]
    folder = folders.folder(release.id)
    if not all((folder / name).is_file() for name in names):
        raise NotFound("This file is no longer on the disk. Export again to make it anew: the bytes will be the same.")
    title = f"{release.manifest['project']}-{release.format}-{release.sha256[:10]}"
    headers = {"Content-Disposition": f'attachment; filename="{title}.zip"'}
    return StreamingResponse(_zipped(folder, names, title), media_type="application/zip", headers=headers)


class _Buffer(io.RawIOBase):
    """What the zip writes waits here until it is sent."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.waiting += data  # type: ignore[arg-type]
        return len(data)  # type: ignore[arg-type]

    def take(self) -> bytes:
        taken, self.waiting = bytes(self.waiting), bytearray()
        return taken


def _zipped(folder: Path, names: list[str], title: str) -> Iterator[bytes]:
    buffer = _Buffer()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name in names:
            entry = ZipInfo(f"{title}/{name}")  # dated 1980, whenever it is sent
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as target, (folder / name).open("rb") as source:
                while chunk := source.read(1 << 18):
                    target.write(chunk)
                    yield buffer.take()
    yield buffer.take()
