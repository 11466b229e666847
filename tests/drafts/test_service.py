"""The verbs on drafts, and the row that grows."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from server.db import Database
from server.drafts import jobs, progress, queries, service
from server.errors import AppError, Conflict, Forbidden, Invalid
from server.events import EventName
from server.jobs import queue
from server.llm import client, prompts
from server.models import Draft, DraftState, Event, Membership, Rating, Role, Stage, now
from tests import factories
from tests.factories import Cast

MODELS = """
models:
  - {name: first, model: first-1, base_url: "http://127.0.0.1:9/v1", price_in: 2, price_out: 10, temperature: 0.3}
  - {name: second, model: second-1, base_url: "http://127.0.0.1:9/v1", requests_per_minute: 30}
  - {name: locked, model: locked-1, base_url: "http://127.0.0.1:9/v1", api_key_env: NOBODY_HAS_THIS_KEY}
"""
END = client.Finish("stop", {"prompt_tokens": 100, "completion_tokens": 20}, 40, 900)


@pytest.fixture(autouse=True)
def models(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "models.yaml").write_text(MODELS)


@pytest.fixture(autouse=True)
def nothing_handed_over() -> None:
    queue.handed_over()


def names(db: Session, draft: Draft) -> list[str]:
    rows = db.exec(select(Event).where(Event.subject_id == draft.id).order_by(col(Event.sequence)))
    return [row.name for row in rows]


def running(db: Session, cast: Cast) -> tuple[Draft, progress.Work]:
    (draft,) = service.request(db, cast.wren, factories.task(db, cast), ["first"])
    work = progress.begin(db, draft.id)
    assert work is not None
    return draft, work


def test_a_writer_asks_for_drafts(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast)
    factories.draft(db, task)
    first, second = service.request(db, cast.wren, task, ["first", "second", "first"])
    assert [(d.label, d.endpoint, d.model, d.state) for d in (first, second)] == [
        ("B", "first", "first-1", DraftState.QUEUED),
        ("C", "second", "second-1", DraftState.QUEUED),
    ]
    assert first.requested_by == cast.wren.id
    assert names(db, first) == [EventName.DRAFT_REQUESTED]


def test_a_lead_may_ask_too(db: Session, cast: Cast) -> None:
    assert service.request(db, cast.lea, factories.task(db, cast), ["first"])


def test_a_reviewer_cannot_ask_for_drafts(db: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        service.request(db, cast.rosa, factories.task(db, cast), ["first"])


def test_an_outsider_cannot_ask_for_drafts(db: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        service.request(db, cast.otto, factories.task(db, cast), ["first"])


def test_a_rejected_task_gets_no_more_drafts(db: Session, cast: Cast) -> None:
    with pytest.raises(Conflict, match="rejected"):
        service.request(db, cast.wren, factories.task(db, cast, stage=Stage.REJECTED), ["first"])


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ([], "Choose at least one model."),
        (["frist"], "There is no model frist. Did you mean first?"),
        (["locked"], "locked has no key. Set NOBODY_HAS_THIS_KEY where Goldsmith runs."),
        (
            ["first", "nothing-like-it-at-all"],
            "There is no model nothing-like-it-at-all. Known: first, second, locked.",
        ),
    ],
)
def test_a_wrong_request_says_what_is_wrong_and_adds_nothing(
    db: Session, cast: Cast, asked: list[str], sentence: str
) -> None:
    task = factories.task(db, cast)
    with pytest.raises(Invalid) as caught:
        service.request(db, cast.wren, task, asked)
    assert str(caught.value) == sentence
    assert queries.panel(db, cast.wren, task).drafts == []


def test_the_job_is_handed_over_only_after_the_commit(store: Database, cast: Cast) -> None:
    with store.unit_of_work() as session:
        (draft,) = service.request(session, cast.wren, factories.task(session, cast), ["first"])
        assert queue.handed_over() == []
    assert [(job.name, job.key) for job in queue.handed_over()] == [("drafts.generate", str(draft.id))]


def test_a_rolled_back_request_hands_nothing_over(store: Database, cast: Cast) -> None:
    with pytest.raises(RuntimeError), store.unit_of_work() as session:
        service.request(session, cast.wren, factories.task(session, cast), ["first"])
        raise RuntimeError
    with store.unit_of_work() as session:
        factories.task(session, cast)
    assert queue.handed_over() == []


def test_the_sweep_finds_what_was_never_handed_over(store: Database, cast: Cast) -> None:
    with store.unit_of_work() as session:
        first, second = service.request(session, cast.wren, factories.task(session, cast), ["first", "second"])
    waiting = jobs.waiting(10)
    assert [(job.key, job.queue) for job in waiting] == [(str(first.id), "default"), (str(second.id), "drafts-second")]
    assert [job.key for job in jobs.waiting(1)] == [str(first.id)]


def test_a_draft_grows_and_is_finished(db: Session, cast: Cast) -> None:
    draft, work = running(db, cast)
    assert (draft.state, draft.attempt, draft.template) == (DraftState.RUNNING, 1, "drafts/answer")
    assert draft.template_sha256 == prompts.load("drafts/answer").sha256
    assert draft.parameters == {"temperature": 0.3, "max_tokens": 2048}
    assert work.messages[-1] == {"role": "user", "content": "What is $2+2$?"}
    assert progress.append(db, work, "It")
    assert draft.text == "It"
    progress.finish(db, work, "It is 4.", END)
    assert (draft.state, draft.text, draft.finish_reason) == (DraftState.DONE, "It is 4.", "stop")
    assert (draft.usage, draft.latency_ms, draft.first_token_ms) == (END.usage, 900, 40)
    assert draft.cost == 100 * 2 + 20 * 10
    assert names(db, draft) == [EventName.DRAFT_REQUESTED, EventName.DRAFT_FINISHED]


def test_a_failure_ends_in_a_sentence_and_keeps_the_text(db: Session, cast: Cast) -> None:
    draft, work = running(db, cast)
    progress.append(db, work, "It is")
    progress.fail(db, work, client.ModelError("{name} failed ({status}).", name="first", status=500))
    assert (draft.state, draft.text, draft.error) == (DraftState.FAILED, "It is", "first failed (500).")
    assert draft.extra["sentence"] == {
        "message": "{name} failed ({status}).",
        "values": {"name": "first", "status": "500"},
    }
    assert names(db, draft)[-1] == EventName.DRAFT_FAILED


def test_a_draft_says_why_it_waits(db: Session, cast: Cast) -> None:
    draft, work = running(db, cast)
    progress.append(db, work, "", AppError("{name} is busy (429).", name="first"))
    assert draft.extra["sentence"]["values"] == {"name": "first"}
    progress.append(db, work, "It")
    assert "sentence" not in draft.extra


def test_a_finished_draft_is_not_begun_again(db: Session, cast: Cast) -> None:
    draft, work = running(db, cast)
    progress.finish(db, work, "It is 4.", END)
    assert progress.begin(db, draft.id) is None
    assert (draft.text, draft.attempt) == ("It is 4.", 1)


def test_a_try_that_was_overtaken_may_not_write(db: Session, cast: Cast) -> None:
    draft, old = running(db, cast)
    progress.append(db, old, "old")
    new = progress.begin(db, draft.id)
    assert new is not None
    assert (new.attempt, draft.text) == (2, "")
    assert not progress.append(db, old, "old words")
    progress.finish(db, old, "old", END)
    progress.fail(db, old, AppError("late"))
    assert (draft.state, draft.text) == (DraftState.RUNNING, "")
    assert progress.append(db, new, "new")


def test_a_draft_put_back_waits_for_its_next_try(db: Session, cast: Cast) -> None:
    (draft,) = service.request(db, cast.wren, factories.task(db, cast), ["first"])
    first = jobs.job(draft)
    work = progress.begin(db, draft.id)
    assert work is not None
    progress.put_back(db, draft.id, work.attempt)
    assert draft.state is DraftState.QUEUED
    assert jobs.job(draft).id != first.id
    assert not progress.append(db, work, "late")
    assert progress.begin(db, draft.id) is not None


def test_a_draft_interrupted_too_often_is_given_up_with_a_sentence(db: Session, cast: Cast) -> None:
    draft, _ = running(db, cast)
    for _ in range(progress.MOST_ATTEMPTS - 1):
        assert progress.begin(db, draft.id) is not None
    assert progress.begin(db, draft.id) is None
    assert (draft.state, draft.error) == (DraftState.FAILED, "This draft was interrupted 5 times and was given up.")
    service.regenerate(db, cast.wren, draft)
    assert progress.begin(db, draft.id) is not None


def test_an_endpoint_that_is_gone_fails_the_draft_with_a_sentence(db: Session, cast: Cast, home: Path) -> None:
    (draft,) = service.request(db, cast.wren, factories.task(db, cast), ["second"])
    (home / "models.yaml").write_text(MODELS.replace("second", "zweite"))
    assert progress.begin(db, draft.id) is None
    assert (draft.state, draft.error) == (
        DraftState.FAILED,
        "There is no model second. Known: first, zweite, locked.",
    )


def test_stranded_drafts_go_back_to_the_queue(store: Database, cast: Cast) -> None:
    with store.unit_of_work() as session:
        lost, _ = running(session, cast)
        alive, _ = running(session, cast)
        for draft in (lost, alive):
            draft.started_at = now() - timedelta(minutes=5)
            session.add(draft)
    jobs.pick_up(lambda _name, key: key == str(alive.id))
    with store.reading() as session:
        assert session.get_one(Draft, lost.id).state is DraftState.QUEUED
        assert session.get_one(Draft, alive.id).state is DraftState.RUNNING


def test_what_a_model_sends_is_made_fit_to_keep() -> None:
    assert progress.fit("a\x00b\r\nc") == "a\ufffdb\nc"
    assert progress.fit("\ud83d" + "\ude00") == "😀"
    assert progress.fit("end \ud83d") == "end \ufffd"
    assert len(progress.fit("x" * 300_000)) == 200_000


def test_a_writer_cancels_a_growing_draft_and_the_text_stays(db: Session, cast: Cast) -> None:
    draft, work = running(db, cast)
    progress.append(db, work, "It is")
    db.flush()
    service.cancel(db, cast.wren, draft)
    assert (draft.state, draft.text) == (DraftState.CANCELLED, "It is")
    assert not progress.append(db, work, "It is 4")
    assert progress.begin(db, draft.id) is None


def test_a_finished_draft_cannot_be_cancelled(db: Session, cast: Cast) -> None:
    draft = factories.draft(db, factories.task(db, cast))
    with pytest.raises(Conflict, match="Draft A is finished already"):
        service.cancel(db, cast.wren, draft)


def test_a_reviewer_cannot_cancel(db: Session, cast: Cast) -> None:
    draft, _ = running(db, cast)
    with pytest.raises(Forbidden):
        service.cancel(db, cast.rosa, draft)


def test_a_failed_draft_is_retried_in_place(db: Session, cast: Cast) -> None:
    draft, work = running(db, cast)
    progress.fail(db, work, AppError("broken"))
    again = service.regenerate(db, cast.wren, draft)
    assert again is draft
    assert (draft.state, draft.text, draft.error) == (DraftState.QUEUED, "", "")
    second = progress.begin(db, draft.id)
    assert second is not None
    assert second.attempt == 2
    assert not progress.append(db, work, "late words of the first try")


def test_a_finished_draft_is_kept_and_a_new_one_made(db: Session, cast: Cast) -> None:
    draft, work = running(db, cast)
    progress.finish(db, work, "It is 4.", END)
    again = service.regenerate(db, cast.wren, draft)
    assert again.id != draft.id
    assert (again.label, again.endpoint, again.state) == ("B", "first", DraftState.QUEUED)
    assert draft.text == "It is 4."


def test_a_growing_draft_cannot_be_regenerated(db: Session, cast: Cast) -> None:
    draft, _ = running(db, cast)
    with pytest.raises(Conflict, match="still being written"):
        service.regenerate(db, cast.wren, draft)


def test_an_imported_draft_cannot_be_regenerated(db: Session, cast: Cast) -> None:
    draft = factories.draft(db, factories.task(db, cast), imported=True)
    with pytest.raises(Conflict, match="imported"):
        service.regenerate(db, cast.wren, draft)


def test_a_reviewer_cannot_regenerate(db: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        service.regenerate(db, cast.rosa, factories.draft(db, factories.task(db, cast)))


def test_the_newest_rating_of_a_person_counts_and_all_are_kept(db: Session, cast: Cast) -> None:
    draft = factories.draft(db, factories.task(db, cast))
    service.rate(db, cast.wren, draft, "correct", 2)
    service.rate(db, cast.wren, draft, "correct", 4)
    service.rate(db, cast.rosa, draft, "correct", 1)
    assert queries.scores(db, cast.wren, [draft.id]) == {draft.id: {"correct": 4}}
    rows = db.exec(select(Rating).where(Rating.draft_id == draft.id)).all()
    assert len(rows) == 3
    assert {row.guide_version_id for row in rows} == {cast.guide_version.id}


def test_an_outsider_cannot_rate(db: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        service.rate(db, cast.otto, factories.draft(db, factories.task(db, cast)), "correct", 3)


def test_an_unfinished_draft_cannot_be_rated(db: Session, cast: Cast) -> None:
    draft, _ = running(db, cast)
    with pytest.raises(Conflict):
        service.rate(db, cast.wren, draft, "correct", 3)


@pytest.mark.parametrize(("criterion", "score"), [("beauty", 3), ("correct", 0), ("correct", 6)])
def test_a_score_must_be_in_the_rubric(db: Session, cast: Cast, criterion: str, score: int) -> None:
    with pytest.raises(Invalid):
        service.rate(db, cast.wren, factories.draft(db, factories.task(db, cast)), criterion, score)


def test_names_are_blind_for_writers_and_open_for_leads(db: Session, cast: Cast) -> None:
    cast.project.blind_drafts = True
    db.add(cast.project)
    task = factories.task(db, cast)
    assert queries.panel(db, cast.wren, task).blind
    assert queries.panel(db, cast.rosa, task).blind
    assert not queries.panel(db, cast.lea, task).blind


def test_drafts_of_another_project_cannot_be_found(db: Session, cast: Cast) -> None:
    draft = factories.draft(db, factories.task(db, cast))
    with pytest.raises(AppError, match="no such draft"):
        queries.draft(db, cast.otto, draft.id)
    with pytest.raises(AppError, match="no such draft"):
        queries.draft(db, cast.wren, uuid.uuid4())
    db.add(Membership(project_id=cast.project.id, user_id=cast.otto.id, role=Role.REVIEWER))
    db.flush()
    assert queries.draft(db, cast.otto, draft.id) is draft
