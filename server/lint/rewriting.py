"""Writing mended files, each in one step, so that a crash leaves the old text or the new one; or their difference."""

import difflib
import os
import tempfile
from collections.abc import Iterator
from typing import IO, Self

from server.lint.sources import Fields, Source, replaced


class Rewriter:
    """Takes every source of a file in order, with its new text, and replaces the file when something changed.

    A file of which not every source was taken stays as it is.
    """

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._path = ""
        self._file: IO[str] | None = None
        self._changed = self._started = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(discard=kind is not None)

    def take(self, source: Source, text: str | None) -> None:
        """Take the next source; `text` is None where nothing was linted."""
        if source.path != self._path:
            self.close()
            self._path = source.path
        if not source.whole:
            self.close(discard=True)
            return
        if not os.path.isfile(source.path):
            return
        if self._file is None:
            folder = os.path.dirname(os.path.abspath(source.path))
            self._file = tempfile.NamedTemporaryFile(  # noqa: SIM115  # closed by close()
                "w", dir=folder, delete=False, encoding="utf-8", newline=""
            )
            self._changed = self._started = False
        if self._started:
            self._file.write("\n")
        self._started = True
        same = text is None or text == source.text
        self._changed = self._changed or not same
        raw = source.raw if source.row is not None else source.text or ""
        self._file.write(raw if same or text is None else replaced(source, text, self._fields))

    def close(self, *, discard: bool = False) -> None:
        """Finish the file in hand, or leave it as it was."""
        if self._file is None:
            return
        self._file.close()
        if self._changed and not discard:
            os.chmod(self._file.name, os.stat(self._path).st_mode)
            os.replace(self._file.name, self._path)
        else:
            os.unlink(self._file.name)
        self._file, self._path = None, ""


def difference(source: Source, text: str) -> Iterator[str]:
    """Yield a unified diff from the source's text to `text`."""
    name = source.path if source.row is None else f"{source.path}#{source.row}"
    before, after = (_lined(each) for each in (source.text or "", text))
    for line in difflib.unified_diff(before, after, name, name):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lined(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
