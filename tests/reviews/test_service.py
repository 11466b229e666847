"""A verdict on a version: on both databases."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, select

from server import db as store_module
from server.errors import Conflict, Forbidden, Invalid
from server.models import AnswerVersion, Event, Rating, Review, Stage, Task, User, Verdict
from server.reviews import service
from server.reviews.forms import ReviewForm
from tests import factories
from tests.factories import Cast


def form(verdict: str = "approve", **over: object) -> ReviewForm:
    return ReviewForm.model_validate({"verdict": verdict} | over)


def test_an_approved_version_is_golden(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast)
    version = factories.version(db, cast, task)
    review = service.submit(db, cast.rosa, version, form(comment="Well done.", ratings={"correct": 5}))
    db.flush()
    assert (task.stage, task.golden_version_id) == (Stage.APPROVED, version.id)
    assert (review.verdict, review.comment) == (Verdict.APPROVE, "Well done.")
    rating = db.exec(select(Rating)).one()
    assert (rating.review_id, rating.criterion, rating.score) == (review.id, "correct", 5)
    assert (rating.rater_id, rating.guide_version_id) == (cast.rosa.id, cast.guide_version.id)


def test_an_approval_needs_neither_comment_nor_ratings(db: Session, cast: Cast) -> None:
    version = factories.version(db, cast, factories.task(db, cast))
    assert service.submit(db, cast.rosa, version, form()).ratings == []


def test_a_version_sent_back_goes_to_its_writer(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast, writer_id=cast.wren.id)
    version = factories.version(db, cast, task)
    service.submit(db, cast.rosa, version, form("send_back", comment="Name the other two cases."))
    assert (task.stage, task.golden_version_id, task.writer_id) == (Stage.SENT_BACK, None, cast.wren.id)


def test_a_rejected_task_is_closed(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast)
    version = factories.version(db, cast, task)
    service.submit(db, cast.rosa, version, form("reject", comment="The prompt has no answer."))
    assert task.stage is Stage.REJECTED


def test_a_lead_reviews_too(db: Session, cast: Cast) -> None:
    version = factories.version(db, cast, factories.task(db, cast))
    assert service.submit(db, cast.lea, version, form()).reviewer_id == cast.lea.id


def test_the_verdict_is_an_event(db: Session, cast: Cast) -> None:
    version = factories.version(db, cast, factories.task(db, cast))
    review = service.submit(db, cast.rosa, version, form(ratings={"correct": 4}))
    event = db.exec(select(Event).where(Event.name == "review.submitted")).one()
    assert (event.subject_id, event.project_id, event.actor_id) == (review.id, cast.project.id, cast.rosa.id)
    assert event.details == {
        "version_id": str(version.id), "number": 1, "verdict": "approve", "ratings": {"correct": 4},
    }  # fmt: skip


def test_a_later_version_leaves_the_golden_one_until_it_is_approved(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast)
    first = factories.version(db, cast, task)
    service.submit(db, cast.rosa, first, form())
    second = factories.version(db, cast, task, text="It is $4$, as $2+2=4$.")
    assert (task.stage, task.golden_version_id) == (Stage.IN_REVIEW, first.id)
    service.submit(db, cast.rosa, second, form("send_back", comment="The first was better."))
    assert (task.stage, task.golden_version_id) == (Stage.SENT_BACK, first.id)
    third = factories.version(db, cast, task, text="It is $4$ because $2+2=4$.")
    service.submit(db, cast.rosa, third, form())
    assert task.golden_version_id == third.id


@pytest.mark.parametrize("who", ["wren", "ada", "otto"])
def test_only_reviewers_review(db: Session, cast: Cast, who: str) -> None:
    version = factories.version(db, cast, factories.task(db, cast), author_id=cast.lea.id)
    with pytest.raises(Forbidden):
        service.submit(db, getattr(cast, who), version, form())


def test_nobody_reviews_their_own_work(db: Session, cast: Cast) -> None:
    version = factories.version(db, cast, factories.task(db, cast), author_id=cast.lea.id)
    with pytest.raises(Forbidden, match="did not write"):
        service.submit(db, cast.lea, version, form())


def test_a_replaced_version_takes_no_verdict(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast)
    first = factories.version(db, cast, task)
    factories.version(db, cast, task, text="Better.")
    with pytest.raises(Conflict, match=r"Version 1 was replaced by version 2 while you were reading\."):
        service.submit(db, cast.rosa, first, form())
    assert task.golden_version_id is None


def test_nobody_reviews_a_version_twice(db: Session, cast: Cast) -> None:
    version = factories.version(db, cast, factories.task(db, cast))
    service.submit(db, cast.rosa, version, form())
    with pytest.raises(Conflict, match="already reviewed version 1"):
        service.submit(db, cast.rosa, version, form("send_back", comment="On second thoughts, no."))


def test_the_second_of_two_reviewers_hears_who_was_first(db: Session, cast: Cast) -> None:
    version = factories.version(db, cast, factories.task(db, cast))
    service.submit(db, cast.rosa, version, form())
    with pytest.raises(Conflict, match="Rosa reviewed version 1"):
        service.submit(db, cast.lea, version, form())


def test_a_task_that_is_not_in_review_takes_no_verdict(db: Session, cast: Cast) -> None:
    task = factories.task(db, cast)
    version = factories.version(db, cast, task)
    task.stage = Stage.REJECTED
    db.flush()
    with pytest.raises(Conflict, match="not waiting for review"):
        service.submit(db, cast.rosa, version, form())


@pytest.mark.parametrize("verdict", ["send_back", "reject"])
@pytest.mark.parametrize("comment", ["", "   ", "no", "?!", "…… ——"])
def test_sending_back_and_rejecting_need_a_reason(db: Session, cast: Cast, verdict: str, comment: str) -> None:
    task = factories.task(db, cast)
    version = factories.version(db, cast, task)
    with pytest.raises(Invalid) as refused:
        service.submit(db, cast.rosa, version, form(verdict, comment=comment))
    assert refused.value.field == "comment"
    assert task.stage is Stage.IN_REVIEW
    assert db.exec(select(Review)).all() == []


def test_a_short_chinese_reason_is_a_reason(db: Session, cast: Cast) -> None:
    version = factories.version(db, cast, factories.task(db, cast))
    assert service.submit(db, cast.rosa, version, form("send_back", comment="结论有误")).comment == "结论有误"


def test_an_unknown_criterion_is_named_with_the_known_ones(db: Session, cast: Cast) -> None:
    version = factories.version(db, cast, factories.task(db, cast))
    with pytest.raises(Invalid, match="“correkt”. It has: correct"):
        service.submit(db, cast.rosa, version, form(ratings={"correkt": 5}))


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_outside_the_scale_is_refused_with_the_scale(db: Session, cast: Cast, score: int) -> None:
    version = factories.version(db, cast, factories.task(db, cast))
    with pytest.raises(Invalid, match=f"“Correct” takes 1, 2, 3, 4, 5, not {score}"):
        service.submit(db, cast.rosa, version, form(ratings={"correct": score}))


def test_a_version_is_rated_by_the_rubric_of_its_own_guide_version(db: Session, cast: Cast) -> None:
    content = cast.guide_version.content | {"rubric": []}
    newer = type(cast.guide_version)(
        guide_id=cast.guide.id, number=2, sha256="0" * 64, source=cast.guide_version.source, content=content
    )
    db.add(newer)
    db.flush()
    old = factories.version(db, cast, factories.task(db, cast))
    new = factories.version(db, cast, factories.task(db, cast), guide_version_id=newer.id)
    assert len(service.submit(db, cast.rosa, old, form(ratings={"correct": 5})).ratings) == 1
    with pytest.raises(Invalid, match="no criterion"):
        service.submit(db, cast.rosa, new, form(ratings={"correct": 5}))


def test_a_comment_is_kept_as_storable_text(db: Session, cast: Cast) -> None:
    version = factories.version(db, cast, factories.task(db, cast))
    assert service.submit(db, cast.rosa, version, form(comment=" a\r\nb\x00 ")).comment == "a\nb�"


def test_of_many_verdicts_at_once_one_counts(store: store_module.Database, cast: Cast) -> None:
    with store.unit_of_work() as db:
        version = factories.version(db, cast, factories.task(db, cast))

    def review(user: User, verdict: str) -> str:
        try:
            with store.unit_of_work() as db:
                fresh = db.get_one(AnswerVersion, version.id)
                service.submit(db, db.get_one(User, user.id), fresh, form(verdict, comment="Two words."))
        except Conflict:
            return "late"
        return verdict

    tries = [(cast.rosa, "approve"), (cast.lea, "send_back")] * 4
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda each: review(*each), tries))
    won = [outcome for outcome in outcomes if outcome != "late"]
    assert len(won) == 1
    with store.reading() as db:
        assert [given.verdict.value for given in db.exec(select(Review)).all()] == won
        stage = db.get_one(Task, version.task_id).stage
    assert stage is (Stage.APPROVED if won == ["approve"] else Stage.SENT_BACK)
