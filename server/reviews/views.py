"""What the pages of versions show: which text, compared with what."""

from dataclasses import dataclass
from typing import Any

from fastapi import Request

from server.answers import comparison, present
from server.errors import NotFound
from server.models import AnswerVersion, Draft, Stage, User
from server.policy import Action, can
from server.reviews import findings, queries
from server.reviews.queries import Reading

VIEWS = ("rendered", "source", "diff")


@dataclass(frozen=True)
class Other:
    """What a version can be compared with: an earlier version by its number, a draft by its letter."""

    key: str
    text: str
    version: AnswerVersion | None = None
    draft: Draft | None = None


def show(request: Request, user: User, reading: Reading, view: str, against: str) -> dict[str, Any]:
    """Return the context of templates/versions/show.html for one reading."""
    others = _others(reading)
    shown = view if view in VIEWS and (others or view != "diff") else "rendered"
    other = _chosen(reading, others, against) if shown == "diff" else None
    report = present.shown(request, reading.version.report, reading.guide_version)
    return {
        "reading": reading,
        "view": shown,
        "others": others,
        "other": other,
        "comparison": comparison.compare(other.text, reading.version.text) if other else None,
        "findings": findings.fold(report["diagnostics"], reading.version.waivers),
        "reviewable": reading.can_review(user),
        "attribution": attribution(reading),
    }


def attribution(reading: Reading) -> list[tuple[Draft, int]]:
    """Return the drafts the version owes words to, with the percentage, the largest first."""
    shares = reading.version.attribution
    owed = [(draft, round(100 * shares.get(str(draft.id), 0))) for draft in reading.drafts]
    return sorted([(draft, share) for draft, share in owed if share], key=lambda pair: -pair[1])


def pair(reading: Reading, older: int | None, newer: int | None) -> tuple[AnswerVersion, AnswerVersion] | None:
    """Return the two versions to compare: those asked for, else the newest and the one before; None for one alone."""
    if len(reading.versions) < 2:
        return None
    last = reading.versions[-1].number
    after = queries.numbered(reading, newer if newer is not None else last)
    before = queries.numbered(reading, older if older is not None else max(after.number - 1, 1))
    return before, after


def history(user: User, reading: Reading, older: int | None, newer: int | None, view: str) -> dict[str, Any]:
    """Return the context of templates/versions/index.html."""
    chosen = pair(reading, older, newer)
    by_words = comparison.compare(chosen[0].text, chosen[1].text) if chosen and view != "rendered" else None
    return {
        "pair": chosen,
        "view": "rendered" if view == "rendered" else "words",
        "comparison": by_words,
        "verdicts": queries.by_version(reading.reviews),
        "can_restore": can(user, Action.WRITE_ANSWER, reading.task) and reading.task.stage is not Stage.REJECTED,
    }


def _others(reading: Reading) -> list[Other]:
    previous = reading.previous
    found = [Other(str(previous.number), previous.text, version=previous)] if previous else []
    return found + [Other(draft.label, draft.text, draft=draft) for draft in reading.drafts]


def _chosen(reading: Reading, others: list[Other], against: str) -> Other:
    for other in others:
        if other.key == (against or others[0].key):
            return other
    if against.isdigit():
        version = queries.numbered(reading, int(against))
        return Other(against, version.text, version=version)
    raise NotFound("This task has no draft {name}.", name=against)
