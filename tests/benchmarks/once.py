"""`python -m tests.benchmarks.once WHAT FILE`: do one thing once in a fresh process; print what it took, in seconds.

Everything is loaded before the clock starts, nothing is remembered from texts.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from server.lint import bulk, katex
from server.lint.sources import Source
from tests.lint.support import RECOMMENDED

Item = tuple[str, bool]


def lint(texts: list[str]) -> None:
    """All of the first tier, as in bulk, in this process, V8 a batch ahead in its own thread."""
    for _ in bulk.check_all(bulk.Work(RECOMMENDED), (Source("", row, text) for row, text in enumerate(texts, 1))):
        pass


def autocorrect(texts: list[str]) -> None:
    """AutoCorrect's own linter for Markdown."""
    import autocorrect_py

    for text in texts:
        autocorrect_py.lint_for(text, "markdown")


def formulas(batches: list[list[Item]]) -> None:
    """What lint asks KaTeX, call by call."""
    for batch in batches:
        katex.check([(tex, display) for tex, display in batch])


def asked(texts: list[str]) -> list[list[Item]]:
    """Return what lint asks KaTeX about the formulas it finds in `texts`, call by call."""
    from server.lint.document import Document

    found = {(item.tex, item.display) for text in texts for item in Document(text).formulas}
    calls: list[list[Item]] = []
    check = katex.check

    def listening(items: Any) -> Any:
        calls.append([item for item in items if item in found])
        return check(items)

    katex.check = listening  # type: ignore[assignment]
    lint(texts)
    return [call for call in calls if call]


def _warmed() -> None:
    bulk.settle()
    lint(["Warm $x$, 中文 and **so.", "1 + 1 = 2"])
    katex._verdicts._kept.clear()


def main(what: str, path: str) -> None:
    given = json.loads(Path(path).read_text("utf-8"))
    _warmed()
    if what == "asked":
        print(json.dumps(asked(given)))
        return
    work: Callable[[Any], None] = {"lint": lint, "autocorrect": autocorrect, "formulas": formulas}[what]
    started, used = time.perf_counter(), time.process_time()
    work(given)
    print(json.dumps({"wall": time.perf_counter() - started, "processor": time.process_time() - used}))


if __name__ == "__main__":
    main(*sys.argv[1:])
