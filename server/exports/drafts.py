"""The drafts an approved answer lay beside or beat, and what is known against each."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from statistics import mean
from typing import Any

from sqlalchemy import select as columns
from sqlmodel import Session, col, select

from server.exports.items import Rejected
from server.models import Draft, DraftState, GuideVersion, Rating

_SLICE = 5_000  # below SQLite's limit on values in one statement


class Scales:
    """The highest score of each criterion, by guide version; each version is read once."""

    def __init__(self, db: Session) -> None:
        self._db = db
        self._known: dict[uuid.UUID, dict[str, int]] = {}

    def top(self, guide_version_id: uuid.UUID, criterion: str) -> int | None:
        """Return the top of a criterion's scale, None when the guide no longer says."""
        if guide_version_id not in self._known:
            version = self._db.get_one(GuideVersion, guide_version_id)
            self._known[guide_version_id] = {
                one["id"]: max(point["value"] for point in one["scale"]) for one in version.content.get("rubric") or []
            }
        return self._known[guide_version_id].get(criterion)


def models(db: Session, draft_ids: Iterable[str]) -> dict[str, str]:
    """Return {draft id: model} for the ids that are drafts."""
    keys = {key: parsed for key in draft_ids if (parsed := _uuid(key))}
    found: dict[uuid.UUID, str] = {}
    wanted = list(keys.values())
    for start in range(0, len(wanted), _SLICE):
        query = select(Draft.id, Draft.model).where(col(Draft.id).in_(wanted[start : start + _SLICE]))
        found.update((key, model) for key, model in db.exec(query))
    return {key: found[parsed] for key, parsed in keys.items() if parsed in found}


def finished(db: Session, task_ids: list[uuid.UUID], scales: Scales) -> dict[uuid.UUID, list[Rejected]]:
    """Return each task's finished drafts in their order, with the reasons known against them."""
    reasons = _ratings(db, task_ids, scales)
    query = (
        columns(col(Draft.id), col(Draft.task_id), col(Draft.model), col(Draft.text), col(Draft.extra))
        .where(col(Draft.task_id).in_(task_ids), col(Draft.state) == DraftState.DONE)
        .order_by(col(Draft.task_id), col(Draft.position))
    )
    grouped: dict[uuid.UUID, list[Rejected]] = defaultdict(list)
    for draft_id, task_id, model, text, extra in db.execute(query).all():
        reason = "; ".join(filter(None, (_marked(extra), reasons.get(draft_id, ""))))
        grouped[task_id].append(Rejected(draft_id, model, text, reason))
    return grouped


def _marked(extra: dict[str, Any]) -> str:
    known = {True: "final answer marked right", False: "final answer marked wrong"}
    mark = extra.get("is_correct")
    return known[mark] if isinstance(mark, bool) else ""


def _ratings(db: Session, task_ids: list[uuid.UUID], scales: Scales) -> dict[uuid.UUID, str]:
    """Return "clear 3/5, correct 2/5" by draft: the newest score of each rater, their mean when there are several."""
    query = (
        select(Rating)
        .join(Draft, col(Draft.id) == Rating.draft_id)
        .where(col(Draft.task_id).in_(task_ids))
        .order_by(col(Rating.created_at), col(Rating.id))
    )
    newest: dict[tuple[uuid.UUID, str], dict[uuid.UUID, Rating]] = defaultdict(dict)
    for rating in db.exec(query):
        if rating.draft_id:
            newest[rating.draft_id, rating.criterion][rating.rater_id] = rating
    said: dict[uuid.UUID, list[str]] = defaultdict(list)
    for (draft_id, criterion), by_rater in sorted(newest.items()):
        said[draft_id].append(_score(criterion, list(by_rater.values()), scales))
    return {draft_id: ", ".join(parts) for draft_id, parts in said.items()}


def _score(criterion: str, ratings: list[Rating], scales: Scales) -> str:
    value = f"{mean(rating.score for rating in ratings):.1f}".removesuffix(".0")
    top = scales.top(ratings[-1].guide_version_id, criterion)
    return f"{criterion} {value}/{top}" if top else f"{criterion} {value}"


def _uuid(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
