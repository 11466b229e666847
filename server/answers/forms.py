"""What the desk sends, and the JSON shapes it gets."""

import uuid
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.answers import rerun
from server.drafts import forms as draft_forms
from server.drafts import present as draft_views
from server.models import Answer, AnswerVersion, Draft, Task


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SaveForm(Strict):
    """A save of the working copy; `revision` is the one the text was based on, 0 for a new answer."""

    text: str
    revision: int = Field(ge=0)


class TextForm(Strict):
    text: str


class LintTextForm(TextForm):
    """A text to lint; the first tier answers at once, the second (grammar, final answers) takes up to seconds."""

    tiers: list[Literal["first", "second"]] = Field(default=["first"], min_length=1)


class WaiverForm(Strict):
    """A diagnostic accepted; the reason is stored with the version."""

    fingerprint: str = Field(min_length=1, max_length=64)
    reason: str = Field(default="", max_length=2000)


class SubmissionForm(Strict):
    """`checklist` holds the ids ticked; `waivers` is added to those already given at the desk."""

    checklist: list[str] = []
    waivers: list[WaiverForm] = []
    message: str = Field(default="", max_length=2000)


class LintForm(Strict):
    """Any text under any guide: `guide` is its slug."""

    text: str
    guide: str
    prompt: str | None = None
    reference: str | None = None
    tiers: list[Literal["first", "second"]] = Field(default=["first"], min_length=1)


class SavedRecord(BaseModel):
    revision: int
    saved_at: datetime


class VersionRecord(BaseModel):
    id: uuid.UUID
    task_id: uuid.UUID
    number: int
    text: str
    sha256: str
    parent_id: uuid.UUID | None
    author_id: uuid.UUID
    guide_version_id: uuid.UUID
    origin: str
    report: dict[str, Any]
    waivers: list[dict[str, Any]]
    checklist: list[str]
    attribution: dict[str, Any]
    message: str
    created_at: datetime


class AnswerRecord(BaseModel):
    text: str
    revision: int
    saved_at: datetime


class TaskDetail(BaseModel):
    """A task with everything the desk shows."""

    id: uuid.UUID
    number: int
    external_id: str | None
    messages: list[dict[str, Any]]
    reference_answer: str | None
    tags: list[str]
    priority: int
    due_at: datetime | None
    stage: str
    language: str
    metadata: dict[str, Any]
    writer_id: uuid.UUID | None
    lease_until: datetime | None
    golden_version_id: uuid.UUID | None
    drafts: list[draft_forms.DraftRecord]
    answer: AnswerRecord | None
    versions: list[VersionRecord]


def version_record(version: AnswerVersion) -> VersionRecord:
    record = VersionRecord.model_validate(version, from_attributes=True)
    return record.model_copy(update={"report": rerun.shown(version.report)})


def task_detail(
    task: Task,
    drafts: list[Draft],
    answer: Answer | None,
    versions: list[AnswerVersion],
    *,
    blind: bool,
    with_reference: bool,
) -> TaskDetail:
    fields = {name: getattr(task, name) for name in TaskDetail.model_fields if name in Task.model_fields}
    fields["reference_answer"] = task.reference_answer if with_reference else None
    return TaskDetail(
        **fields,
        metadata=task.extra,
        drafts=[draft_views.as_record(draft, blind=blind) for draft in drafts],
        answer=AnswerRecord.model_validate(answer, from_attributes=True) if answer else None,
        versions=[version_record(version) for version in versions],
    )
