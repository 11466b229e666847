"""`python -m tests.benchmarks [NAME…]`: run the benchmarks; each prints figures and ratios against a named baseline."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(wanted: list[str]) -> None:
    for path in sorted(HERE.glob("bench_*.py")):
        if not wanted or path.stem.removeprefix("bench_") in wanted:
            print(f"── {path.stem.removeprefix('bench_')}", flush=True)
            subprocess.run([sys.executable, "-m", f"tests.benchmarks.{path.stem}"], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
