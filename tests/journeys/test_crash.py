"""kill -9 in the middle of the work: what was acknowledged is there, what was under way says how it ended."""

import json
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.journeys.served import serving

pytestmark = pytest.mark.slow


def test_every_acknowledged_save_survives_a_kill(tmp_path: Path) -> None:
    with serving(tmp_path / "home", GOLDSMITH_JOBS="false") as served:
        tokens = served.people()
        rows = tmp_path / "tasks.jsonl"
        rows.write_text("".join(json.dumps({"prompt": f"Question {n}?"}) + "\n" for n in range(4)))
        served.goldsmith("import", "tasks", str(rows), "--project", "desk")
        served.start()
        with served.client(tokens["wren"]) as wren:
            ids = [t["id"] for t in wren.get("/api/v1/projects/desk/tasks").json()["items"]]
        acknowledged: dict[str, tuple[int, str]] = {}
        saves = [threading.Thread(target=save_often, args=(served, tokens["wren"], id, acknowledged)) for id in ids]
        for thread in saves:
            thread.start()
        while sum(revision for revision, _ in acknowledged.values()) < 100:
            time.sleep(0.01)
        served.kill()
        for thread in saves:
            thread.join()
        served.start()
        assert len(acknowledged) == len(ids)
        with served.client(tokens["wren"]) as wren:
            for id, (revision, text) in acknowledged.items():
                kept = wren.get(f"/api/v1/tasks/{id}").json()["answer"]
                # the save after the last acknowledged one may have been written too; nothing may be missing
                assert kept["revision"] in (revision, revision + 1)
                assert kept["text"].startswith(text)
        assert served.goldsmith("verify", "audit").startswith("Sound")


def save_often(served: object, token: str, id: str, acknowledged: dict[str, tuple[int, str]]) -> None:
    revision, text = 0, ""
    with served.client(token) as wren:  # type: ignore[attr-defined]
        for count in range(50):
            text += f"{count} "
            try:
                answer = wren.put(f"/api/v1/tasks/{id}/answer", json={"text": text, "revision": revision})
            except httpx.TransportError:
                return
            assert answer.status_code == 200, answer.text
            revision = answer.json()["revision"]
            acknowledged[id] = (revision, text)


def test_a_draft_cut_off_by_a_kill_ends_in_words_or_in_an_answer(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as served:
        tokens = served.people()
        rows = tmp_path / "tasks.jsonl"
        story = {"prompt": "Tell a long story about a lighthouse keeper."}
        rows.write_text("".join(json.dumps(story | {"external_id": str(n)}) + "\n" for n in range(8)))
        served.goldsmith("import", "tasks", str(rows), "--project", "desk")
        served.start()
        with served.client(tokens["wren"]) as wren:
            ids = [task["id"] for task in wren.get("/api/v1/projects/desk/tasks").json()["items"]]
            # now and then its story is told before anyone looks
            id = next(id for id in ids if begun(wren, id)["state"] == "running")
        served.kill()
        served.start()
        with served.client(tokens["wren"]) as wren:
            draft = until(wren, id, lambda d: d["state"] in ("done", "failed"), seconds=120)
        assert draft["text"] if draft["state"] == "done" else draft["error"]


def begun(wren: httpx.Client, id: str) -> dict[str, str]:
    """Ask for a draft, and return it once it has words."""
    asked = wren.post(f"/api/v1/tasks/{id}/drafts", json={"models": ["local"]})
    assert asked.status_code == 202, asked.text
    return until(wren, id, lambda draft: draft["text"])


def until(wren: httpx.Client, id: str, ready: object, seconds: float = 60) -> dict[str, str]:
    draft: dict[str, str] = {}
    for _ in range(int(seconds * 10)):
        draft = wren.get(f"/api/v1/tasks/{id}").json()["drafts"][0]
        if ready(draft):  # type: ignore[operator]
            return draft
        time.sleep(0.1)
    raise TimeoutError(draft)
