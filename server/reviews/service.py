"""The verb of a reviewer: a verdict on one version."""

from sqlmodel import Session, select

from server import events
from server.answers import queries as answers
from server.answers import words
from server.errors import Conflict, Invalid
from server.events import EventName
from server.models import AnswerVersion, Rating, Review, Stage, Task, User, Verdict, now
from server.policy import Action, authorize
from server.reviews.forms import ReviewForm
from server.text import normalise

FEWEST_WORDS = 2  # of a reason: one word tells the writer nothing


def submit(db: Session, user: User, version: AnswerVersion, form: ReviewForm) -> Review:
    """Give a verdict on a version and move its task. Raises Conflict when the version is not up for review any more."""
    authorize(user, Action.REVIEW_VERSION, version)
    task = version.task
    db.refresh(task, with_for_update=True)
    _must_wait(db, user, version, task)
    comment = normalise(form.comment.strip())
    _must_say_why(form.verdict, comment)
    _must_fit_rubric(version, form.ratings)
    review = Review(version_id=version.id, reviewer_id=user.id, verdict=form.verdict, comment=comment)
    review.ratings = [
        Rating(rater_id=user.id, guide_version_id=version.guide_version_id, criterion=criterion, score=score)
        for criterion, score in form.ratings.items()
    ]
    db.add(review)
    _move(task, version, form.verdict)
    db.add(task)
    events.record(
        db,
        user,
        EventName.REVIEW_SUBMITTED,
        on=review,
        project_id=task.project_id,
        version_id=str(version.id),
        number=version.number,
        verdict=form.verdict.value,
        ratings=form.ratings,
    )
    return review


def _move(task: Task, version: AnswerVersion, verdict: Verdict) -> None:
    if verdict is Verdict.APPROVE:
        task.approve(version.id)
    elif verdict is Verdict.SEND_BACK:
        task.send_back()
    else:
        task.reject()
    task.updated_at = now()


def _must_wait(db: Session, user: User, version: AnswerVersion, task: Task) -> None:
    """Raise Conflict, saying what happened, unless this version is the newest and waits for a verdict."""
    given = db.exec(select(Review).where(Review.version_id == version.id)).all()
    if any(review.reviewer_id == user.id for review in given):
        raise Conflict("You have already reviewed version {number}.", number=version.number)
    latest = answers.latest_version(db, task)
    if latest and latest.id != version.id:
        raise Conflict(
            "Version {old} was replaced by version {new} while you were reading.", old=version.number, new=latest.number
        )
    if given and task.stage is not Stage.IN_REVIEW:
        raise Conflict(
            "{name} reviewed version {number} while you were reading.",
            name=given[-1].reviewer.name,
            number=version.number,
        )
    if task.stage is not Stage.IN_REVIEW:
        raise Conflict("This task is not waiting for review any more.")


def _must_say_why(verdict: Verdict, comment: str) -> None:
    if verdict is Verdict.APPROVE or len(words.counted(comment)) >= FEWEST_WORDS:
        return
    if verdict is Verdict.SEND_BACK:
        raise Invalid("Say in a few words what the writer should change.", field="comment")
    raise Invalid("Say in a few words why this task is rejected.", field="comment")


def _must_fit_rubric(version: AnswerVersion, ratings: dict[str, int]) -> None:
    rubric = {criterion["id"]: criterion for criterion in version.guide_version.content.get("rubric") or []}
    for name, score in ratings.items():
        if name not in rubric:
            raise Invalid(
                "The rubric of this version has no criterion “{name}”. It has: {known}.",
                field="ratings",
                name=name,
                known=", ".join(rubric) or "–",
            )
        scale = [point["value"] for point in rubric[name]["scale"]]
        if score not in scale:
            raise Invalid(
                "“{title}” takes {scale}, not {score}.",
                field="ratings",
                title=rubric[name]["title"],
                scale=", ".join(str(value) for value in scale),
                score=score,
            )
