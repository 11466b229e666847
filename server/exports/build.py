"""Writing a release's files, row by row, in memory that does not grow with the rows."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.exports import manifest
from server.exports.formats import Format
from server.exports.items import Item, Row
from server.exports.manifest import Anchor, File, Manifest, SplitPart, Tally
from server.exports.splits import Split
from server.text import canonical_json


@dataclass(frozen=True)
class Plan:
    """What is to be written: the project's slug, the format, the split."""

    project: str
    format: Format
    split: Split


def build(plan: Plan, items: Iterable[Item], audit: Anchor | None, folder: Path) -> Manifest:
    """Write the rows of `items` in order, an index and the manifest into an empty `folder`; return the manifest."""
    tally = Tally()
    with ExitStack() as stack:
        parts = {name: stack.enter_context(_opened(folder, f"{name}.jsonl")) for name in plan.split.names}
        index = stack.enter_context(_opened(folder, manifest.INDEX))
        for item in items:
            rows = list(plan.format.rows(item))
            tally.add(item, rows)
            part = plan.split.place(item.messages)
            for row in rows:
                digest = parts[part].write(canonical_json(row.content))
                entry = _entry(item, row) | {"file": f"{part}.jsonl", "line": parts[part].rows, "sha256": digest}
                index.write(manifest.index_line(entry | {"split": part if plan.split.parts else None}))
    made = tally.manifest(
        project=plan.project,
        format=plan.format.NAME,
        split=[SplitPart(name=n, share=s, rows=parts[n].rows) for n, s in plan.split.parts] or None,
        files=[output.described() for output in (*parts.values(), index)],
        audit=audit,
    )
    _write(folder / manifest.FILE, made.written().encode())
    return made


def _entry(item: Item, row: Row) -> dict[str, object]:
    return {
        "task": str(item.task_id),
        "number": item.task_number,
        "version": str(item.version_id),
        "version_number": item.version_number,
        "guide_sha256": item.guide.sha256,
        "draft": str(row.draft_id) if row.draft_id else None,
    }


class _Output:
    """One file on its way: counts and hashes what it writes."""

    def __init__(self, path: Path) -> None:
        self.path, self.rows, self.bytes = path, 0, 0
        self._hash = hashlib.sha256()
        self._file = path.open("xb", buffering=1 << 18)

    def write(self, line: str) -> str:
        """Add a line; return its SHA-256, which does not cover the line end."""
        data = line.encode()
        digest = hashlib.sha256(data).hexdigest()
        data += b"\n"
        self._file.write(data)
        self._hash.update(data)
        self.rows += 1
        self.bytes += len(data)
        return digest

    def close(self) -> None:
        """Put everything on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def described(self) -> File:
        """Return the file's line in the manifest."""
        return File(name=self.path.name, bytes=self.bytes, rows=self.rows, sha256=self._hash.hexdigest())


@contextmanager
def _opened(folder: Path, name: str) -> Iterator[_Output]:
    output = _Output(folder / name)
    try:
        yield output
    finally:
        output.close()


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
