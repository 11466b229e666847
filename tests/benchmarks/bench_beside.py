"""Lint beside what one would pipe together instead, on the same responses.

Baselines: markdownlint-cli2, rumdl, AutoCorrect and KaTeX in Node, each alone, and their sum. Theirs and ours take
turns, medians are told: of the clock, and of the processor, which other work on the machine disturbs less.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from server.lint.document import Document
from tests.benchmarks import material

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
PEERS = Path(__file__).parent / "peers"
ROOT = Path(__file__).parents[2]
MARKDOWNLINT = PEERS / "node_modules" / "markdownlint-cli2" / "markdownlint-cli2-bin.mjs"
RUMDL = PEERS / "python" / "bin" / "rumdl"
NODE = Path(sys.executable).with_name("node")


@dataclass(frozen=True)
class Took:
    """Seconds by the clock and of the processor."""

    wall: float
    processor: float

    def __sub__(self, other: "Took") -> "Took":
        return Took(self.wall - other.wall, self.processor - other.processor)

    def __add__(self, other: "Took") -> "Took":
        return Took(self.wall + other.wall, self.processor + other.processor)


def run(command: Sequence[object], cwd: Path = ROOT, *, told: bool = False) -> Took:
    """Run a command to its end; where it has `told` what its work took, return that instead of the whole."""
    started = time.perf_counter()
    out = subprocess.PIPE if told else subprocess.DEVNULL
    process = subprocess.Popen([str(part) for part in command], cwd=cwd, stdout=out, stderr=subprocess.DEVNULL)
    said = process.stdout.read() if process.stdout else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if told:
        found = json.loads(said)
        return Took(found["wall"], found["processor"])
    return Took(wall, used.ru_utime + used.ru_stime)


class Bench:
    """The files to work on, and what each contender does with them."""

    def __init__(self, folder: Path, texts: Sequence[str]) -> None:
        self.folder, self.files, self.one = folder, folder / "files", folder / "one"
        self.texts, self.rows = folder / "texts.json", folder / "rows.jsonl"
        self.calls, self.formulas, self.distinct = (folder / f"{name}.json" for name in ("calls", "all", "distinct"))
        self.files.mkdir()
        self.one.mkdir()
        (self.one / "one.md").write_text("# One\n")
        for number, text in enumerate(texts):
            (self.files / f"{number:05}.md").write_bytes(text.encode("utf-8", "replace"))
        self.texts.write_text(json.dumps(list(texts)))
        self.rows.write_text("".join(json.dumps({"response": text}) + "\n" for text in texts))
        found = [(item.tex, item.display) for text in texts for item in Document(text).formulas]
        self.formulas.write_text(json.dumps(found))
        self.distinct.write_text(json.dumps(list(dict.fromkeys(found))))
        asked = [sys.executable, "-m", "tests.benchmarks.once", "asked", str(self.texts)]
        self.calls.write_bytes(subprocess.run(asked, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout)
        self.counts = len(found), len(dict.fromkeys(found)), len(json.loads(self.calls.read_text()))

    def contenders(self) -> dict[str, Callable[[], Took]]:
        """Return who takes part, in the order of their turns; who is not installed is left out."""

        def once(what: str, path: Path) -> Callable[[], Took]:
            return lambda: run([sys.executable, "-m", "tests.benchmarks.once", what, path], told=True)

        def node(path: Path, told: bool) -> Callable[[], Took]:
            return lambda: run([NODE, PEERS / "katex_parse.mjs", path], told=told)

        lint = [sys.executable, "-m", "server.cli", "lint", self.rows, "--format", "jsonl", "--jobs"]
        found: dict[str, Callable[[], Took]] = {}
        if MARKDOWNLINT.is_file():
            found["markdownlint"] = lambda: run([NODE, MARKDOWNLINT, "**/*.md"], self.files)
            found["markdownlint, start"] = lambda: run([NODE, MARKDOWNLINT, "**/*.md"], self.one)
        found["lint"] = once("lint", self.texts)
        if RUMDL.is_file():
            found["rumdl"] = lambda: run([RUMDL, "check", "--no-cache", "."], self.files)
            found["rumdl, start"] = lambda: run([RUMDL, "check", "--no-cache", "."], self.one)
        found["command"] = lambda: run([*lint, "1"])
        found["autocorrect"] = once("autocorrect", self.texts)
        found["command, two"] = lambda: run([*lint, "2"])
        found["formulas"] = once("formulas", self.calls)
        found["node"], found["node, all"] = node(self.formulas, True), node(self.formulas, False)
        found["node, distinct"] = node(self.distinct, True)
        return found


def measured(contenders: dict[str, Callable[[], Took]]) -> dict[str, Took]:
    """Let all take their turns, again and again, and return the medians."""
    times: defaultdict[str, list[Took]] = defaultdict(list)
    for work in contenders.values():
        work()  # once for the file cache
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            times[name].append(work())
    return {name: median(each) for name, each in times.items()}


def median(took: Sequence[Took]) -> Took:
    return Took(statistics.median(each.wall for each in took), statistics.median(each.processor for each in took))


def line(name: str, took: Took, note: str = "") -> None:
    print(f"{name:<52} {took.wall:7.3f} s   processor {took.processor:7.3f} s   {note}")


def ratio(name: str, ours: Took, theirs: Took, goal: str) -> None:
    print(
        f"{name:<52} {ours.wall / theirs.wall:7.2f} ×   processor {ours.processor / theirs.processor:7.2f} ×   {goal}"
    )


def show(took: dict[str, Took]) -> None:
    """Print each alone, the sums, and ours against them."""
    whole, work = [], []
    for name, told in (("markdownlint", "markdownlint-cli2, all files"), ("rumdl", "rumdl, all files, all cores")):
        if name in took:
            line(told, took[name])
            line("  without its start", took[name] - took[f"{name}, start"], "less a run on one line")
            whole.append(took[name])
            work.append(took[name] - took[f"{name}, start"])
        else:
            print(f"{told:<52} not installed here: `make bench-lint` does; left out of the sums")
    line("AutoCorrect, lint_for, in Python", took["autocorrect"], "no start counted")
    line("KaTeX in Node, parse only", took["node, all"])
    line("  without its start", took["node"])
    whole += [took["autocorrect"], took["node, all"]]
    work += [took["autocorrect"], took["node"]]
    sums = [sum(each, Took(0, 0)) for each in (whole, work)]
    line("their sum", sums[0])
    line("  without starts", sums[1])
    line("Goldsmith's first tier, one process, nothing kept", took["lint"], "no start counted")
    line("goldsmith lint FILE.jsonl --jobs 1", took["command"], "start-up and output counted")
    line("goldsmith lint FILE.jsonl --jobs 2", took["command, two"], "three start-ups counted")
    line("  its KaTeX part, in the calls lint makes", took["formulas"])
    ratio("first tier against the sum without starts", took["lint"], sums[1], "goal under 0.50")
    ratio("the command against the sum", took["command"], sums[0], "goal under 0.50")
    ratio("  in two processes", took["command, two"], sums[0], "start-up is most of it")
    ratio("KaTeX part against Node, every formula", took["formulas"], took["node"], "goal within 1.30; ours asks once")
    ratio(
        "KaTeX part against Node, distinct formulas", took["formulas"], took["node, distinct"], "the stricter measure"
    )


def main() -> None:
    texts = material.responses(material.BESIDE)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), texts)
        every, distinct, calls = bench.counts
        print(f"{len(texts):,} responses from {material.source()}; medians of {ROUNDS} rounds", flush=True)
        print(f"{every:,} formulas, {distinct:,} of them distinct; lint asks for them in {calls:,} calls", flush=True)
        show(measured(bench.contenders()))


if __name__ == "__main__":
    main()
