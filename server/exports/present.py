"""A release as its pages show it."""

import json
from dataclasses import dataclass

from server.exports import folders
from server.exports.manifest import INDEX, Manifest
from server.models import Release

_LONGEST_SAMPLE = 4_000


@dataclass(frozen=True)
class Shown:
    """A release, its manifest read, and its size in bytes."""

    release: Release
    manifest: Manifest
    size: int


def release(row: Release) -> Shown:
    """Return a release ready to show."""
    made = Manifest.model_validate(row.manifest)
    return Shown(row, made, sum(file.bytes for file in made.files))


def sample(shown: Shown) -> str:
    """Return the first row, laid out for reading and cut when long; empty when the file is lost or empty."""
    first = next((file for file in shown.manifest.files if file.name != INDEX and file.rows), None)
    if first is None:
        return ""
    try:
        with (folders.folder(shown.release.id) / first.name).open(encoding="utf-8", errors="replace") as file:
            line = file.readline(1 << 20)
        text = json.dumps(json.loads(line), ensure_ascii=False, indent=2)
    except (OSError, ValueError):
        return ""
    return text if len(text) <= _LONGEST_SAMPLE else text[: _LONGEST_SAMPLE - 1] + "…"
