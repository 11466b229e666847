"""Reviews: verdicts bound to one version, and rubric scores."""

import uuid
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, Relationship

from server.models.accounts import User
from server.models.answers import AnswerVersion
from server.models.base import AppendOnly, Row, choice


class Verdict(StrEnum):
    APPROVE = "approve"
    SEND_BACK = "send_back"
    REJECT = "reject"


class Review(AppendOnly, Row, table=True):
    """One reviewer's verdict on one version."""

    __tablename__ = "review"
    __table_args__ = (UniqueConstraint("version_id", "reviewer_id"),)
    version_id: uuid.UUID = Field(foreign_key="answer_version.id", index=True)
    reviewer_id: uuid.UUID = Field(foreign_key="user_account.id", index=True)
    verdict: Verdict = Field(sa_type=choice(Verdict))
    comment: str = ""
    version: AnswerVersion = Relationship()
    reviewer: User = Relationship()
    ratings: list["Rating"] = Relationship(back_populates="review", sa_relationship_kwargs={"lazy": "selectin"})


class Rating(AppendOnly, Row, table=True):
    """A rubric score of a version (with its review) or of a draft; the newest of a rater counts."""

    __tablename__ = "rating"
    __table_args__ = (Index("ix_rating_draft", "draft_id", "rater_id", "criterion"),)
    review_id: uuid.UUID | None = Field(default=None, foreign_key="review.id", index=True)
    draft_id: uuid.UUID | None = Field(default=None, foreign_key="draft.id")
    rater_id: uuid.UUID = Field(foreign_key="user_account.id")
    guide_version_id: uuid.UUID = Field(foreign_key="guide_version.id")
    criterion: str = Field(max_length=60)
    score: int
    review: Review | None = Relationship(back_populates="ratings")
