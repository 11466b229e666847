"""V8 with KaTeX in it, one for the process, asked from any thread.

V8 serves one call at a time, since its time-outs count waiting, and in the order of asking. The isolate is made after
any fork, and closed at exit, or the process may hang. Only `eval` of JSON is used: MiniRacer's function objects can
deadlock behind a runaway call.
"""

import atexit
import json
import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty
from typing import Any

SCRIPTS = Path(__file__).resolve().parent.parent / "static" / "dist" / "katex"
HOST = Path(__file__).with_name("katex_host.js")
MEMORY = 512 * 1024 * 1024
BATCH = 400
BATCH_SECONDS = 5.0
ONE_SECONDS = 1.0
ALL_SECONDS = 3.0
Item = tuple[str, bool]
_BY_QUEUE = 0  # MiniRacer's number for answers that come by its queue and not by its event loop


class Missing(RuntimeError):
    """The built KaTeX scripts are not beside the package."""


class _Isolate:
    """V8 with KaTeX in it, for one caller at a time."""

    def __init__(self) -> None:
        from py_mini_racer import MiniRacer

        try:
            sources = [(SCRIPTS / name).read_text("utf-8") for name in ("katex.min.js", "mhchem.min.js")]
        except OSError as error:
            raise Missing(str(SCRIPTS)) from error
        self.engine = MiniRacer()
        self.engine.set_hard_memory_limit(MEMORY)
        for source in (*sources, HOST.read_text("utf-8")):
            self.engine.eval(source)
        self.version = str(self.engine.eval("katex.version"))

    def call(self, verb: str, items: Sequence[Item], seconds: float) -> list[Any]:
        argument = json.dumps(json.dumps(items))
        out: list[Any] = json.loads(self._evaluated(f"goldsmith.{verb}({argument})", seconds))
        return out

    def _evaluated(self, code: str, seconds: float) -> str:
        """Evaluate in V8's thread and wait for it in this one.

        `MiniRacer.eval` with a time-out goes by an event loop in a third thread, and changing threads cost more than
        the formulas of a usual answer. Its parts are used here without the loop, hence the exact version in the lock.
        """
        from py_mini_racer import JSTimeoutException

        context = self.engine._ctx
        assert context is not None
        answers = context._non_cancelable_mr_task_results_queue
        handle = context._python_to_value_handle(code)
        task = context._dll.mr_eval(context._ctx, handle.raw, _BY_QUEUE)
        try:
            return str(context._value_handle_to_python(answers.get(timeout=seconds)))
        except Empty as error:
            context._dll.mr_cancel_task(context._ctx, task)
            raise JSTimeoutException from error


class Turns:
    """A lock that is given in the order of asking, so that nobody waits for ever."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Lock] = deque()

    def __enter__(self) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            mine.acquire()
        except BaseException:  # interrupted: leave the queue, or pass on a turn that has just come
            with self._lock:
                in_queue = mine in self._waiting
                if in_queue:
                    self._waiting.remove(mine)
            if not in_queue:
                self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class Host:
    """The isolate and whose turn it is; rebuilt after a time-out or when memory ran out."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.isolate: _Isolate | None = None
        self.started = False

    def ask(self, verb: str, items: Sequence[Item]) -> list[dict[str, Any] | None]:
        """Return one answer an item: what the JavaScript side said, or `{"kind": …}` when it could not say."""
        with self.turns:
            return self._ask(verb, items)

    def version(self) -> str:
        """Return KaTeX's version; empty when there is none."""
        with self.turns:
            self._call("check", [], ONE_SECONDS)
            return self.isolate.version if self.isolate else ""

    def _ask(self, verb: str, items: Sequence[Item]) -> list[dict[str, Any] | None]:
        answers: list[dict[str, Any] | None] = []
        for at in range(0, len(items), BATCH):
            batch = items[at : at + BATCH]
            found = self._call(verb, batch, BATCH_SECONDS if len(batch) > 1 else ONE_SECONDS)
            if len(found) != len(batch):
                found = self._singly(verb, batch)
            answers.extend(found)
        return answers

    def _singly(self, verb: str, items: Sequence[Item]) -> list[dict[str, Any] | None]:
        """Ask one by one to find what stopped the batch; what is not reached in `ALL_SECONDS` counts as timed out."""
        end = time.monotonic() + ALL_SECONDS
        late: dict[str, Any] = {"kind": "timeout", "message": ""}
        return [self._call(verb, [item], ONE_SECONDS)[0] if time.monotonic() < end else late for item in items]

    def _call(self, verb: str, items: Sequence[Item], seconds: float) -> list[dict[str, Any] | None]:
        """Return the answers, or a single failure that speaks for the whole call."""
        from py_mini_racer import JSEvalException, JSOOMException, JSTimeoutException

        if _unusable:
            return [{"kind": "crash", "message": "V8 was started before a fork"} for _ in items]
        try:
            if self.isolate is None:
                self.started = True
                self.isolate = _made()
            return self.isolate.call(verb, items, seconds)
        except Missing as error:
            return [{"kind": "missing", "message": str(error)} for _ in items]
        except JSTimeoutException:
            kind = "timeout"
        except JSOOMException:
            kind = "memory"
        except JSEvalException:
            kind = "crash"
        except BaseException:  # interrupted: the answer that is still to come must meet nobody else
            self.drop()
            raise
        self.drop()
        return [{"kind": kind, "message": ""}]

    def tidy(self) -> None:
        with self.turns:
            if self.isolate is not None:
                self.isolate.engine.low_memory_notification()

    def drop(self) -> None:
        if self.isolate is not None:
            self.isolate.engine.close()
            self.isolate = None

    def close(self) -> None:
        with self.turns:
            self.drop()


def _made() -> _Isolate:
    """Make an isolate in a thread without an event loop: MiniRacer would take a running one for its own."""
    with ThreadPoolExecutor(1, "katex") as pool:
        return pool.submit(_Isolate).result()


_host: Host | None = None
_unusable = False
_abandoned: list[Host] = []
_lock = threading.Lock()


def shared() -> Host:
    global _host
    with _lock:
        if _host is None:
            _host = Host()
        return _host


def close() -> None:
    """Close V8; the next call starts it again."""
    global _host
    with _lock:
        host, _host = _host, None
    if host is not None:
        host.close()


def _forget() -> None:
    """In the child of a fork the threads are gone: V8 can start there only when the parent never started it."""
    global _host, _lock, _unusable
    if _host is not None:
        _abandoned.append(_host)  # closing it would wait for a thread that is not there
        _unusable = _unusable or _host.started
    _host, _lock = None, threading.Lock()


atexit.register(close)
os.register_at_fork(after_in_child=_forget)
