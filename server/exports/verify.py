"""Proof that a release is as it was written: every byte, every row, nothing missing, nothing more."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from server.exports import manifest
from server.exports.manifest import File, Manifest
from server.text import message

_LONGEST_LINE = _LONGEST_MANIFEST = 64 << 20


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where. `row` counts from 1, None when the whole file is meant; `message` is a message id."""

    file: str
    message: str
    row: int | None = None
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        place = f"{self.file}, row {self.row}" if self.row else self.file
        return f"{place}: {self.message.format(**self.values)}"


_CHANGED = Problem("", "where is yet to be found")


@dataclass(frozen=True)
class Verdict:
    """The outcome. `manifest` is None when it cannot be read; `problems` has one a file: the first row that differs."""

    problems: tuple[Problem, ...]
    manifest: Manifest | None = None

    @property
    def is_sound(self) -> bool:
        """Whether every byte is as it was written."""
        return not self.problems


def verify_release(folder: Path) -> Verdict:
    """Check a release's folder in constant memory. Never raises for what the files hold."""
    made, problem = _manifest(folder)
    if made is None:
        return Verdict((problem,) if problem else ())
    problems = [problem] if problem else []
    listed = {file.name: file for file in made.files}
    index = _check_index(folder, listed.pop(manifest.INDEX, None))
    problems += [index] if index else []
    problems += [found for file in listed.values() if (found := _check(folder, file, can_name_rows=index is None))]
    return Verdict((*problems, *_strangers(folder, made)), made)


def _manifest(folder: Path) -> tuple[Manifest | None, Problem | None]:
    name = manifest.FILE
    try:
        with (folder / name).open("rb") as file:
            written = file.read(_LONGEST_MANIFEST)
    except OSError:
        return None, Problem(name, message("It is missing, so nothing here can be checked."))
    try:
        made = Manifest.model_validate_json(written)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(p) for p in first["loc"]) or "its text"
        return None, Problem(
            name, message("This is not a manifest of Goldsmith: {place} is not right."), values={"place": place}
        )
    if made.sha256 != made.fingerprint():
        return None, Problem(
            name,
            message(
                "It was changed after it was written: its content does not match its own hash, so it proves nothing."
            ),
        )
    if made.written().encode() != written:
        return made, Problem(name, message("It was changed after it was written: it says the same in other bytes."))
    return made, None


def _check(folder: Path, file: File, *, can_name_rows: bool) -> Problem | None:
    path = folder / file.name
    problem = _compare(path, file)
    if problem is not _CHANGED:
        return problem
    if not can_name_rows:
        return Problem(file.name, message("It was changed. The index is not sound either, so the row cannot be named."))
    return _first_difference(folder, file) or _line_end(file)


def _check_index(folder: Path, file: File | None) -> Problem | None:
    if file is None:
        return Problem(manifest.FILE, message("It does not list {index}."), values={"index": manifest.INDEX})
    problem = _compare(folder / file.name, file)
    if problem is not _CHANGED:
        return problem
    return _first_bad_entry(folder / file.name, file.rows) or _line_end(file)


def _compare(path: Path, file: File) -> Problem | None:
    try:
        sound = _digest(path) == (file.sha256, file.bytes)
    except OSError:
        return Problem(file.name, message("It is missing."))
    return None if sound else _CHANGED


def _line_end(file: File) -> Problem:
    return Problem(file.name, message("The line end of this row was changed."), file.rows or None)


def _strangers(folder: Path, made: Manifest) -> list[Problem]:
    known = {file.name for file in made.files} | {manifest.FILE}
    extra = sorted(p.name for p in folder.iterdir() if p.name not in known and not p.name.startswith("."))
    return [Problem(name, message("It does not belong to this release.")) for name in extra]


def _first_difference(folder: Path, file: File) -> Problem | None:
    """Walk file and index side by side; look one row ahead to tell a removed row from a changed one."""
    actual = _Ahead(hashlib.sha256(line).hexdigest() for line in _lines(folder / file.name))
    expected = _Ahead(_expected(folder, file.name))
    row = 0
    while actual.here is not None or expected.here is not None:
        row += 1
        if actual.here != expected.here:
            return Problem(file.name, _what_happened(actual, expected), row)
        actual.step()
        expected.step()
    return None


def _what_happened(actual: "_Ahead", expected: "_Ahead") -> str:
    if actual.here is None:
        return message("This row was removed.")
    if expected.here is None:
        return message("This row was added.")
    if actual.here == expected.next:
        return (
            message("This row and the next changed places.")
            if actual.next == expected.here
            else message("This row was removed.")
        )
    return message("This row was added.") if actual.next == expected.here else message("This row was changed.")


class _Ahead:
    """An iterator that shows the present value and the next; None after the end."""

    def __init__(self, values: Iterator[str]) -> None:
        self._values = values
        self.here = next(values, None)
        self.next = next(values, None)

    def step(self) -> None:
        self.here, self.next = self.next, next(self._values, None)


def _expected(folder: Path, name: str) -> Iterator[str]:
    """Yield the row hashes the index gives for one file, as far as the index can be read."""
    try:
        for line in _lines(folder / manifest.INDEX):
            entry = _entry(line)
            if entry is not None and entry["file"] == name:
                yield entry["sha256"]
    except OSError:
        return


def _first_bad_entry(path: Path, rows: int) -> Problem | None:
    """Name the first index line that fails its own check or is out of turn."""
    lines: dict[str, int] = {}
    row = 0
    for row, line in enumerate(_lines(path), 1):
        entry = _entry(line)
        if entry is None:
            return Problem(path.name, message("This row was changed."), row)
        turn = lines[entry["file"]] = lines.get(entry["file"], 0) + 1
        if entry["line"] != turn:
            return Problem(
                path.name,
                message("This row was removed.") if entry["line"] > turn else message("This row was added."),
                row,
            )
    return Problem(path.name, message("This row was removed."), row + 1) if row < rows else None


def _entry(line: bytes) -> dict[str, Any] | None:
    """Return an index line's entry, None unless it passes its own check."""
    try:
        entry: dict[str, Any] = json.loads(line)
        entry.pop("check")
        is_whole = all(isinstance(entry[key], kind) for key, kind in (("file", str), ("line", int), ("sha256", str)))
        return entry if is_whole and manifest.index_line(entry).encode() == line else None
    except (ValueError, RecursionError, LookupError, AttributeError, TypeError):
        return None


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while line := file.readline(_LONGEST_LINE):
            yield line.removesuffix(b"\n")


def _digest(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size
