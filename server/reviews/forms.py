"""What a reviewer sends, and the JSON shapes of versions and reviews."""

import uuid
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from server.answers.forms import VersionRecord, version_record
from server.models import AnswerVersion, Review, Verdict


class ReviewForm(BaseModel):
    """A verdict on one version. `ratings` is {criterion of the guide's rubric: score}; any may be left out."""

    model_config = ConfigDict(extra="forbid")
    verdict: Verdict
    ratings: dict[str, StrictInt] = {}
    comment: str = Field(default="", max_length=10_000)


class ReviewRecord(BaseModel):
    """A review as it was given."""

    id: uuid.UUID
    version_id: uuid.UUID
    reviewer_id: uuid.UUID
    verdict: str
    comment: str
    ratings: dict[str, int]
    created_at: datetime


class ReviewedVersion(VersionRecord):
    """A version with its reviews, oldest first; `is_golden` while it is the task's approved answer."""

    is_golden: bool
    reviews: list[ReviewRecord]


class VersionPage(BaseModel):
    """A task's versions, oldest first. All of them come at once: `next_cursor` is null."""

    items: list[ReviewedVersion]
    next_cursor: str | None = None


def review_record(review: Review) -> ReviewRecord:
    return ReviewRecord(
        id=review.id,
        version_id=review.version_id,
        reviewer_id=review.reviewer_id,
        verdict=review.verdict.value,
        comment=review.comment,
        ratings={rating.criterion: rating.score for rating in review.ratings},
        created_at=review.created_at,
    )


def reviewed_version(version: AnswerVersion, reviews: list[Review]) -> ReviewedVersion:
    return ReviewedVersion(
        **version_record(version).model_dump(),
        is_golden=version.task.golden_version_id == version.id,
        reviews=[review_record(review) for review in reviews],
    )
