"""The embedded model: one server of our own in a child process, on loopback, behind a random key.

It starts on first use and is shared by every process with the same home folder: whoever finds none running starts
one, under a file lock, and writes down where it listens. It ends with the process that started it.
"""

import fcntl
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from server.config import PACKAGE, settings
from server.errors import AppError
from server.llm import weights

START_S = 90.0  # a cold disk and a big model; the small one takes under a second


class LocalModelError(AppError):
    """The embedded model cannot run; the sentence says what to do."""

    status = 503
    title = "The local model cannot run"


@dataclass(frozen=True)
class Running:
    """Where a local model listens. `pid` is the process that runs it."""

    base_url: str
    key: str
    pid: int


_children: dict[str, subprocess.Popen[str]] = {}
_thread_lock = threading.Lock()


def ensure(name: str) -> Running:
    """Return the running local model `name`, started if need be. Raises LocalModelError when it cannot run."""
    with _thread_lock, _alone(name):
        known = _written_down(name)
        if known and _answers(known):
            return known
        return _start(name)


def stop() -> None:
    """End the models this process started."""
    with _thread_lock:
        for name, child in list(_children.items()):
            _end(child)
            _state_file(name).unlink(missing_ok=True)
            del _children[name]


def installed(name: str) -> bool:
    """Say whether the files of model `name` and what runs them are here."""
    import importlib.util

    return weights.path(name).is_file() and importlib.util.find_spec("xllamacpp") is not None


def _start(name: str) -> Running:
    file = weights.path(name)
    if not file.is_file():
        raise LocalModelError("The local model is not installed. Run: goldsmith models fetch {name}", name=name)
    old = _children.pop(name, None)
    if old is not None:
        _end(old)
    key = secrets.token_urlsafe(24)
    child = subprocess.Popen(
        [sys.executable, "-m", "server.llm.embedded"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), *filter(None, sys.path)])},
        start_new_session=True,  # Ctrl-C in the terminal is for us to handle
    )
    _children[name] = child
    # over the pipe, so that the key shows neither in the process list nor in the environment
    _tell(child, {"model": str(file), "alias": name, "key": key, "context": weights.KNOWN[name].context})
    running = Running(f"http://127.0.0.1:{_port(child, name)}/v1", key, child.pid)
    _write_down(name, running)
    return running


def _tell(child: subprocess.Popen[str], wish: dict[str, object]) -> None:
    assert child.stdin is not None
    child.stdin.write(json.dumps(wish) + "\n")
    child.stdin.flush()  # and stays open: its end is how the child learns that we are gone


def _port(child: subprocess.Popen[str], name: str) -> int:
    assert child.stdout is not None
    timer = threading.Timer(START_S, child.kill)
    timer.start()
    try:
        line = child.stdout.readline()
    finally:
        timer.cancel()
    said = json.loads(line) if line.strip() else {"error": "ended"}
    if "port" in said:
        return int(said["port"])
    _end(child)
    _children.pop(name, None)
    if said["error"] == "import":
        raise LocalModelError(
            "The local model needs xllamacpp, which cannot be loaded ({reason}). "
            "Install the system's libgomp1, then run: goldsmith models fetch {name}",
            reason=str(said.get("reason", ""))[:200],
            name=name,
        )
    raise LocalModelError("The local model {name} did not start. Its file may be damaged: fetch it again.", name=name)


def _end(child: subprocess.Popen[str]) -> None:
    if child.stdin is not None and not child.stdin.closed:
        child.stdin.close()
    try:
        child.wait(timeout=3)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _state_file(name: str) -> Path:
    return settings().home / "local-models" / f"{name}.json"


def _written_down(name: str) -> Running | None:
    try:
        return Running(**json.loads(_state_file(name).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _write_down(name: str, running: Running) -> None:
    path = _state_file(name)
    fresh = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(running), file)
    fresh.replace(path)


def _answers(running: Running) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            reply = httpx.get(
                f"{running.base_url}/models",
                headers={"Authorization": f"Bearer {running.key}"},
                timeout=5,
                trust_env=False,
            )
        except httpx.TimeoutException:
            continue  # busy, not gone
        except httpx.HTTPError:
            return False
        return reply.status_code == 200
    return False


@contextmanager
def _alone(name: str) -> Iterator[None]:
    folder = settings().home / "local-models"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
