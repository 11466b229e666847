"""Writing mended files, each in one step, so that a crash leaves the old text or the new one; or their difference."""

import difflib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Self

from server.lint.diagnostic import message
from server.lint.problems import reason
from server.lint.sources import Fields, Source, replaced
from server.lint.voice import Complaint, Saying

READ_ONLY = message("{path} is read-only")
CLOSED_FOLDER = message("the folder of {path} is read-only")
CANNOT_WRITE = message("{path} cannot be written: {reason}; it is as it was")


class CannotWrite(Complaint):
    """A file that could not be written and is as it was; the text says why."""


def refusal(path: str) -> Saying | None:
    """Return why a file may not be written, or nothing. A file that is not there is for its reader to complain of."""
    target = os.path.realpath(path)
    if not os.path.isfile(target):
        return None
    if not os.stat(target).st_mode & 0o222 or not os.access(target, os.W_OK):
        return Saying(READ_ONLY, {"path": path})
    return None if os.access(os.path.dirname(target), os.W_OK) else Saying(CLOSED_FOLDER, {"path": path})


class Rewriter:
    """Takes every source of a file in order, with its new text, and replaces the file when something changed.

    A file of which not every source was taken stays as it is; what a link leads to is replaced, not the link.
    `fixed` counts the fixes of the files that were replaced.
    """

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._path = self._broken = ""
        self._file: IO[str] | None = None
        self._changed = self._started = False
        self._fixes = self.fixed = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(discard=kind is not None)

    def take(self, source: Source, text: str | None, fixes: int = 0) -> None:
        """Take the next source; `text` is None where nothing was linted. Raises CannotWrite."""
        if source.path != self._path:
            self.close()
            self._path = source.path
        if not source.whole:
            self.close(discard=True)
            self._broken = source.path
        if source.path == self._broken or not os.path.isfile(source.path):
            return
        try:
            self._write(source, text)
            self._fixes += fixes
        except OSError as error:
            self.close(discard=True)
            raise _cannot(source.path, error) from error

    def _write(self, source: Source, text: str | None) -> None:
        if self._file is None:
            self._file = _beside(os.path.realpath(source.path))
            self._changed = self._started = False
            self._fixes = 0
        if self._started:
            self._file.write("\n")
        self._started = True
        same = text is None or text == source.text
        self._changed = self._changed or not same
        raw = source.raw if source.row is not None else source.text or ""
        self._file.write(raw if same or text is None else replaced(source, text, self._fields))

    def close(self, *, discard: bool = False) -> None:
        """Finish the file in hand, or leave it as it was. Raises CannotWrite."""
        if self._file is None:
            return
        file, path, self._file, self._path = self._file, self._path, None, ""
        try:
            file.close()
            if self._changed and not discard:
                target = os.path.realpath(path)
                os.chmod(file.name, os.stat(target).st_mode)
                os.replace(file.name, target)
                self.fixed += self._fixes
        except OSError as error:
            raise _cannot(path, error) from error
        finally:
            with suppress(FileNotFoundError):
                os.unlink(file.name)


def _beside(target: str) -> IO[str]:
    """Open a new file in the same folder; a crash could leave it there, under a name that no search for texts finds."""
    folder, name = os.path.split(target)
    return tempfile.NamedTemporaryFile(
        "w", dir=folder, prefix=f".{name[:40]}.", delete=False, encoding="utf-8", newline=""
    )


def _cannot(path: str, error: OSError) -> CannotWrite:
    return CannotWrite(CANNOT_WRITE, path=path, reason=reason(error))


def difference(source: Source, text: str) -> Iterator[str]:
    """Yield a unified diff from the source's text to `text`."""
    name = source.path if source.row is None else f"{source.path}#{source.row}"
    before, after = (_lined(each) for each in (source.text or "", text))
    for line in difflib.unified_diff(before, after, name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lined(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
