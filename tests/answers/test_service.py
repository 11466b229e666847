"""Saving, waiving, submitting, restoring: on both databases."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from server.answers import queries, service
from server.answers.forms import SubmissionForm, WaiverForm
from server.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from server.models import AnswerVersion, Event, Origin, Stage, Task, User, Verdict, now
from server.text import sha256
from tests import factories
from tests.factories import Cast

BROKEN = "The answer is $\\frac{1}{2$."
READY = SubmissionForm(checklist=["reread"])


def written(db: Session, cast: Cast, text: str = "It is $4$.") -> Task:
    task = factories.task(db, cast)
    service.save(db, cast.wren, task, text, 0)
    return task


def test_a_save_grows_the_revision_and_takes_the_task(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast)
    first = service.save(db, cast.wren, task, "a", 0)
    assert first.revision == 1
    assert service.save(db, cast.wren, task, "ab", 1).revision == 2
    assert (task.stage, task.writer_id) == (Stage.WRITING, cast.wren.id)


def test_a_save_is_an_event_with_the_hash_of_the_text(db: Session, cast: Cast) -> None:
    task = written(db, cast, "kept")
    event = db.exec(select(Event).where(Event.name == "answer.saved")).one()
    assert event.subject_id == task.id
    assert event.details == {"revision": 1, "sha256": sha256("kept"), "characters": 4}


def test_an_old_revision_is_refused_and_carries_the_newer_text(db: Session, cast: Cast) -> None:
    task = written(db, cast, "first")
    service.save(db, cast.wren, task, "second", 1)
    with pytest.raises(Conflict) as refused:
        service.save(db, cast.wren, task, "other tab", 1)
    assert refused.value.extra["text"] == "second"
    assert refused.value.extra["revision"] == 2
    assert refused.value.extra["saved_by"] == "Wren"


def test_a_repeated_save_whose_reply_was_lost_is_no_conflict(db: Session, cast: Cast) -> None:
    task = written(db, cast, "same")
    assert service.save(db, cast.wren, task, "same", 0).revision == 1


def test_line_ends_nul_and_lone_surrogates_are_made_storable(db: Session, cast: Cast) -> None:
    task = written(db, cast, "a\r\nb\x00c\ud800d")
    answer = queries.answer(db, task)
    assert answer is not None
    assert answer.text == "a\nb\ufffdc\ufffdd"


def test_a_text_beyond_the_limit_is_refused_with_both_numbers(db: Session, cast: Cast) -> None:
    with pytest.raises(TooLarge, match="200001.*200000"):
        service.save(db, cast.wren, factories.task(db, cast), "x" * 200_001, 0)


def test_a_task_another_writer_holds_cannot_be_written(db: Session, cast: Cast) -> None:
    task = written(db, cast)
    with pytest.raises(Conflict, match="Wren is writing"):
        service.save(db, cast.lea, task, "mine", 1)


def test_a_lease_that_ran_out_lets_the_next_writer_in(db: Session, cast: Cast) -> None:
    task = written(db, cast)
    task.lease_until = now() - timedelta(minutes=1)
    db.add(task)
    db.flush()
    assert service.save(db, cast.lea, task, "taken over", 1).revision == 2
    assert task.writer_id == cast.lea.id


@pytest.mark.parametrize("who", ["rosa", "otto", "ada"])
def test_only_writers_and_leads_write(db: Session, cast: Cast, who: str) -> None:
    user: User = getattr(cast, who)
    with pytest.raises(Forbidden):
        service.save(db, user, factories.task(db, cast), "no", 0)


def test_a_rejected_task_takes_no_more_answers(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast, stage=Stage.REJECTED)
    with pytest.raises(Conflict, match="rejected"):
        service.save(db, cast.wren, task, "late", 0)


def test_submitting_makes_version_one_with_its_report(db: Session, cast: Cast) -> None:
    task = written(db, cast)
    draft = factories.draft(db, task, text="It is $4$.")
    version = service.submit(db, cast.wren, task, READY)
    assert (version.number, version.parent_id, version.text) == (1, None, "It is $4$.")
    assert version.sha256 == sha256("It is $4$.")
    assert version.report["engine"]
    assert version.report["katex"] == "0.19.1"
    assert version.attribution == {str(draft.id): 1.0}
    assert (task.stage, task.version_count, task.lease_until) == (Stage.IN_REVIEW, 1, None)


def test_an_error_blocks_and_nothing_is_written(db: Session, cast: Cast) -> None:
    task = written(db, cast, BROKEN)
    with pytest.raises(Invalid) as refused:
        service.submit(db, cast.wren, task, READY)
    assert [d["code"] for d in refused.value.extra["diagnostics"]] == ["TEX105"]
    assert db.exec(select(AnswerVersion)).all() == []


def test_a_waiver_with_a_reason_lets_an_error_pass_and_is_kept_with_the_version(db: Session, cast: Cast) -> None:
    task = written(db, cast, BROKEN)
    with pytest.raises(Invalid) as refused:
        service.submit(db, cast.wren, task, READY)
    fingerprint = refused.value.extra["diagnostics"][0]["fingerprint"]
    form = SubmissionForm(
        checklist=["reread"], waivers=[WaiverForm(fingerprint=fingerprint, reason="shown as a mistake")]
    )
    version = service.submit(db, cast.wren, task, form)
    assert [(w["code"], w["reason"]) for w in version.waivers] == [("TEX105", "shown as a mistake")]


def test_a_waiver_survives_an_edit_elsewhere(db: Session, cast: Cast) -> None:
    task = written(db, cast, BROKEN)
    with pytest.raises(Invalid) as refused:
        service.submit(db, cast.wren, task, READY)
    fingerprint = refused.value.extra["diagnostics"][0]["fingerprint"]
    service.waive(db, cast.wren, task, WaiverForm(fingerprint=fingerprint, reason="on purpose"))
    service.save(db, cast.wren, task, f"A line before it, quite long enough to move it.\n\n{BROKEN}", 1)
    assert service.submit(db, cast.wren, task, READY).number == 1


def test_a_waiver_without_a_reason_is_refused(db: Session, cast: Cast) -> None:
    task = written(db, cast, BROKEN)
    with pytest.raises(Invalid, match="few words"):
        service.waive(db, cast.wren, task, WaiverForm(fingerprint="x", reason="  "))


def test_waiving_what_is_not_found_is_refused(db: Session, cast: Cast) -> None:
    with pytest.raises(NotFound):
        service.waive(db, cast.wren, written(db, cast), WaiverForm(fingerprint="nothing", reason="because"))


def test_a_waiver_can_be_taken_back(db: Session, cast: Cast) -> None:
    task = written(db, cast, BROKEN)
    with pytest.raises(Invalid) as refused:
        service.submit(db, cast.wren, task, READY)
    fingerprint = refused.value.extra["diagnostics"][0]["fingerprint"]
    service.waive(db, cast.wren, task, WaiverForm(fingerprint=fingerprint, reason="on purpose"))
    service.unwaive(db, cast.wren, task, fingerprint)
    assert queries.waivers(db, task) == []


def test_a_required_item_must_be_ticked(db: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="once more from the top"):
        service.submit(db, cast.wren, written(db, cast), SubmissionForm())


def test_an_unknown_item_is_named(db: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="“sang”"):
        service.submit(db, cast.wren, written(db, cast), SubmissionForm(checklist=["reread", "sang"]))


def test_nothing_written_cannot_be_submitted(db: Session, cast: Cast) -> None:
    with pytest.raises(Invalid, match="nothing to submit"):
        service.submit(db, cast.wren, factories.task(db, cast), READY)


def test_the_same_text_is_not_submitted_twice(db: Session, cast: Cast) -> None:
    task = written(db, cast)
    service.submit(db, cast.wren, task, READY)
    with pytest.raises(Conflict, match="already version 1"):
        service.submit(db, cast.wren, task, READY)


def test_an_edit_after_approval_asks_for_review_while_the_golden_stays(db: Session, cast: Cast) -> None:
    task = written(db, cast)
    first = service.submit(db, cast.wren, task, READY)
    factories.review(db, cast, first, Verdict.APPROVE)
    service.save(db, cast.wren, task, "It is $4$, of course.", 1)
    assert (task.stage, task.golden_version_id) == (Stage.APPROVED, first.id)
    second = service.submit(db, cast.wren, task, READY)
    assert second.parent_id == first.id
    assert (task.stage, task.golden_version_id) == (Stage.IN_REVIEW, first.id)


def test_restoring_makes_a_new_version_with_the_old_text(db: Session, cast: Cast) -> None:
    task = written(db, cast)
    first = service.submit(db, cast.wren, task, READY)
    service.save(db, cast.wren, task, "It is $4$, of course.", 1)
    service.submit(db, cast.wren, task, READY)
    third = service.restore(db, cast.wren, first)
    assert (third.number, third.text, third.origin) == (3, first.text, Origin.RESTORE)
    answer = queries.answer(db, task)
    assert answer is not None
    assert answer.text == first.text


def test_the_newest_text_is_not_restored_again(db: Session, cast: Cast) -> None:
    task = written(db, cast)
    with pytest.raises(Conflict):
        service.restore(db, cast.wren, service.submit(db, cast.wren, task, READY))


def test_a_reviewer_cannot_restore(db: Session, cast: Cast) -> None:
    version = service.submit(db, cast.wren, written(db, cast), READY)
    with pytest.raises(Forbidden):
        service.restore(db, cast.rosa, version)


def test_the_stored_report_is_what_lint_says_again(db: Session, cast: Cast) -> None:
    from server.answers import rerun

    version = service.submit(db, cast.wren, written(db, cast, "# Big\n\n### Skipped\n\nIt is **4."), READY)
    assert rerun.compared(version) == rerun.Rerun(version)
    assert version.report["tiers"] == ["first", "second"]
    assert (version.report["guide"], version.report["guide_version"]) == ("house", 1)
