"""Baselines: what was there before, by fingerprint, so that a bulk import only speaks of what is new."""

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from server.lint.diagnostic import message
from server.lint.engine import Report
from server.lint.problems import reason
from server.lint.voice import Complaint, Saying

VERSION = 1
OTHER_VERSION = message("{path} is a baseline of another version; write it again with --write-baseline")
CANNOT_READ = message("the baseline {path} cannot be read: {reason}; --write-baseline writes one")
SOMETHING_ELSE = message("{path} is no baseline; --write-baseline writes one")
NO_FILE = message("{path} is no file")
NO_FOLDER = message("there is no folder {path}")
CLOSED_FOLDER = message("the folder {path} is read-only")


class BadBaseline(Complaint):
    """A baseline file that cannot be used; the text says why."""


class Baseline:
    """How often each fingerprint was found in each file. Rows may move within a JSONL file: they are not kept."""

    def __init__(self) -> None:
        self.files: dict[str, Counter[str]] = {}

    @classmethod
    def load(cls, path: Path) -> "Baseline":
        """Read a baseline. Raises BadBaseline."""
        found = cls()
        try:
            data = json.loads(path.read_text("utf-8"))
            if data["goldsmith_baseline"] != VERSION:
                raise BadBaseline(OTHER_VERSION, path=path)
            found.files = {_name(name): Counter(marks) for name, marks in data["files"].items()}
        except OSError as error:
            raise BadBaseline(CANNOT_READ, path=path, reason=reason(error)) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadBaseline(SOMETHING_ELSE, path=path) from error
        return found

    def take(self, path: str, report: Report) -> None:
        """Count what a report found."""
        if report.diagnostics:
            marks = self.files.setdefault(_name(path), Counter())
            marks.update(_stem(item.fingerprint) for item in report.diagnostics)

    def without_known(self, path: str, report: Report) -> Report:
        """Return the report without what the baseline counts; each count is used up once."""
        left = self.files.get(_name(path))
        if not left:
            return report
        fresh = []
        for item in report.diagnostics:
            mark = _stem(item.fingerprint)
            if left[mark] > 0:
                left[mark] -= 1
            else:
                fresh.append(item)
        return replace(report, diagnostics=tuple(fresh))

    def write(self, path: Path) -> int:
        """Write the baseline in one step; return how many findings it holds. Raises OSError."""
        files = {name: dict(sorted(marks.items())) for name, marks in sorted(self.files.items())}
        fresh = path.with_name(f".{path.name}.new")
        fresh.write_text(json.dumps({"goldsmith_baseline": VERSION, "files": files}, indent=1) + "\n", "utf-8")
        fresh.replace(path)
        return sum(_total(self.files.values()))


def _total(counters: Iterable[Counter[str]]) -> Iterable[int]:
    return (sum(each.values()) for each in counters)


def unwritable(path: Path) -> Saying | None:
    """Return why no baseline can be written at `path`, or nothing."""
    if path.exists() and not path.is_file():
        return Saying(NO_FILE, {"path": path})
    if not path.parent.is_dir():
        return Saying(NO_FOLDER, {"path": path.parent})
    return None if os.access(path.parent, os.W_OK) else Saying(CLOSED_FOLDER, {"path": path.parent})


def _name(path: str) -> str:
    """Return the path as baselines have it: from the working directory, however it was given."""
    return Path(os.path.relpath(path)).as_posix()


def _stem(fingerprint: str) -> str:
    """Return the fingerprint without the number that tells twins in one text apart."""
    return fingerprint.partition("-")[0]
