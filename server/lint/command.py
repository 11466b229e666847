"""`goldsmith lint`: files, JSONL rows or standard input through the engine. Needs no server and no database."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from server.lint.diagnostic import LEVELS, Level
from server.lint.document import LintContext
from server.lint.engine import Report, lint
from server.lint.fixes import apply_fixes
from server.lint.guide import Guide, GuideError, load_guide
from server.lint.outputs import FORMATS, Result

CLEAN, FOUND, USAGE = 0, 1, 2
STDIN = "-"


class Usage(Exception):
    """The command cannot run as asked; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Which members of a JSONL row hold what."""

    response: str = "response"
    prompt: str = "prompt"
    reference: str = "reference_answer"


@dataclass(slots=True)
class _Run:
    guide: Guide
    fields: Fields
    fix: bool
    errors: TextIO
    failed: bool = False
    worst: Level | None = None
    fixed: int = 0
    seen: list[str] = field(default_factory=list)

    def check(self, text: str, context: LintContext) -> tuple[str, Report]:
        """Lint one text, mended first where asked; return it with its report."""
        if self.fix:
            applied = apply_fixes(text, lambda version: lint(version, self.guide, context))
            text, self.fixed = applied.text, self.fixed + applied.count
        report = lint(text, self.guide, context)
        self.worst = max((self.worst, report.worst()), key=lambda level: LEVELS.index(level) if level else -1)
        return text, report

    def complain(self, text: str) -> None:
        self.failed = True
        self.errors.write(f"goldsmith lint: {text}\n")


def run(
    paths: Sequence[str],
    *,
    guides: Path,
    guide: str = "",
    output: str = "text",
    fail_on: Level = "error",
    fix: bool = False,
    fields: Fields | None = None,
    stdin: TextIO | None = None,
    stdout: TextIO | None = None,
    stderr: TextIO | None = None,
) -> int:
    """Lint `paths` (`-` is standard input) and write the report to `stdout`.

    `guide` is the name of a file in the folder `guides`, or a path to a YAML file; empty means the recommended rules.
    Files named `.jsonl` are read row by row. `fix` applies safe fixes and rewrites the files.
    Returns 0 when clean, 1 for a diagnostic at or above `fail_on`, 2 when something could not be read.
    """
    out, errors = stdout or sys.stdout, stderr or sys.stderr
    try:
        job = _Run(find_guide(guide, guides), fields or Fields(), fix, errors)
        _check_arguments(paths, output, fail_on)
    except (Usage, GuideError) as error:
        errors.write(f"goldsmith lint: {error}\n")
        return USAGE
    for piece in FORMATS[output](_results(job, paths, stdin or sys.stdin)):
        out.write(piece.encode("utf-8", "replace").decode("utf-8"))
    if fix and job.fixed:
        errors.write(f"goldsmith lint: {job.fixed} fixed\n")
    if job.failed:
        return USAGE
    return FOUND if job.worst and LEVELS.index(job.worst) >= LEVELS.index(fail_on) else CLEAN


def _check_arguments(paths: Sequence[str], output: str, fail_on: str) -> None:
    if not paths:
        raise Usage("name a file, or - for standard input")
    if output not in FORMATS:
        raise Usage(f"unknown format {output!r}; known: {', '.join(FORMATS)}")
    if fail_on not in LEVELS:
        raise Usage(f"unknown level {fail_on!r}; known: {', '.join(LEVELS)}")


def find_guide(name: str, folder: Path) -> Guide:
    """Return the guide `name` means. Raises Usage when there is none, GuideError when it is wrong."""
    if not name:
        return Guide(guide="recommended", title="Recommended rules")
    inside = folder / f"{name}.yaml"
    if inside.is_file():
        return load_guide(inside)
    if Path(name).is_file():
        return load_guide(Path(name))
    known = sorted(path.stem for path in folder.glob("*.yaml"))
    raise Usage(f"no guide called {name!r}; known: {', '.join(known) or 'none'}, or give the path of a YAML file")


def _results(job: _Run, paths: Sequence[str], stdin: TextIO) -> Iterator[Result]:
    for path in paths:
        if path == STDIN:
            yield Result("<stdin>", None, job.check(stdin.read(), LintContext())[1])
            continue
        try:
            with open(path, encoding="utf-8", newline="") as file:
                text = file.read()
        except (OSError, UnicodeDecodeError) as error:
            job.complain(f"{path} cannot be read: {error}")
            continue
        if path.endswith(".jsonl"):
            yield from _rows(job, path, text)
        else:
            mended, report = job.check(text, LintContext())
            _write_back(path, text, mended)
            yield Result(path, None, report)


def _rows(job: _Run, path: str, text: str) -> Iterator[Result]:
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            answer = row[job.fields.response]
            if not isinstance(answer, str):
                raise TypeError(f"{job.fields.response!r} is not text")
        except (ValueError, TypeError, RecursionError) as error:
            job.complain(f"{path}, row {number}: {error}")
        except KeyError:
            job.complain(f"{path}, row {number}: no member {job.fields.response!r}; name it with --field")
        else:
            mended, report = job.check(answer, _context(row, job.fields))
            if mended != answer:
                lines[number - 1] = json.dumps({**row, job.fields.response: mended}, ensure_ascii=False)
            yield Result(path, number, report)
    _write_back(path, text, "\n".join(lines))


def _context(row: dict[str, Any], fields: Fields) -> LintContext:
    tags, language = row.get("tags"), row.get("language", row.get("lang"))
    return LintContext(
        prompt=str(row.get(fields.prompt) or ""),
        reference=str(row.get(fields.reference) or ""),
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
        language=language if language in ("en", "zh") else "",
    )


def _write_back(path: str, before: str, after: str) -> None:
    """Replace the file in one step, so that a crash leaves the old text or the new one."""
    if after == before:
        return
    folder = os.path.dirname(os.path.abspath(path))
    with tempfile.NamedTemporaryFile("w", dir=folder, delete=False, encoding="utf-8", newline="") as file:
        file.write(after)
    os.chmod(file.name, os.stat(path).st_mode)
    os.replace(file.name, path)
