"""What the verbs on drafts accept, and what they answer."""

import uuid
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from server.models import DraftState


class RequestForm(BaseModel):
    """Names of the endpoints that shall draft."""

    model_config = ConfigDict(extra="forbid")
    models: list[str] = Field(default_factory=list, max_length=12)


class RatingForm(BaseModel):
    """One rubric score of a draft."""

    model_config = ConfigDict(extra="forbid")
    criterion: str = Field(min_length=1, max_length=60)
    score: int


class DraftRecord(BaseModel):
    """A draft as the API shows it: `model` is its letter, and what tells it is empty, while names are kept blind.

    `usage` is {prompt_tokens, completion_tokens}; `cost` is in millionths of the endpoint's currency.
    """

    id: uuid.UUID
    task_id: uuid.UUID
    label: str
    model: str
    endpoint: str
    imported: bool
    state: DraftState
    text: str
    error: str
    attempt: int
    template: str
    template_sha256: str
    parameters: dict[str, Any]
    usage: dict[str, Any]
    cost: int
    finish_reason: str
    first_token_ms: int | None
    latency_ms: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
