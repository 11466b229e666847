"""The list of tasks and the import page."""

import json
import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import func, select

from server import config
from server.db import Database
from server.models import Stage, Task, User, new_id
from server.tasks import uploads
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], TestClient]
IMPORT = "/projects/desk/import"


def body(*contents: Any) -> bytes:
    return "".join(json.dumps(content) + "\n" for content in contents).encode()


def send(client: TestClient, content: bytes, name: str = "tasks.jsonl") -> Any:
    return client.post(IMPORT, files={"file": (name, content)})


def count(store: Database) -> int:
    with store.reading() as db:
        return db.exec(select(func.count()).select_from(Task)).one()


# ── the list ──


def test_the_list_shows_tasks_and_what_became_of_them(as_user: AsUser, cast: Cast, store: Database) -> None:
    with store.unit_of_work() as db:
        factories.task(db, cast, prompt="Why <b>so</b>?", tags=["a&b"], stage=Stage.WRITING, writer_id=cast.wren.id)
    html = as_user(cast.wren).get("/projects/desk/tasks").text
    assert "Why &lt;b&gt;so&lt;/b&gt;?" in html
    assert "?tag=a%26b" in html
    assert "Being written" in html
    assert "/lease/release" not in html
    assert "/lease/release" in as_user(cast.lea).get("/projects/desk/tasks").text


def test_an_empty_project_names_the_first_step_to_who_may_take_it(as_user: AsUser, cast: Cast) -> None:
    assert "Import tasks" in as_user(cast.lea).get("/projects/desk/tasks").text
    html = as_user(cast.wren).get("/projects/desk/tasks").text
    assert "No tasks yet" in html
    assert "Import tasks" not in html


def test_filters_that_match_nothing_lead_back_to_all(as_user: AsUser, cast: Cast, store: Database) -> None:
    with store.unit_of_work() as db:
        factories.task(db, cast)
    html = as_user(cast.wren).get("/projects/desk/tasks", params={"text": 'no "such"'}).text
    assert "No task matches" in html
    assert 'value="no &#34;such&#34;"' in html


def test_the_next_page_keeps_the_filters(as_user: AsUser, cast: Cast, store: Database) -> None:
    with store.unit_of_work() as db:
        for _ in range(51):
            factories.task(db, cast, tags=["a b"])
    wren = as_user(cast.wren)
    assert "/projects/desk/tasks?tag=a+b&amp;cursor=50" in wren.get("/projects/desk/tasks?tag=a+b").text
    assert "cursor=" not in wren.get("/projects/desk/tasks?tag=a+b&cursor=50").text


def test_the_list_asks_the_same_number_of_questions_however_long(as_user: AsUser, cast: Cast, store: Database) -> None:
    from sqlalchemy import event

    asked: list[str] = []
    event.listen(store.reader, "before_cursor_execute", lambda _c, _cur, statement, *_: asked.append(statement))
    lea, counts = as_user(cast.lea), []
    for more in (2, 20):
        with store.unit_of_work() as db:
            for _ in range(more):
                factories.task(db, cast, stage=Stage.WRITING, writer_id=factories.person(db, str(new_id())).id)
        asked.clear()
        lea.get("/projects/desk/tasks")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("query", ["cursor=zz", "stage=done", "writer=wren", "language=fr"])
def test_an_address_that_cannot_be_gets_a_sentence(as_user: AsUser, cast: Cast, query: str) -> None:
    assert as_user(cast.wren).get(f"/projects/desk/tasks?{query}").status_code == 422


# ── taking and passing on ──


def test_the_button_opens_the_next_task(as_user: AsUser, cast: Cast, store: Database) -> None:
    with store.unit_of_work() as db:
        task = factories.task(db, cast)
    wren = as_user(cast.wren)
    assert wren.post("/projects/desk/next-task").headers["location"] == f"/tasks/{task.id}"
    skipped = wren.post(f"/tasks/{task.id}/lease/skip", data={"reason": "not my field"})
    assert skipped.headers["location"] == "/projects/desk"
    nothing = wren.post("/projects/desk/next-task")
    assert nothing.headers["location"] == "/projects/desk"
    assert "goldsmith_notice" in nothing.headers["set-cookie"]
    assert wren.post(f"/tasks/{task.id}/lease").headers["location"] == f"/tasks/{task.id}"
    assert wren.post(f"/tasks/{task.id}/lease/release").headers["location"] == "/projects/desk/tasks"


def test_a_skip_without_a_reason_changes_nothing(as_user: AsUser, cast: Cast, store: Database) -> None:
    with store.unit_of_work() as db:
        task = factories.task(db, cast)
    wren = as_user(cast.wren)
    wren.post(f"/tasks/{task.id}/lease")
    assert wren.post(f"/tasks/{task.id}/lease/skip", data={"reason": " "}).status_code == 422
    with store.reading() as db:
        assert db.get_one(Task, task.id).writer_id == cast.wren.id


# ── the import page ──


def test_a_file_is_looked_at_then_brought_in(as_user: AsUser, cast: Cast, store: Database) -> None:
    lea = as_user(cast.lea)
    content = body({"prompt": "Show $\\frac12$ <script>", "tags": ["t"], "reference_answer": "x"}, {"prompt": "b"}, [])
    seen = send(lea, content, "gold & more.jsonl")
    assert seen.status_code == 303
    address = seen.headers["location"]
    html = lea.get(address).text
    assert "gold &amp; more.jsonl" in html
    assert "katex" in html
    assert "<script>" not in html.split("<main", 1)[1].split("</main>", 1)[0]
    assert "Import 2 tasks" in html
    assert "A row is one JSON object on one line" in html
    assert count(store) == 0

    assert lea.post(address).headers["location"] == address
    assert count(store) == 2
    done = lea.get(address).text
    assert "It is done" in done
    assert "Import 2 tasks" not in done
    rejects = lea.get(f"{address}/rejects")
    assert json.loads(rejects.text) == {"line": 3, "reason": rejects.json()["reason"], "row": "[]"}
    assert "attachment" in rejects.headers["content-disposition"]


def test_confirming_twice_imports_once_and_keeps_the_result(as_user: AsUser, cast: Cast, store: Database) -> None:
    lea = as_user(cast.lea)
    address = send(lea, body({"prompt": "a"})).headers["location"]
    for _ in range(2):
        assert lea.post(address).status_code == 303
    assert count(store) == 1
    assert not [path for path in uploads.folder().iterdir() if path.suffix == ".jsonl"]
    assert lea.get(f"{address}/rejects").status_code == 404


def test_a_file_that_holds_nothing_new_says_so(as_user: AsUser, cast: Cast) -> None:
    lea = as_user(cast.lea)
    lea.post(send(lea, body({"prompt": "a"})).headers["location"])
    html = lea.get(send(lea, body({"prompt": "a"})).headers["location"]).text
    assert "is here already" in html
    assert "Import 1 task" not in html
    assert "No row of this file is a task" in lea.get(send(lea, b"x\n").headers["location"]).text
    assert "has no rows" in lea.get(send(lea, b"\n").headers["location"]).text


def test_no_file_is_a_sentence_beside_the_field(as_user: AsUser, cast: Cast) -> None:
    lea = as_user(cast.lea)
    for answer in (lea.post(IMPORT, data={}), lea.post(IMPORT, data={"file": "text"}), send(lea, b"", "")):
        assert answer.status_code == 422
        assert "Choose a file first." in answer.text


def test_a_file_too_large_is_refused_and_not_kept(as_user: AsUser, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOLDSMITH_MAX_UPLOAD_MB", "1")
    config.settings.cache_clear()
    answer = send(as_user(cast.lea), b" " * 1_000_001)
    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.text
    assert list(uploads.folder().iterdir()) == []


def test_an_upload_is_its_owners_and_its_projects(as_user: AsUser, cast: Cast, store: Database) -> None:
    from server.models import Project

    with store.unit_of_work() as db:
        db.add(Project(slug="other", name="Other", guide_id=cast.guide.id))
    ada = as_user(cast.ada)
    address = send(ada, b"x\n").headers["location"]
    for path in (address, f"{address}/rejects"):
        assert ada.get(path).status_code == 200
        assert as_user(cast.lea).get(path).status_code == 404
        assert ada.get(path.replace("/desk/", "/other/")).status_code == 404
    assert as_user(cast.lea).post(address).status_code == 404
    assert ada.get(f"{IMPORT}/{new_id()}").status_code == 404
    assert ada.get(f"{IMPORT}/not-an-id").status_code == 404


def test_only_leads_and_administrators_come_in(as_user: AsUser, cast: Cast) -> None:
    for user, status in ((cast.wren, 403), (cast.rosa, 403), (cast.otto, 404), (cast.lea, 200), (cast.ada, 200)):
        visitor = as_user(user)
        assert visitor.get(IMPORT).status_code == status, user.name
        assert send(visitor, body({"prompt": "a"})).status_code == (303 if status == 200 else status), user.name


def test_files_never_confirmed_are_forgotten(as_user: AsUser, cast: Cast) -> None:
    lea = as_user(cast.lea)
    address = send(lea, body({"prompt": "a"})).headers["location"]
    for path in uploads.folder().iterdir():
        os.utime(path, (0, time.time() - uploads.KEPT_SECONDS - 1))
    send(lea, body({"prompt": "b"}))
    assert lea.get(address).status_code == 404
    assert lea.post(address).status_code == 404
