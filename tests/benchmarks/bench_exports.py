"""Export: rows per second from the store to hashed files, against the json module writing the same bytes."""

import json
import tempfile
import time
from pathlib import Path

from server.db import Database
from server.exports import approved, build, formats, splits
from server.exports.verify import verify_release
from server.models import AnswerVersion, Draft, DraftState, Stage, Task, new_id, now
from server.policy import SYSTEM
from server.text import sha256
from tests import factories

ROWS = 10_000
_ANSWER = "Write $n = 2k + 1$ with $k$ an integer. Then\n\n$$n^2 - 1 = 4k(k+1),$$\n\nand $k$ or $k+1$ is even. " * 6


def main() -> None:
    """Print one line for each format, with and without a split, and one for verification."""
    with tempfile.TemporaryDirectory() as home:
        store = Database(f"sqlite:///{home}/goldsmith.db")
        store.upgrade()
        cast = _filled(store)
        for name, split in (("openai", ""), ("openai", "0.9/0.1"), ("dpo", "")):
            _timed(store, cast, Path(home) / f"{name}{len(split)}", name, split)
        store.dispose()


def _timed(store: Database, cast: factories.Cast, folder: Path, name: str, split: str) -> None:
    folder.mkdir()
    plan = build.Plan("desk", formats.find(name), splits.parse(split))
    started = time.perf_counter()
    with store.reading() as db:
        items = approved.items(db, SYSTEM, cast.project, with_drafts=plan.format.NEEDS_DRAFTS)
        made = build.build(plan, items, approved.anchor(db, SYSTEM, cast.project), folder)
    took, plain = time.perf_counter() - started, _json_alone(folder)
    started = time.perf_counter()
    assert verify_release(folder).is_sound
    verified = time.perf_counter() - started
    rows = made.counts.rows
    print(
        f"export {name:7}{split:9}{rows / took:9,.0f} rows/s   {took / plain:4.1f} × json alone"
        f"   verified at {rows / verified:9,.0f} rows/s"
    )


def _json_alone(folder: Path) -> float:
    """Seconds in which the json module writes the same rows, already in memory, to a file."""
    paths = [path for path in folder.glob("*.jsonl") if path.name != "rows.jsonl"]
    rows = [json.loads(line) for path in paths for line in path.read_text().split("\n") if line]
    started = time.perf_counter()
    with (folder / "plain").open("w") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n")
    took = time.perf_counter() - started
    (folder / "plain").unlink()
    return took


def _filled(store: Database) -> factories.Cast:
    with store.unit_of_work() as db:
        cast = factories.cast(db)
        for first in range(1, ROWS + 1, 2_000):
            db.add_all(row for number in range(first, first + 2_000) for row in _rows(cast, number))
            db.flush()
            db.expunge_all()
    return cast


def _rows(cast: factories.Cast, number: int) -> list[Task | AnswerVersion | Draft]:
    key, version, draft = new_id(), new_id(), new_id()
    return [
        Task(
            id=key,
            project_id=cast.project.id,
            number=number,
            messages=[{"role": "user", "content": f"Prove that $n^2-1$ is divisible by 8 for odd n. Case {number}."}],
            content_sha256=sha256(str(number)),
            stage=Stage.APPROVED,
            golden_version_id=version,
            updated_at=now(),
        ),
        AnswerVersion(
            id=version,
            task_id=key,
            number=1,
            text=_ANSWER,
            sha256=sha256(_ANSWER),
            author_id=cast.wren.id,
            guide_version_id=cast.guide_version.id,
            report={"engine": "0.1.0", "katex": "0.19.1", "diagnostics": []},
            waivers=[],
            checklist=["reread"],
            attribution={str(draft): 0.4},
        ),
        Draft(id=draft, task_id=key, position=0, model="small", text=_ANSWER[:300], state=DraftState.DONE),
    ]


if __name__ == "__main__":
    main()
