"""A real server in a process of its own, and the real command line, on a store of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.ports import free_port

ROOT = Path(__file__).parents[2]


class Served:
    """`start()` and `kill()` as often as wanted; `goldsmith(...)` runs the command line on the same store."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("GOLDSMITH_")} | {
            "GOLDSMITH_HOME": str(home),
            "GOLDSMITH_PORT": str(self.port),
            "GOLDSMITH_LOG_LEVEL": "WARNING",
            **settings,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log = (self.home.parent / f"server-{self.port}.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "server.cli", "serve"],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        for _ in range(300):
            try:
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                assert self.process.poll() is None, Path(self.log.name).read_text()
            time.sleep(0.1)
        raise TimeoutError(Path(self.log.name).read_text())

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL, to it and to what it started."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def goldsmith(self, *arguments: str, input: str = "", expect: int = 0) -> str:
        """Run `goldsmith …`; return standard output and error together."""
        run = subprocess.run(
            [sys.executable, "-m", "server.cli", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=input,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == expect, f"{arguments}: {run.returncode}\n{run.stdout}\n{run.stderr}"
        return run.stdout + run.stderr

    def people(self) -> dict[str, str]:
        """Make a project with a writer, a reviewer and a lead by the command line; return their API tokens."""
        self.goldsmith("db", "upgrade")
        tokens = {}
        for name in ("wren", "rosa", "lea"):
            email = f"{name}@example.org"
            self.goldsmith(
                "user",
                "create",
                "--email",
                email,
                "--name",
                name.title(),
                "--password-stdin",
                input="a long passphrase\n",
            )
        self.goldsmith("project", "create", "desk", "--name", "Desk", "--guide", "maths-en")
        for name, role in (("wren", "writer"), ("rosa", "reviewer"), ("lea", "lead")):
            email = f"{name}@example.org"
            self.goldsmith("project", "add-member", "desk", "--email", email, "--role", role)
            tokens[name] = self.goldsmith("token", "create", "--email", email).strip().splitlines()[-1]
        return tokens

    def client(self, token: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)


@contextmanager
def serving(home: Path, **settings: str) -> Iterator[Served]:
    served = Served(home, **settings)
    try:
        yield served
    finally:
        served.stop()
