"""Releases on both databases: what goes in, who may, the same bytes twice."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from server import events, policy
from server.db import Database, reading
from server.errors import Conflict, Forbidden, Invalid
from server.events import EventName
from server.exports import approved, folders, service
from server.exports.forms import ReleaseForm
from server.exports.verify import verify_release
from server.models import DraftState, Event, Project, Rating, Release, Task, User, Verdict
from tests import factories
from tests.factories import Cast


def approve(db: Session, cast: Cast, task: Task, text: str = "It is $4$.", **over: Any) -> None:
    """A version by Wren, approved by Rosa, with its event."""
    version = factories.version(db, cast, task, text, **over)
    review = factories.review(db, cast, version)
    events.record(db, cast.rosa, EventName.REVIEW_SUBMITTED, on=review, project_id=cast.project.id)


@pytest.fixture
def full(store: Database, cast: Cast) -> Cast:
    """Three approved answers with drafts, one answer in review, one open task."""
    with store.unit_of_work() as db:
        for number in (1, 2, 3):
            task = factories.task(db, cast, prompt=f"What is ${number}+2$?")
            drafts = [factories.draft(db, task, model=m, text=f"It is {n}.") for n, m in enumerate(("small", "large"))]
            approve(db, cast, task, f"It is ${number + 2}$.", attribution={str(drafts[0].id): 0.5, "no id": 1})
        factories.version(db, cast, factories.task(db, cast, prompt="In review"))
        factories.task(db, cast, prompt="Open")
    return cast


def export(cast: Cast, format: str = "openai", split: str | None = None) -> Release:
    return create(cast.lea, cast.project, format, split).release


def create(user: User, project: Project, format: str = "openai", split: str | None = None) -> service.Outcome:
    with reading() as db:
        return service.create(db, user, project, ReleaseForm(format=format, split=split))


def lines(release: Release, name: str = "data.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folders.folder(release.id) / name).read_text().splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_lint_directives_do_not_ship_but_code_that_shows_them_does(store: Database, cast: Cast) -> None:
    shown = "~~~html\n<!-- lint-disable TEX102 -->\n~~~\nend"
    with store.unit_of_work() as db:
        task = factories.task(db, cast, prompt="How?")
        approve(db, cast, task, f"<!-- lint-disable-next-line TEX102 -- the author's own macro -->\nOne.\n\n{shown}")
    (row,) = lines(export(cast))
    assert row["messages"][-1]["content"] == f"One.\n\n{shown}"


def test_only_approved_versions_go_out_in_the_order_of_their_tasks(full: Cast) -> None:
    rows = lines(export(full))
    assert [row["messages"][-1]["content"] for row in rows] == ["It is $3$.", "It is $4$.", "It is $5$."]
    assert [row["messages"][0]["content"] for row in rows] == ["What is $1+2$?", "What is $2+2$?", "What is $3+2$?"]


def test_the_golden_version_goes_out_while_a_later_one_waits_for_review(store: Database, full: Cast) -> None:
    with store.unit_of_work() as db:
        task = db.exec(select(Task).where(col(Task.number) == 1)).one()
        factories.version(db, full, task, "A second thought.")
    assert lines(export(full))[0]["messages"][-1]["content"] == "It is $3$."


def test_the_same_answers_give_the_same_bytes_and_the_same_release(store: Database, full: Cast) -> None:
    first = export(full, "dpo", "0.5/0.5")
    before = contents(folders.folder(first.id))
    with store.unit_of_work() as db:  # later work that approves nothing
        task = factories.task(db, full, prompt="Later")
        review = factories.review(db, full, factories.version(db, full, task), Verdict.SEND_BACK, "Again.")
        events.record(db, full.rosa, EventName.REVIEW_SUBMITTED, on=review, project_id=full.project.id)
    again = create(full.ada, full.project, "dpo", "0.50/0.5")
    assert (again.release.id, again.is_new) == (first.id, False)
    assert contents(folders.folder(first.id)) == before
    with store.reading() as db:
        assert len(db.exec(select(Release)).all()) == 1


def test_a_damaged_release_is_made_whole_by_exporting_again(full: Cast) -> None:
    folder = folders.folder(export(full).id)
    (folder / "data.jsonl").write_text("gone")
    assert not verify_release(folder).is_sound
    export(full)
    assert verify_release(folder).is_sound


def test_a_new_approval_makes_another_release(store: Database, full: Cast) -> None:
    first = export(full)
    with store.unit_of_work() as db:
        approve(db, full, factories.task(db, full, prompt="One more"))
    second = export(full)
    assert second.id != first.id
    assert verify_release(folders.folder(first.id)).is_sound


def test_the_manifest_says_what_the_rows_come_from(store: Database, full: Cast) -> None:
    made = export(full).manifest
    assert made["project"] == "desk"
    assert made["counts"] == {"answers": 3, "rows": 3, "left_out": 0, "characters": 30}
    assert made["guides"] == [{"guide": "house", "version": 1, "sha256": full.guide_version.sha256, "answers": 3}]
    assert made["lint"] == [{"engine": "0", "katex": "0", "answers": 3}]
    assert made["models"] == [{"model": "small", "count": 3}]
    assert made["split"] is None
    with store.reading() as db:
        event = db.exec(select(Event).order_by(col(Event.sequence).desc()).offset(1)).first()
        assert event is not None
        assert event.name == "review.submitted"
        assert made["audit"] == {"sequence": event.sequence, "hash": event.hash}


def test_the_index_leads_from_a_row_to_its_version(store: Database, full: Cast) -> None:
    release = export(full, split="0.5/0.5")
    index = lines(release, "rows.jsonl")
    assert [entry["number"] for entry in index] == [1, 2, 3]
    for entry in index:
        row = lines(release, entry["file"])[entry["line"] - 1]
        with store.reading() as db:
            task = db.exec(select(Task).where(col(Task.number) == entry["number"])).one()
        assert (entry["task"], entry["version"]) == (str(task.id), str(task.golden_version_id))
        assert row["messages"][0]["content"] == f"What is ${entry['number']}+2$?"
        assert entry["file"] == f"{entry['split']}.jsonl"


def test_dpo_prefers_the_answer_to_each_finished_draft_that_differs(store: Database, full: Cast) -> None:
    with store.unit_of_work() as db:
        task = db.exec(select(Task).where(col(Task.number) == 1)).one()
        factories.draft(db, task, model="same", text=" It is $3$.\n")
        factories.draft(db, task, model="empty", text=" ")
        factories.draft(db, task, model="broken", text="It", state=DraftState.FAILED)
    release = export(full, "dpo")
    rows = lines(release)
    assert [row["rejected_model"] for row in rows] == ["small", "large"] * 3
    assert rows[0]["chosen"] == [{"role": "assistant", "content": "It is $3$."}]
    assert rows[0]["rejected"] == [{"role": "assistant", "content": "It is 0."}]
    assert release.manifest["models"] == [{"model": "large", "count": 3}, {"model": "small", "count": 3}]


def test_dpo_says_why_when_it_is_known(store: Database, cast: Cast) -> None:
    with store.unit_of_work() as db:
        task = factories.task(db, cast)
        draft = factories.draft(db, task, extra={"is_correct": False})
        rated = {"draft_id": draft.id, "guide_version_id": cast.guide_version.id, "criterion": "correct"}
        for rater, score in ((cast.wren, 1), (cast.wren, 2), (cast.rosa, 3)):
            db.add(Rating(rater_id=rater.id, score=score, **rated))
            db.flush()
        approve(db, cast, task)
    assert lines(export(cast, "dpo"))[0]["reason"] == "final answer marked wrong; correct 2.5/5"


def test_answers_that_give_no_preference_are_counted_as_left_out(store: Database, full: Cast) -> None:
    with store.unit_of_work() as db:
        approve(db, full, factories.task(db, full, prompt="Nothing beside it"))
    assert export(full, "dpo").manifest["counts"] == {"answers": 4, "rows": 6, "left_out": 1, "characters": 40}


def test_a_split_puts_every_row_into_one_of_its_files(full: Cast) -> None:
    release = export(full, split="0.5/0.5")
    assert len(lines(release, "train.jsonl")) + len(lines(release, "test.jsonl")) == 3
    assert [(part["name"], part["share"]) for part in release.manifest["split"]] == [("train", "0.5"), ("test", "0.5")]


def test_more_answers_than_one_batch_all_go_out(store: Database, full: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approved, "BATCH", 2)
    assert len(lines(export(full, "dpo"))) == 6


def test_a_release_is_recorded_with_its_manifests_hash(store: Database, full: Cast) -> None:
    release = export(full)
    with store.reading() as db:
        event = db.exec(select(Event).where(col(Event.name) == "release.created")).one()
        assert event.details["sha256"] == release.manifest["sha256"] == release.sha256
        assert (event.actor_id, event.subject_id, event.project_id) == (full.lea.id, release.id, full.project.id)
        assert events.verify(db).broken_at is None


def test_a_command_exports_as_goldsmith_itself(full: Cast) -> None:
    release = create(policy.SYSTEM, full.project).release
    assert release.author_id is None


@pytest.mark.parametrize("name", ["wren", "rosa", "otto"])
def test_only_a_lead_or_an_administrator_can_export(full: Cast, name: str) -> None:
    with pytest.raises(Forbidden):
        create(getattr(full, name), full.project)
    assert not folders.folder(full.project.id).parent.exists()


def test_a_project_with_nothing_approved_says_so_and_leaves_no_files(store: Database, cast: Cast) -> None:
    with pytest.raises(Conflict, match="No answer of this project is approved yet"):
        export(cast)
    assert list((folders.folder(cast.project.id).parent).iterdir()) == []


def test_dpo_without_any_draft_says_so(store: Database, cast: Cast) -> None:
    with store.unit_of_work() as db:
        approve(db, cast, factories.task(db, cast))
    with pytest.raises(Conflict, match="finished draft"):
        export(cast, "dpo")


@pytest.mark.parametrize(("format", "split"), [("alpaca", None), ("openai", "0.9"), ("openai", "a/b")])
def test_a_bad_form_writes_nothing(full: Cast, format: str, split: str | None) -> None:
    with pytest.raises(Invalid):
        export(full, format, split)
    assert not folders.folder(full.project.id).parent.exists()


def test_another_projects_answers_stay_out(store: Database, full: Cast) -> None:
    with store.unit_of_work() as db:
        other = Project(slug="other", name="Other", guide_id=full.guide.id)
        db.add(other)
        db.flush()
        approve(db, full, factories.task(db, other, prompt="Elsewhere"))
    assert export(full).manifest["counts"]["answers"] == 3
