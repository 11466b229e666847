"""What a format is given: one approved answer with its prompt and the drafts it beat."""

import uuid
from dataclasses import dataclass
from typing import Any

Message = dict[str, str]  # {role: system|user|assistant, content}


@dataclass(frozen=True)
class Rejected:
    """A finished draft that differs from the approved answer. `reason` is one line, empty when nothing is known."""

    draft_id: uuid.UUID
    model: str
    text: str
    reason: str = ""


@dataclass(frozen=True)
class GuideRef:
    """The guide version an answer was written under."""

    slug: str
    number: int
    sha256: str


@dataclass(frozen=True)
class Item:
    """One approved version of one task; `text` is as it ships. `models` are those whose drafts lay beside it."""

    task_id: uuid.UUID
    task_number: int
    messages: list[Message]
    version_id: uuid.UUID
    version_number: int
    text: str
    guide: GuideRef
    engine: str
    katex: str
    models: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of a release: the JSON object that is written and, for a preference, the draft it turns down."""

    content: dict[str, Any]
    model: str = ""
    draft_id: uuid.UUID | None = None
