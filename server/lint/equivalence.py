"""Whether two final answers are the same: letters and plain numbers exactly, the rest by math-verify.

math-verify runs in a process of its own that can be killed, for some answers (`5^{5^{5^5}}`) would never end. It is
wrong at times, so a difference it finds is advice; what it cannot decide is never called different.
"""

import atexit
import logging
import multiprocessing
import re
import threading
import time
from collections import OrderedDict
from concurrent.futures import BrokenExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from multiprocessing.util import Finalize
from typing import Any, Literal

from server.lint import final_answers

Verdict = Literal["same", "different", "undecided"]
SECONDS = 2.0
TRIES = 2
_KEPT = 10_000
_TALL = re.compile(r"\^\s*(?:\{[^{}]*\^|\d{4,}|\{\s*\d{4,})")
_LONGEST = 400
log = logging.getLogger(__name__)


class Late(Exception):
    """The comparison did not end in time."""


class _Verifier:
    """The child process, started on first use and again after a kill."""

    def __init__(self) -> None:
        self._pool: Any = None
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Verdict] = OrderedDict()

    def compare(self, reference: str, answer: str, until: float) -> Verdict:
        key = (reference, answer)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        verdict = self._ask(reference, answer, until)
        with self._lock:
            self._kept[key] = verdict
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return verdict

    def _ask(self, reference: str, answer: str, until: float) -> Verdict:
        for _ in range(TRIES):
            future = self._started().schedule(judge, args=(reference, answer), timeout=SECONDS)
            try:
                verdict: Verdict = future.result(timeout=max(0.0, until - time.monotonic()))
                return verdict
            except FutureTimeout as error:
                future.cancel()
                raise Late from error
            except BrokenExecutor:
                log.warning("the child died before it had begun; it is started again")
            except Exception:  # the child died of this comparison: of memory, of recursion
                log.exception("math-verify failed")
                break
        return "undecided"

    def _started(self) -> Any:
        with self._lock:
            if self._pool is None or not self._pool.active:
                from pebble import ProcessPool

                context = multiprocessing.get_context("spawn")
                self._pool = ProcessPool(max_workers=1, context=context, initializer=prepare)
            return self._pool

    def close(self) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()
            pool.join()


_verifier = _Verifier()
atexit.register(_verifier.close)
Finalize(None, _verifier.close, exitpriority=10)  # in a process of a crew, which would wait for the child first


def close() -> None:
    """End the child process; the next comparison starts it again."""
    _verifier.close()


def compare(reference: str, answer: str, until: float) -> Verdict:
    """Compare an answer with the reference, which comes first. `until` is `time.monotonic()`'s deadline.

    Raises Late when the deadline passes.
    """
    exact = exactly(reference, answer)
    if exact is not None:
        return exact
    if any(len(text) > _LONGEST or _TALL.search(text) for text in (reference, answer)):
        return "undecided"
    return _verifier.compare(reference, answer, until)


def exactly(reference: str, answer: str) -> Verdict | None:
    """Compare letters and plain numbers; None where that does not settle it."""
    letters = final_answers.choices(reference), final_answers.choices(answer)
    if any(letters):
        return ("same" if letters[0] == letters[1] else "different") if all(letters) else "undecided"
    if "".join(reference.split()) == "".join(answer.split()):
        return "same"
    one, two = final_answers.number(reference), final_answers.number(answer)
    if one is None or two is None:
        return None
    units = {final_answers.unit(reference), final_answers.unit(answer)} - {""}
    if len(units) > 1:
        return "undecided"  # 1 hour, 60 minutes
    apart = abs(one[0] - two[0])
    if apart == 0 or 100 * one[0] == two[0] or one[0] == 100 * two[0]:
        return "same" if apart == 0 or "%" in reference + answer else "different"
    shown = [places for _, places in (one, two) if places > 0]
    return "same" if shown and apart * 2 * 10 ** min(shown) <= 1 else "different"


def prepare() -> None:
    """In the child: load sympy and math-verify before the clock of a comparison starts."""
    import math_verify  # noqa: F401

    logging.disable(logging.CRITICAL)


def judge(reference: str, answer: str) -> Verdict:
    """In the child: compare by math-verify, the reference first."""
    from math_verify import LatexExtractionConfig, parse, verify

    config = [LatexExtractionConfig()]
    parsed = [
        parse(f"${text.strip().strip('$')}$", extraction_config=config, parsing_timeout=None)
        for text in (reference, answer)
    ]
    if not all(parsed):
        return "undecided"
    if verify(*parsed, timeout_seconds=None, allow_set_relation_comp=True):
        return "same"
    kinds = {_kind(each[0]) for each in parsed}
    if len(kinds) > 1 or "" in kinds or (kinds & {"matrix", "tuple", "interval"} and "." in reference + answer):
        return "undecided"  # within brackets a rounded number is taken for another
    return "different"


def _kind(parsed: Any) -> str:
    """Return what sort of thing sympy read: only things of one sort can differ."""
    from sympy import Expr, FiniteSet, Interval, MatrixBase, Tuple, Union

    if isinstance(parsed, Expr):
        free = ",".join(sorted(str(symbol) for symbol in parsed.free_symbols))
        return f"expression of {free}" if free else "number"
    for sort, types in (("matrix", MatrixBase), ("set", FiniteSet), ("interval", (Interval, Union)), ("tuple", Tuple)):
        if isinstance(parsed, types):
            return sort
    return ""
