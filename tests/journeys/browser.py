"""Headless Chromium from the npm package, driven by Playwright; nothing is downloaded."""

import functools
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]
PATIENCE = 30_000  # milliseconds; a busy machine is slow, not wrong
UNPACK = "import('@sparticuz/chromium').then(m => m.default.executablePath()).then(p => console.log(p))"


@functools.cache
def executable() -> tuple[str, dict[str, str]]:
    """Return Chromium's path, unpacked on first need, and the environment it wants."""
    node = ROOT / ".venv" / "bin" / "node"
    # with this variable the package unpacks its own system libraries too, for machines that lack them
    environment = os.environ | {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x"}
    run = subprocess.run(
        [node if node.exists() else "node", "-e", UNPACK],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    path = run.stdout.strip().splitlines()[-1]
    missing = "not found" in subprocess.run(["ldd", path], capture_output=True, text=True).stdout
    libraries = {"LD_LIBRARY_PATH": str(Path(path).parent / "al2023" / "lib")} if missing else {}
    return path, dict(os.environ) | libraries


@contextmanager
def chromium() -> Iterator[Browser]:
    path, environment = executable()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS, env=environment)
        yield browser
        browser.close()


class Watcher:
    """Collects what a page complains of: console errors, broken requests, CSP violations."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.complaints.append(str(e)))

    def take(self) -> list[str]:
        """Return the complaints so far and forget them."""
        taken, self.complaints = self.complaints, []
        return taken


AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text


def axe(page: Page) -> list[str]:
    """Return axe's violations on the page as it stands, one line each."""
    page.evaluate(AXE())
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{v['id']} ({v['impact']}): " + "; ".join(n["html"][:160] for n in v["nodes"][:3]) for v in found["violations"]
    ]
