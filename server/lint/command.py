"""`goldsmith lint`: files, folders, JSONL rows or standard input through the engine. Needs no server, no database."""

import os
import sys
import time
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

from server.lint import bulk, problems, registry, rewriting
from server.lint import sources as reading
from server.lint.baseline import BadBaseline, Baseline, unwritable
from server.lint.diagnostic import LEVELS, Level, Safety, message
from server.lint.engine import Report
from server.lint.guide import Guide, GuideError, load_guide
from server.lint.outputs import FORMATS, Result, statistics
from server.lint.sources import STDIN, Fields
from server.lint.voice import ENGLISH, Complaint, Saying, Voice

CLEAN, FOUND, USAGE, STOPPED = 0, 1, 2, 130
SAFE: tuple[Safety, ...] = ("safe",)
UNSAFE: tuple[Safety, ...] = ("safe", "unsafe")


PROGRESS = message("{checked} checked, {speed} a second …")
STOPPED_AFTER = message("stopped after {checked} texts")
BASELINE = message("{findings} findings of {checked} texts are the baseline now")
FIXED = message("{fixed} fixed")
NO_FORMAT = message("unknown format {name}; known: {known}")
NO_LEVEL = message("unknown level {name}; known: {known}")
NO_RULE = message("no rule is called {name}; `goldsmith rules` lists them")
NOTHING_FIXED = message("{why}: nothing was fixed; --diff shows what would change")
NONE_FIXED = message("{why}, and {more} more cannot be written: nothing was fixed; --diff shows what would change")
NOT_WRITTEN = message("no baseline can be written there: {why}")
NO_GUIDE = message("no guide called {name}; known: {known}, or give the path of a YAML file")
NONE = message("none")


class Usage(Complaint):
    """The command cannot run as asked; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is asked of a run besides its paths. `guide` is the name of a file in the folder `guides`, or a path to a
    YAML file; empty means the recommended rules. `select` and `ignore` take codes, prefixes of codes and names. `voice`
    speaks to who reads along, `recorded` in the formats for machines."""

    guides: Path
    guide: str = ""
    output: str = "text"
    fail_on: Level = "error"
    fix: bool = False
    unsafe: bool = False
    diff: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    statistics: bool = False
    jobs: int = 1
    baseline: str = ""
    write_baseline: str = ""
    second_tier: bool = False
    stdin_name: str = ""
    colour: bool = False
    fields: Fields = field(default_factory=Fields)
    voice: Voice = ENGLISH
    recorded: Voice = ENGLISH

    @property
    def reporting(self) -> Voice:
        """Who tells the findings."""
        return self.voice if self.output == "text" else self.recorded


@dataclass(slots=True)
class _Run:
    wishes: Wishes
    out: TextIO
    errors: TextIO
    known: Baseline
    failed: bool = False
    worst: int = -1
    fixed: int = 0
    checked: int = 0
    fresh: Baseline = field(default_factory=Baseline)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    began: float = field(default_factory=time.monotonic)
    shown: float = 0.0

    def complain(self, what: Saying) -> None:
        self.failed = True
        self.clear()
        self.tell(what.template, **what.values)

    def tell(self, template: str, **values: Any) -> None:
        """Say something beside the report."""
        _tell(self.errors, self.wishes, Saying(template, values))

    def write(self, text: str) -> None:
        self.out.write(text.encode("utf-8", "replace").decode("utf-8"))

    def progress(self) -> None:
        """Say now and then how far a long run is and how fast, to a terminal."""
        now = time.monotonic()
        if now - max(self.shown, self.began) > 1 and self.errors.isatty():
            self.shown = now
            speed = f"{self.checked / (now - self.began):,.0f}"
            said = self.wishes.voice.fill(PROGRESS, {"checked": f"{self.checked:,}", "speed": speed})
            self.errors.write(f"\r{said}\033[K")
            self.errors.flush()

    def clear(self) -> None:
        """Take the progress off the terminal's line."""
        if self.shown and self.errors.isatty():
            self.errors.write("\r\033[K")


def run(
    paths: Sequence[str],
    wishes: Wishes,
    *,
    stdin: TextIO | None = None,
    stdout: TextIO | None = None,
    stderr: TextIO | None = None,
) -> int:
    """Lint `paths` (`-` is standard input, folders and globs are searched) and write the report to `stdout`.

    Files named `.jsonl` are read row by row. Returns 0 when clean, 1 for a diagnostic at or above `fail_on` or, with
    `diff`, for a fix to make, 2 when something could not be read, and 130 when Ctrl-C stopped it. Where nobody reads
    on (`| head`) it ends with what it knows by then.
    """
    errors = stderr or sys.stderr
    try:
        _check_arguments(paths, wishes)
        guide = narrowed(find_guide(wishes.guide, wishes.guides), wishes.select, wishes.ignore)
        files = reading.expand(paths)
        if not files:
            raise Usage(message("no file to lint there: .md, .markdown, .txt and .jsonl are looked for"))
        _check_writing(files, wishes)
        known = Baseline.load(Path(wishes.baseline)) if wishes.baseline else Baseline()
    except (Usage, GuideError, BadBaseline) as error:
        _tell(errors, wishes, error)
        return USAGE
    job = _Run(wishes, stdout or sys.stdout, errors, known)
    try:
        with closing(_outcomes(job, guide, files, stdin or sys.stdin)) as outcomes:
            with closing(_results(job, outcomes)) as results:
                _report(job, results, guide)
            job.out.flush()
    except KeyboardInterrupt:
        job.clear()
        job.tell(STOPPED_AFTER, checked=f"{job.checked:,}")
        return STOPPED
    except BrokenPipeError:
        _let_go(job.out)
    return _status(job)


def _tell(errors: TextIO, wishes: Wishes, what: Saying | Complaint | GuideError) -> None:
    errors.write(f"goldsmith lint: {what.told(wishes.voice)}\n")


def _let_go(out: TextIO) -> None:
    """Point a stream that nobody reads at nothing, or Python complains of it when it ends."""
    if out is sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


def _report(job: _Run, results: Iterator[Result], guide: Guide) -> None:
    wishes = job.wishes
    if wishes.diff or wishes.statistics or wishes.write_baseline:
        for _ in results:
            pass
    else:
        for piece in FORMATS[wishes.output](results, wishes.colour, guide.lint.house, wishes.reporting):
            job.write(piece)
    job.clear()
    if wishes.statistics:
        job.write("".join(statistics(job.counts, job.checked, wishes.output, wishes.reporting)))
    if wishes.write_baseline:
        count = job.fresh.write(Path(wishes.write_baseline))
        job.tell(BASELINE, findings=count, checked=job.checked)
    if job.fixed and not wishes.diff:
        job.tell(FIXED, fixed=job.fixed)


def _status(job: _Run) -> int:
    if job.failed:
        return USAGE
    if job.wishes.write_baseline:
        return CLEAN
    if job.wishes.diff:
        return FOUND if job.fixed else CLEAN
    return FOUND if job.worst >= LEVELS.index(job.wishes.fail_on) else CLEAN


def _outcomes(job: _Run, guide: Guide, files: Sequence[str], stdin: TextIO) -> Generator[bulk.Checked, None, None]:
    wishes = job.wishes
    safeties = (UNSAFE if wishes.unsafe else SAFE) if wishes.fix or wishes.diff else ()
    work = bulk.Work(guide, ("first", "second") if wishes.second_tier else ("first",), safeties)
    texts = (
        source for path in files for source in reading.read(path, wishes.fields, stdin, job.complain, wishes.stdin_name)
    )
    yield from bulk.check_all(work, texts, wishes.jobs)


def _results(job: _Run, outcomes: Iterator[bulk.Checked]) -> Generator[Result, None, None]:
    wishes = job.wishes
    try:
        with rewriting.Rewriter(wishes.fields) as rewriter:
            for each in outcomes:
                if wishes.fix and not wishes.diff:
                    rewriter.take(each.source, each.text, each.fixes)
                if each.text is not None and each.report is not None:
                    yield _result(job, each, each.text, each.report)
        job.fixed += rewriter.fixed
    except (bulk.Unfinished, rewriting.CannotWrite) as error:
        job.complain(error.saying)


def _result(job: _Run, each: bulk.Checked, text: str, report: Report) -> Result:
    wishes, path = job.wishes, each.source.path
    job.checked = job.checked + 1
    job.progress()
    if wishes.diff:
        job.fixed += each.fixes
        job.write("".join(rewriting.difference(each.source, text)))
    report = job.known.without_known(path, report)
    if wishes.write_baseline:
        job.fresh.take(path, report)
    job.counts.update((item.code, item.name) for item in report.diagnostics)
    worst = report.worst()
    job.worst = max(job.worst, LEVELS.index(worst) if worst else -1)
    told = tuple(item.told(wishes.reporting) for item in report.diagnostics)
    return Result(path, each.source.row, replace(report, diagnostics=told), text)


def _check_arguments(paths: Sequence[str], wishes: Wishes) -> None:
    if not paths:
        raise Usage(message("name a file or a folder, or - for standard input"))
    if wishes.output not in FORMATS:
        raise Usage(NO_FORMAT, name=repr(wishes.output), known=", ".join(FORMATS))
    if wishes.fail_on not in LEVELS:
        raise Usage(NO_LEVEL, name=repr(wishes.fail_on), known=", ".join(LEVELS))
    if wishes.fix and STDIN in paths and not wishes.diff:
        raise Usage(message("standard input cannot be fixed in place; --diff shows what would change"))
    if wishes.unsafe and not (wishes.fix or wishes.diff):
        raise Usage(message("--unsafe belongs to --fix or --diff"))
    if wishes.jobs < 1:
        raise Usage(message("--jobs counts processes, from 1"))


def _check_writing(files: Sequence[str], wishes: Wishes) -> None:
    """Raise Usage where what is to be written cannot be, before anything is."""
    refused = [why for path in files if (why := rewriting.refusal(path))] if wishes.fix and not wishes.diff else []
    if refused:
        raise (
            Usage(NOTHING_FIXED, why=refused[0])
            if len(refused) == 1
            else Usage(NONE_FIXED, why=refused[0], more=len(refused) - 1)
        )
    if wishes.write_baseline and (why := unwritable(Path(wishes.write_baseline))):
        raise Usage(NOT_WRITTEN, why=why)


def narrowed(guide: Guide, select: Sequence[str], ignore: Sequence[str]) -> Guide:
    """Return the guide with only the selected rules in force, without the ignored ones. Raises Usage."""
    if not select and not ignore:
        return guide
    house = {rule.code: rule for rule in guide.lint.house}
    chosen, refused = _codes(select, house), _codes(ignore, house)
    if select and not chosen:
        raise Usage(message("--select names no rule; `goldsmith rules` lists them"))
    everything = [*registry.rules(), *house]
    off = [code for code in everything if code in refused or (select and code not in chosen)]
    lint = guide.lint
    update = {
        "select": (*(lint.select or ()), *(code for code in chosen if code not in house)),
        "ignore": (*(lint.ignore or ()), *off),
    }
    found = guide.model_copy(update={"lint": lint.model_copy(update=update)})
    found.__dict__.pop("_resolved", None)  # a copy takes what was worked out for the guide before
    return found


def _codes(selectors: Sequence[str], house: dict[str, registry.Rule]) -> dict[str, None]:
    found: dict[str, None] = {}
    for selector in (each for text in selectors for each in text.replace(",", " ").split()):
        own = [code for code, rule in house.items() if rule.name == selector or code.startswith(selector)]
        codes = [*(rule.code for rule in registry.selected(selector)), *own]
        if not codes:
            hint = problems.near(selector, [*registry.rules(), *registry.by_name(), *house])
            unknown = Saying(NO_RULE, {"name": repr(selector)})
            raise Usage(problems.HINTED, said=unknown, hint=hint) if hint else Usage(NO_RULE, name=repr(selector))
        found |= dict.fromkeys(codes)
    return found


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
    raise Usage(NO_GUIDE, name=repr(name), known=", ".join(known) or Saying(NONE))
