"""`python -m tests.benchmarks.bulk [ROWS…]`: many responses through the real command on two processes.

Baselines: the time a row and the peak memory of the smallest run beside those of the largest.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tests.benchmarks import material

ROWS = (10_000, 100_000)
JOBS = 2
LOOK = 0.2
GOAL = 1.2


@dataclass(frozen=True)
class Outcome:
    """One run: rows, seconds, the highest sum of what its processes held in MB, processor seconds, exit status."""

    rows: int
    seconds: float
    peak: float
    processor: float
    status: int

    @property
    def each(self) -> float:
        """Milliseconds a row."""
        return 1000 * self.seconds / self.rows


def write(path: Path, rows: int) -> None:
    """Write so many different rows of JSON lines."""
    with path.open("w", encoding="utf-8") as file:
        for text in islice(material.endless(material.responses(material.BULK)), rows):
            file.write(json.dumps({"response": text}) + "\n")


def run(path: Path, rows: int, output: str) -> Outcome:
    """Lint a file of rows and watch the memory of the command and of all it starts."""
    command = [sys.executable, "-m", "server.cli", "lint", str(path), "--jobs", str(JOBS), "--format", output]
    before = os.times()
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        peak = 0
        while process.poll() is None:
            peak = max(peak, sum(held(pid) for pid in family(process.pid)))
            time.sleep(LOOK)
    after = os.times()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Outcome(rows, time.perf_counter() - started, peak / 1024, processor, process.returncode)


def family(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    found = [pid]
    for each in found:
        try:
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:  # it has ended meanwhile
            continue
    return found


def held(pid: int) -> int:
    """Return the kB a process holds, what it shares counted in proportion; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def show(found: Sequence[Outcome]) -> None:
    """Print each run, and the largest beside the smallest."""
    for each in found:
        print(
            f"{each.rows:>9,} rows  {each.seconds:8.1f} s  {each.rows / each.seconds:7,.0f} rows/s  "
            f"processor {1000 * each.processor / each.rows:5.2f} ms a row  peak {each.peak:7.1f} MB  "
            f"exit {each.status}",
            flush=True,
        )
    small, large = found[0], found[-1]
    processor = large.processor / large.rows / (small.processor / small.rows)
    print(
        f"time a row, {large.rows:,} against {small.rows:,}: {large.each / small.each:.2f} ×, "
        f"of the processor {processor:.2f} ×, goal about 1"
    )
    print(f"peak memory, {large.rows:,} against {small.rows:,}: {large.peak / small.peak:.2f} ×, goal under {GOAL}")


def main(arguments: Sequence[str]) -> None:
    output = os.environ.get("BULK_FORMAT", "jsonl")
    sizes = [int(each) for each in arguments] or list(ROWS)
    print(f"── bulk: --jobs {JOBS} --format {output}, rows made from {material.source()}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path, found = Path(folder) / "rows.jsonl", []
        for rows in sizes:
            write(path, rows)
            found.append(run(path, rows, output))
    show(found)


if __name__ == "__main__":
    main(sys.argv[1:])
