"""Drafts as their readers see them: sentences in their language, names only where they are not kept blind."""

from dataclasses import dataclass
from typing import Any

from server import i18n
from server.drafts.forms import DraftRecord
from server.models import Draft, DraftState


@dataclass(frozen=True)
class View:
    """How one reader sees drafts."""

    blind: bool
    raw: bool = False
    can_ask: bool = False
    can_rate: bool = False


def said(draft: Draft) -> str:
    """Return why a draft failed or waits, in the language in use; empty when there is nothing to say."""
    parts: dict[str, Any] = draft.extra.get("sentence") or {}
    if not parts:
        return draft.error
    return i18n.gettext(parts["message"]).format(**parts["values"])


def name(draft: Draft, *, blind: bool) -> str:
    """Return the model's name, or what stands for it."""
    return i18n.gettext("Draft {label}").format(label=draft.label) if blind else draft.model


def tokens(draft: Draft) -> int | None:
    """Return the tokens the model wrote, if the endpoint told."""
    return draft.usage.get("completion_tokens") if draft.state is DraftState.DONE else None


def fingerprint(draft: Draft) -> tuple[object, ...]:
    """Return what tells one moment of a growing draft from the next."""
    return draft.state, draft.attempt, len(draft.text), draft.text[-40:], str(draft.extra.get("sentence"))


def as_record(draft: Draft, *, blind: bool) -> DraftRecord:
    """Return the draft as the API shows it."""
    fields = {key: getattr(draft, key) for key in DraftRecord.model_fields if key in type(draft).model_fields}
    record = DraftRecord(**fields, label=draft.label)
    record.error = said(draft)
    if blind:
        record.model, record.endpoint, record.parameters, record.cost = draft.label, "", {}, 0
    return record
