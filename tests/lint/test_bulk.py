"""Many texts: rows stream, batches are bounded, and a run that ends early ends well."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from pathlib import Path

import pytest

from server import lint
from server.lint import bulk, command, outputs
from server.lint.command import Wishes, run
from server.lint.crew import Crew, Died
from server.lint.sources import Source
from tests.lint.support import RECOMMENDED

ROOT = Path(__file__).parents[2]
FAULT = "So $\\foo$ is."
MENDABLE = "If $a \\textless b$."


def _rows(path: Path, texts: list[str]) -> Path:
    path.write_text("".join(json.dumps({"response": text}) + "\n" for text in texts))
    return path


def _run(*paths: Path, **options: object) -> tuple[int, str, str]:
    out, errors = io.StringIO(), io.StringIO()
    status = run([str(path) for path in paths], Wishes(Path("styleguides"), **options), stdout=out, stderr=errors)  # type: ignore[arg-type]
    return status, out.getvalue(), errors.getvalue()


def _started(*arguments: str, **streams: object) -> subprocess.Popen[bytes]:
    """Start the real command in a session of its own, reading rows from standard input."""
    lint_ = [sys.executable, "-m", "server.cli", "lint", "-", "--stdin-name", "in.jsonl", *arguments]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        lint_, cwd=ROOT, start_new_session=True, preexec_fn=_heed_interrupts, **pipes
    )


def _heed_interrupts() -> None:
    """Undo what shells do to what they start in the background: there Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _alive(session: int) -> list[int]:
    """Return the processes of a session that have not ended."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = each.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(of) == session and state != "Z":
            found.append(int(each.parent.name))
    return found


def _until(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 60
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()


def _row(text: str) -> bytes:
    return json.dumps({"response": text}).encode() + b"\n"


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_the_run_at_once_without_a_trace_and_leaves_nobody_behind(jobs: str) -> None:
    with _started("--jobs", jobs, "--format", "jsonl") as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(_row(FAULT) * 400)
        process.stdin.flush()
        assert b"TEX102" in process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate()
    assert process.returncode == 130
    assert b"stopped after" in errors
    assert b"Traceback" not in errors
    assert _until(lambda: not _alive(process.pid))


@pytest.mark.slow
def test_when_the_run_is_killed_its_processes_end_by_themselves() -> None:
    with _started("--jobs", "2", "--format", "jsonl", stderr=subprocess.DEVNULL) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(_row("Fine.") * 400)
        process.stdin.flush()
        process.stdout.readline()
        assert len(_alive(process.pid)) >= 3
        process.kill()
    assert _until(lambda: not _alive(process.pid))


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_pipe_that_nobody_reads_on_ends_the_run_quietly(jobs: str) -> None:
    with _started("--jobs", jobs) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(_row(FAULT) * 2_000)
        process.stdin.close()
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (1, b"")
    assert _until(lambda: not _alive(process.pid))


@dataclass
class Fatal(bulk.Judge):
    """Ends its process at the word `die`."""

    def __call__(self, batch: Sequence[bulk.Text]) -> Iterator[bulk.Outcome]:
        if any(text == "die" for text, _ in batch):
            os.kill(os.getpid(), signal.SIGKILL)
        yield from super().__call__(batch)


@pytest.mark.slow
def test_a_process_that_dies_is_told_with_its_rows_after_what_came_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "Judge", Fatal)
    path = _rows(tmp_path / "a.jsonl", [*["Fine."] * 100, "die", *["Fine."] * 400])
    status, out, errors = _run(path, jobs=2, output="json")
    assert status == 2
    assert [item["row"] for item in json.loads(out)] == list(range(1, 97))
    assert errors == (
        f"goldsmith lint: {path}, rows 97 to 128: the process that read this ended early (SIGKILL); "
        "nothing from there on is told\n"
    )


@pytest.mark.slow
def test_a_file_is_not_rewritten_when_a_process_died_over_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "Judge", Fatal)
    path = _rows(tmp_path / "a.jsonl", [*[MENDABLE] * 40, "die"])
    before = path.read_text()
    assert _run(path, jobs=2, fix=True)[0] == 2
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]


def _doubled(numbers: Sequence[int]) -> list[int]:
    if numbers[0] < 0:
        raise SystemExit(-numbers[0])
    return [2 * number for number in numbers]


@pytest.mark.slow
def test_a_crew_keeps_order_and_names_what_a_process_that_left_had_in_hand() -> None:
    batches = [[at, at + 1] for at in range(0, 40, 2)]
    assert list(Crew(_doubled, 2).results(iter(batches))) == [2 * number for number in range(40)]
    told = []
    with pytest.raises(Died) as caught:
        told += list(Crew(_doubled, 2).results(iter([[1], [2], [-3, 4], [5], [6]])))
    assert (caught.value.batch, caught.value.how) == ([-3, 4], "exit status 3")


@pytest.mark.slow
def test_a_crew_reads_only_a_little_ahead() -> None:
    read = 0

    def batches() -> Iterator[list[int]]:
        nonlocal read
        for number in range(1_000):
            read += 1
            yield [number]

    results = Crew(_doubled, 2).results(batches())
    assert next(results) == 0
    assert read < 20
    results.close()


def test_a_batch_is_bounded_in_texts_and_in_characters() -> None:
    context = lint.LintContext()
    short, long = ("x", context), ("x" * bulk.CHARACTERS, context)
    sizes = [len(batch) for batch in bulk._batches([*[short] * (bulk.BATCH + 3), long, long, short])]
    assert sizes == [bulk.BATCH, 4, 1, 1]


@pytest.mark.parametrize("output", ["text", "json", "jsonl", "github", "sarif"])
def test_findings_are_written_before_the_next_text_is_read(output: str) -> None:
    taken = 0

    def results() -> Iterator[outputs.Result]:
        nonlocal taken
        for number in range(1, 100):
            taken = number
            yield outputs.Result("a.jsonl", number, lint.lint(FAULT, RECOMMENDED), FAULT)

    for piece in outputs.FORMATS[output](results(), False):
        if taken and "TEX102" in piece:  # SARIF describes the rules first
            break
    assert taken == 1


def test_junit_counts_in_front_of_the_cases() -> None:
    reports = [lint.lint(text, RECOMMENDED) for text in ("Fine.", FAULT, FAULT)]
    results = (outputs.Result("a.jsonl", row, report) for row, report in enumerate(reports, 1))
    lines = "".join(outputs.as_junit(results)).split("\n")
    assert lines[1] == '<testsuite name="goldsmith lint" tests="3" failures="2" errors="0" skipped="0">'
    assert [line.count("<testcase") for line in lines[2:5]] == [1, 1, 1]


def test_a_file_that_cannot_be_read_to_its_end_is_not_rewritten(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(_row(MENDABLE) + b" " * (2 << 20) + b"\n\xff\n")
    before = path.read_bytes()
    status, _, errors = _run(path, fix=True)
    assert status == 2
    assert "row 3 is not UTF-8" in errors
    assert "fixed" not in errors
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_run_that_is_stopped_leaves_the_file_in_hand_as_it_was(tmp_path: Path) -> None:
    class Stopped(io.StringIO):
        def write(self, _: str) -> int:
            raise KeyboardInterrupt

    path = _rows(tmp_path / "a.jsonl", [f"{MENDABLE} **so", FAULT])
    before, errors = path.read_text(), io.StringIO()
    assert run([str(path)], Wishes(Path("styleguides"), fix=True), stdout=Stopped(), stderr=errors) == 130
    assert errors.getvalue() == "goldsmith lint: stopped after 1 texts\n"
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_long_run_tells_a_terminal_how_far_it_is_and_how_fast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, hours = time.monotonic, count()
    monkeypatch.setattr(command.time, "monotonic", lambda: clock() + 3600 * next(hours))
    monkeypatch.setattr(bulk.Batch, "reports", lambda batch: repeat(lint.Report("g", ("first",), {}, ())))
    errors = Terminal()
    path = _rows(tmp_path / "a.jsonl", ["Fine."] * 8)
    run([str(path)], Wishes(Path("styleguides")), stdout=io.StringIO(), stderr=errors)
    assert "\r8 checked, " in errors.getvalue()
    assert " a second …" in errors.getvalue()
    assert errors.getvalue().endswith("\r\033[K")


TOLD_IN_A_FINALISER = """
import os, signal, time
from server.lint import crew
crew._end_when_told()
class Last:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        for _ in range(1_000):
            pass
Last()
time.sleep(20)
"""


def test_a_process_told_to_end_in_a_finaliser_ends_quietly() -> None:
    done = subprocess.run([sys.executable, "-c", TOLD_IN_A_FINALISER], timeout=60, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_one_process_reads_a_batch_ahead_and_no_more() -> None:
    read = 0

    def sources() -> Iterator[Source]:
        nonlocal read
        for number in range(1, 1_000):
            read = number
            yield Source("a.jsonl", number, "Fine.")

    next(iter(bulk.check_all(bulk.Work(RECOMMENDED), sources())))
    assert read <= 2 * bulk.BATCH
