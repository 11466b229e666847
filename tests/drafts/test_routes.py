"""The drafts region of the desk, its verbs, the stream, and the API, by role."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from server.db import Database
from server.drafts import progress
from server.jobs import queue
from server.llm import client as llm
from server.models import Draft, DraftState, Project, Task, User
from tests import factories
from tests.factories import Cast

As = Callable[[User], TestClient]
HTMX = {"HX-Request": "true"}
MODELS = """
models:
  - {name: first, model: first-1, base_url: "http://127.0.0.1:9/v1", retries: 0, timeout_s: 2}
  - {name: second, model: second-1, base_url: "http://127.0.0.1:9/v1", small: true}
"""


@pytest.fixture(autouse=True)
def models(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "models.yaml").write_text(MODELS)


@pytest.fixture(autouse=True)
def no_worker_is_stopping() -> None:
    queue.stopping.clear()


@pytest.fixture
def task(store: Database, cast: Cast) -> Task:
    with store.unit_of_work() as session:
        return factories.task(session, cast)


@pytest.fixture
def draft(store: Database, task: Task) -> Draft:
    return add(store, task)


def add(store: Database, task: Task, **over: object) -> Draft:
    with store.unit_of_work() as session:
        values = {"model": "first-1", "endpoint": "first", "usage": {"completion_tokens": 5}, "latency_ms": 3100}
        return factories.draft(session, session.get_one(Task, task.id), **(values | over))


def read(store: Database, id: uuid.UUID) -> Draft:
    with store.reading() as session:
        return session.get_one(Draft, id)


def hide_names(store: Database, cast: Cast) -> None:
    with store.unit_of_work() as session:
        project = session.get_one(Project, cast.project.id)
        project.blind_drafts = True
        session.add(project)


def test_the_region_shows_each_draft_with_its_figures(as_user: As, cast: Cast, store: Database, task: Task) -> None:
    add(store, task, text="It is $4$.")
    add(store, task, text="It is 5.", imported=True, model="elsewhere")
    page = as_user(cast.wren).get(f"/tasks/{task.id}/drafts", headers=HTMX)
    assert page.status_code == 200
    assert "first-1" in page.text
    assert "5 tokens" in page.text
    assert "3.1 s" in page.text
    assert 'class="katex' in page.text
    assert "<template data-draft-source>It is $4$.</template>" in page.text
    assert page.text.count("data-insert-draft") == 2
    assert "elsewhere" in page.text
    assert "<html" not in page.text


def test_the_region_is_a_page_of_its_own_too(as_user: As, cast: Cast, draft: Draft) -> None:
    page = as_user(cast.wren).get(f"/tasks/{draft.task_id}/drafts")
    assert "<html" in page.text
    assert "It is 4." in page.text
    assert "<html" in as_user(cast.wren).get(f"/drafts/{draft.id}").text


def test_a_task_without_drafts_says_what_to_do(as_user: As, cast: Cast, task: Task) -> None:
    page = as_user(cast.wren).get(f"/tasks/{task.id}/drafts", headers=HTMX)
    assert "No drafts yet" in page.text
    assert "first-1" in page.text
    assert "Ask models" in page.text


def test_a_reviewer_reads_and_rates_but_does_not_ask(as_user: As, cast: Cast, draft: Draft) -> None:
    page = as_user(cast.rosa).get(f"/tasks/{draft.task_id}/drafts", headers=HTMX)
    assert "Ask models" not in page.text
    assert "Regenerate" not in page.text
    assert "Correct" in page.text


def test_blind_names_are_kept_from_writers_and_shown_to_leads(
    as_user: As, cast: Cast, store: Database, draft: Draft
) -> None:
    hide_names(store, cast)
    region = f"/tasks/{draft.task_id}/drafts"
    articles = as_user(cast.wren).get(region, headers=HTMX).text.split("<dialog")[0]
    assert "first-1" not in articles
    assert "Draft A" in articles
    assert "first-1" in as_user(cast.lea).get(region, headers=HTMX).text.split("<dialog")[0]
    blind = as_user(cast.wren).get(f"/api/v1/drafts/{draft.id}").json()
    assert (blind["model"], blind["endpoint"], blind["parameters"]) == ("A", "", {})
    assert as_user(cast.lea).get(f"/api/v1/drafts/{draft.id}").json()["model"] == "first-1"


def test_hostile_model_output_is_drawn_harmless(as_user: As, cast: Cast, store: Database, task: Task) -> None:
    add(store, task, text="</template><script>alert(1)</script>\n[x](javascript:alert(1))", model="<b>m</b>")
    for address in (f"/tasks/{task.id}/drafts", f"/tasks/{task.id}/drafts?view=raw"):
        page = as_user(cast.wren).get(address, headers=HTMX).text
        assert "<script>" not in page
        assert "javascript:alert" not in page.split("<template")[0]
        assert "<b>m</b>" not in page


def test_the_raw_view_shows_the_source(as_user: As, cast: Cast, store: Database, task: Task) -> None:
    draft = add(store, task, text="It is **4**.")
    page = as_user(cast.wren).get(f"/drafts/{draft.id}?view=raw", headers=HTMX).text
    assert "It is **4**.</pre>" in page


def test_a_writer_asks_models(as_user: As, cast: Cast, store: Database, task: Task) -> None:
    reply = as_user(cast.wren).post(f"/tasks/{task.id}/drafts", data={"models": ["first", "second"]}, headers=HTMX)
    assert reply.status_code == 202
    assert "Waiting for its turn." in reply.text
    assert reply.text.count("hx-sse:connect") == 2
    plain = as_user(cast.wren).post(f"/tasks/{task.id}/drafts", data={"models": "first"})
    assert (plain.status_code, plain.headers["location"]) == (303, f"/tasks/{task.id}")


@pytest.mark.parametrize("models", [[], ["frist"], ["first"] * 13])
def test_a_wrong_choice_keeps_the_form(as_user: As, cast: Cast, task: Task, models: list[str]) -> None:
    reply = as_user(cast.wren).post(f"/tasks/{task.id}/drafts", data={"models": models}, headers=HTMX)
    assert reply.status_code == 422
    assert 'id="ask-models-form"' in reply.text
    assert 'role="alert"' in reply.text


def test_an_outsider_finds_nothing(as_user: As, cast: Cast, draft: Draft) -> None:
    otto = as_user(cast.otto)
    for address in (f"/tasks/{draft.task_id}/drafts", f"/drafts/{draft.id}", f"/drafts/{draft.id}/stream"):
        assert otto.get(address).status_code == 404
    for verb in ("cancellation", "regeneration", "ratings"):
        assert otto.post(f"/drafts/{draft.id}/{verb}").status_code == 404
    assert otto.get(f"/api/v1/drafts/{draft.id}").status_code == 404
    assert otto.post(f"/api/v1/tasks/{draft.task_id}/drafts", json={"models": ["first"]}).status_code == 404


def test_a_reviewer_may_not_ask_cancel_or_regenerate(as_user: As, cast: Cast, draft: Draft) -> None:
    rosa = as_user(cast.rosa)
    assert rosa.post(f"/tasks/{draft.task_id}/drafts", data={"models": "first"}).status_code == 403
    assert rosa.post(f"/drafts/{draft.id}/regeneration").status_code == 403
    assert rosa.post(f"/drafts/{draft.id}/cancellation").status_code == 403
    assert rosa.post(f"/api/v1/tasks/{draft.task_id}/drafts", json={"models": ["first"]}).status_code == 403


def test_a_visitor_is_asked_to_sign_in(client: TestClient, draft: Draft) -> None:
    assert client.get(f"/drafts/{draft.id}").headers["location"].startswith("/sign-in")
    assert client.get(f"/api/v1/drafts/{draft.id}").status_code == 401


def test_cancelling_stops_a_draft_where_it_is(as_user: As, cast: Cast, store: Database, task: Task) -> None:
    draft = add(store, task, state=DraftState.RUNNING, attempt=1, text="It is")
    reply = as_user(cast.wren).post(f"/drafts/{draft.id}/cancellation", headers=HTMX)
    assert reply.status_code == 200
    assert "Cancelled." in reply.text
    assert "Retry" in reply.text
    assert read(store, draft.id).state is DraftState.CANCELLED
    again = as_user(cast.wren).post(f"/drafts/{draft.id}/cancellation", headers=HTMX)
    assert again.status_code == 409
    assert "finished already" in again.text


def test_a_failed_draft_shows_its_sentence_and_a_retry(as_user: As, cast: Cast, store: Database, task: Task) -> None:
    draft = add(store, task, state=DraftState.RUNNING, attempt=1, text="")
    with store.unit_of_work() as session:
        work = progress.Work(draft.id, 1, llm.Endpoint(name="first", model="m", base_url="http://x/v1"), [])
        progress.fail(session, work, llm.ModelError("{name} is busy (429).", name="<first>"))
    wren = as_user(cast.wren)
    page = wren.get(f"/drafts/{draft.id}", headers=HTMX).text
    assert "&lt;first&gt; is busy (429)." in page
    assert "Retry" in page
    assert wren.post(f"/drafts/{draft.id}/regeneration", headers=HTMX).status_code == 200
    assert read(store, draft.id).state is DraftState.QUEUED


def test_regenerating_a_finished_draft_adds_one(as_user: As, cast: Cast, draft: Draft) -> None:
    reply = as_user(cast.wren).post(f"/drafts/{draft.id}/regeneration", headers=HTMX)
    assert reply.status_code == 202
    assert 'data-draft-label="B"' in reply.text
    assert "It is 4." in reply.text


def test_rating_is_kept_and_shown_in_place(as_user: As, cast: Cast, draft: Draft) -> None:
    wren = as_user(cast.wren)
    reply = wren.post(f"/drafts/{draft.id}/ratings", data={"criterion": "correct", "score": "4"}, headers=HTMX)
    assert reply.status_code == 200
    assert 'value="4" aria-label="4: Right with a gap." title="Right with a gap." checked' in reply.text
    assert "checked" in wren.get(f"/drafts/{draft.id}", headers=HTMX).text
    assert "checked" not in as_user(cast.rosa).get(f"/drafts/{draft.id}", headers=HTMX).text
    assert wren.post(f"/drafts/{draft.id}/ratings", data={"criterion": "correct", "score": "4"}).status_code == 303


@pytest.mark.parametrize(
    "form", [{}, {"criterion": "correct", "score": "nine"}, {"criterion": "correct", "score": "9"}]
)
def test_a_wrong_rating_is_answered_with_a_sentence(
    as_user: As, cast: Cast, draft: Draft, form: dict[str, str]
) -> None:
    reply = as_user(cast.wren).post(f"/drafts/{draft.id}/ratings", data=form, headers=HTMX)
    assert reply.status_code == 422
    assert 'role="alert"' in reply.text


def test_the_stream_of_a_finished_draft_ends_at_once(as_user: As, cast: Cast, store: Database, task: Task) -> None:
    draft = add(store, task, text="It is\n\n$4$.\n\n```\ncode\n\nmore\n```")
    reply = as_user(cast.wren).get(f"/drafts/{draft.id}/stream")
    assert reply.headers["content-type"].startswith("text/event-stream")
    first, over = reply.text.strip().split("\n\n")
    assert over == "event: over\ndata: over"
    assert all(line.startswith("data: ") for line in first.split("\n"))
    assert "katex" in first


def test_the_stream_follows_the_row_as_it_grows(
    as_user: As, cast: Cast, store: Database, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    from server.drafts import stream

    draft = add(store, task, state=DraftState.RUNNING, attempt=1, text="One")
    texts = iter(["One two", "One two three"])

    async def grow(_seconds: float) -> None:
        with store.unit_of_work() as session:
            row = session.get_one(Draft, draft.id)
            row.text = next(texts, row.text)
            row.state = DraftState.DONE if row.text.endswith("three") else row.state
            session.add(row)

    monkeypatch.setattr(stream.anyio, "sleep", grow)
    events = as_user(cast.wren).get(f"/drafts/{draft.id}/stream").text.strip().split("\n\n")
    assert [event.count("One") for event in events] == [1, 1, 1, 0]
    assert "One two three" in events[2]


def test_the_api_asks_reads_cancels_and_asks_again(as_user: As, cast: Cast, task: Task) -> None:
    wren = as_user(cast.wren)
    reply = wren.post(f"/api/v1/tasks/{task.id}/drafts", json={"models": ["first", "second"]})
    assert reply.status_code == 202
    first, second = reply.json()
    assert (first["label"], first["model"], first["state"]) == ("A", "first-1", "queued")
    assert wren.get(f"/api/v1/drafts/{second['id']}").json() == second
    assert wren.post(f"/api/v1/drafts/{first['id']}/cancellation").json()["state"] == "cancelled"
    assert wren.post(f"/api/v1/drafts/{first['id']}/cancellation").status_code == 409
    again = wren.post(f"/api/v1/drafts/{first['id']}/regeneration")
    assert (again.status_code, again.json()["id"], again.json()["state"]) == (202, first["id"], "queued")


def test_the_api_rates(as_user: As, cast: Cast, draft: Draft) -> None:
    lea = as_user(cast.lea)
    assert lea.put(f"/api/v1/drafts/{draft.id}/ratings", json={"criterion": "correct", "score": 5}).json() == {
        "correct": 5
    }
    bad = lea.put(f"/api/v1/drafts/{draft.id}/ratings", json={"criterion": "correct", "score": 50})
    assert bad.status_code == 422
    assert bad.json()["detail"] == "Correct is scored from 1 to 5."


@pytest.mark.parametrize(
    "body", [{}, {"models": []}, {"models": "first"}, {"models": ["nobody"]}, {"modles": ["first"]}]
)
def test_the_api_answers_a_bad_request_with_a_problem(
    as_user: As, cast: Cast, task: Task, body: dict[str, object]
) -> None:
    reply = as_user(cast.wren).post(f"/api/v1/tasks/{task.id}/drafts", json=body)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["detail"]
