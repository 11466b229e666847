"""Reading the approved answers of a project, in the order of their tasks, a thousand at a time."""

import uuid
from collections.abc import Iterator
from typing import Any

from sqlmodel import Session, col, func, select

from server import lint
from server.events import EventName
from server.exports import drafts
from server.exports.items import GuideRef, Item
from server.exports.manifest import Anchor
from server.models import AnswerVersion, Event, Guide, GuideVersion, Project, Review, Task, User, Verdict
from server.policy import visible

BATCH = 1_000


def items(db: Session, user: User, project: Project, *, with_drafts: bool) -> Iterator[Item]:
    """Yield every approved version by task number; `with_drafts` adds the drafts each one beat."""
    after, cache = 0, drafts.Scales(db)
    while batch := _batch(db, user, project.id, after):
        rejected = drafts.finished(db, [row.id for row in batch], cache) if with_drafts else {}
        models = drafts.models(db, [key for row in batch for key in row.attribution])
        for row in batch:
            text = lint.strip_suppressions(row.text)  # directives are for the file they stand in
            beaten = tuple(d for d in rejected.get(row.id, ()) if d.text.strip() and d.text.strip() != text.strip())
            yield Item(
                task_id=row.id,
                task_number=row.number,
                messages=[{"role": m["role"], "content": m["content"]} for m in row.messages],
                version_id=row.version_id,
                version_number=row.version_number,
                text=text,
                guide=GuideRef(row.slug, row.guide_number, row.guide_sha256),
                engine=row.engine or "",
                katex=row.katex or "",
                models=tuple(sorted({models[key] for key in row.attribution if key in models})),
                rejected=beaten,
            )
        after = batch[-1].number


def anchor(db: Session, user: User, project: Project) -> Anchor | None:
    """Return the newest event among those that first approved the golden versions; None when none is on record."""
    firsts = (
        visible(user, Task)
        .with_only_columns(func.min(Event.sequence).label("sequence"))
        .select_from(Task)
        .join(Review, col(Review.version_id) == Task.golden_version_id)
        .join(Event, col(Event.subject_id) == Review.id)
        .where(col(Task.project_id) == project.id, col(Review.verdict) == Verdict.APPROVE)
        .where(col(Event.name) == EventName.REVIEW_SUBMITTED.value)
        .group_by(col(Review.version_id))
        .subquery()
    )
    newest = select(func.max(firsts.c.sequence)).scalar_subquery()
    event = db.exec(select(Event).where(col(Event.sequence) == newest)).first()
    return Anchor(sequence=event.sequence, hash=event.hash) if event else None


def _batch(db: Session, user: User, project_id: uuid.UUID, after: int) -> list[Any]:
    query = (
        visible(user, Task)
        .with_only_columns(
            col(Task.id),
            col(Task.number),
            col(Task.messages),
            col(AnswerVersion.id).label("version_id"),
            col(AnswerVersion.number).label("version_number"),
            col(AnswerVersion.text),
            col(AnswerVersion.attribution),
            col(AnswerVersion.report)["engine"].as_string().label("engine"),
            col(AnswerVersion.report)["katex"].as_string().label("katex"),
            col(GuideVersion.number).label("guide_number"),
            col(GuideVersion.sha256).label("guide_sha256"),
            col(Guide.slug),
        )
        .select_from(Task)
        .join(AnswerVersion, col(AnswerVersion.id) == Task.golden_version_id)
        .join(GuideVersion, col(GuideVersion.id) == AnswerVersion.guide_version_id)
        .join(Guide, col(Guide.id) == GuideVersion.guide_id)
        .where(col(Task.project_id) == project_id, col(Task.number) > after)
        .order_by(col(Task.number))
        .limit(BATCH)
    )
    return list(db.execute(query).all())
