"""What a submission needs and may take seconds, done before its transaction begins: on SQLite one writer at a time."""

import uuid

from server import db, lint
from server.answers import linting, queries
from server.web.deps import UserApart


def lint_ahead(id: uuid.UUID, user: UserApart) -> None:
    """Lint a task's working copy with both tiers; the submission that follows finds the report remembered."""
    with db.reading() as session:
        desk = queries.desk(session, user, id)
        text = desk.answer.text if desk.answer else ""
        version, context = desk.guide_version, linting.context_of(desk.task, desk.drafts)
    linting.report(text, version, context, tiers=lint.BOTH)


def lint_version_ahead(id: uuid.UUID, user: UserApart) -> None:
    """Lint a version's text with both tiers, ahead of its restoration."""
    with db.reading() as session:
        version = queries.version(session, user, id)
        desk = queries.desk(session, user, version.task_id)
        text, guide, context = version.text, desk.guide_version, linting.context_of(desk.task, desk.drafts)
    linting.report(text, guide, context, tiers=lint.BOTH)
