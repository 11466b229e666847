"""The verbs of the desk: save, waive, submit, restore."""

from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from server import events, lint
from server.answers import attribution, linting, queries, rerun
from server.answers.forms import SubmissionForm, WaiverForm
from server.config import settings
from server.errors import Conflict, Invalid, NotFound, TooLarge
from server.events import EventName
from server.guides import queries as guides
from server.models import Answer, AnswerVersion, GuideVersion, Origin, Stage, Task, User, Waiver, now
from server.policy import Action, authorize
from server.text import normalise, sha256


def save(db: Session, user: User, task: Task, text: str, revision: int) -> Answer:
    """Keep the working copy. Raises Conflict, carrying the newer text, when `revision` is not the newest."""
    authorize(user, Action.WRITE_ANSWER, task)
    text = normalise(text)
    if len(text) > settings().max_text:
        raise TooLarge(
            "This answer has {count} characters; at most {limit} fit. It is kept in your browser.",
            count=len(text),
            limit=settings().max_text,
        )
    _hold(db, user, task)
    answer = queries.answer(db, task, lock=True) or Answer(task_id=task.id, saved_at=now())
    if answer.revision != revision:
        # the reply to this very save was lost: saying so again is right, a conflict would be noise
        if answer.text == text and answer.saved_by_id == user.id:
            return answer
        raise _newer(db, answer)
    if answer.text != text or answer.revision == 0:
        _write(db, user, task, answer, text)
    return answer


def waive(db: Session, user: User, task: Task, form: WaiverForm) -> Waiver:
    """Accept a diagnostic of the working copy, with a reason."""
    authorize(user, Action.WRITE_ANSWER, task)
    if not form.reason.strip():
        raise Invalid("Say in a few words why this finding may stay.", field="reason")
    found = _finding(db, task, form.fingerprint)
    query = select(Waiver).where(Waiver.task_id == task.id, Waiver.fingerprint == form.fingerprint)
    waiver = db.exec(query).first() or Waiver(
        task_id=task.id, fingerprint=form.fingerprint, code=found["code"], reason="", user_id=user.id
    )
    waiver.reason, waiver.user_id = normalise(form.reason.strip()), user.id
    db.add(waiver)
    events.record(
        db,
        user,
        EventName.DIAGNOSTIC_WAIVED,
        on=task,
        code=found["code"],
        fingerprint=form.fingerprint,
        reason=waiver.reason,
    )
    return waiver


def unwaive(db: Session, user: User, task: Task, fingerprint: str) -> None:
    """Take a waiver back."""
    authorize(user, Action.WRITE_ANSWER, task)
    query = select(Waiver).where(Waiver.task_id == task.id, Waiver.fingerprint == fingerprint)
    waiver = db.exec(query).first()
    if waiver is None:
        raise NotFound("That finding is not waived.")
    db.delete(waiver)
    events.record(db, user, EventName.WAIVER_REMOVED, on=task, code=waiver.code, fingerprint=fingerprint)


def submit(db: Session, user: User, task: Task, form: SubmissionForm) -> AnswerVersion:
    """Make the working copy the next version. Raises Invalid, carrying the diagnostics, while errors block."""
    authorize(user, Action.WRITE_ANSWER, task)
    _hold(db, user, task)
    answer = queries.answer(db, task, lock=True)
    if answer is None:
        raise Invalid("There is nothing to submit yet: write the answer first.", field="text")
    latest = queries.latest_version(db, task)
    if latest and latest.sha256 == sha256(answer.text) and task.stage in (Stage.IN_REVIEW, Stage.APPROVED):
        raise Conflict("This text is already version {number}.", number=latest.number)
    version = guides.current(db, task.project.guide_id)
    context = linting.context_of(task, queries.drafts(db, task))
    report = rerun.kept(linting.report(answer.text, version, context, tiers=lint.BOTH), version, context)
    if unticked := _unticked(version, form.checklist):
        given = {w.fingerprint for w in queries.waivers(db, task)} | {w.fingerprint for w in form.waivers}
        raise Invalid(
            "Tick this before you submit: {items}",
            items=" · ".join(item["text"] for item in unticked),
            field="checklist",
            extra={"checklist": unticked, "diagnostics": blocking(report, given)},
        )
    for waiver in form.waivers:
        if any(d["fingerprint"] == waiver.fingerprint for d in report["diagnostics"]):
            waive(db, user, task, waiver)
    return _add_version(db, user, task, answer.text, version, report, form, Origin.SUBMISSION)


def restore(db: Session, user: User, version: AnswerVersion) -> AnswerVersion:
    """Bring an old version's text back, as a new version that asks for review."""
    authorize(user, Action.WRITE_ANSWER, version)
    task = version.task
    _hold(db, user, task)
    latest = queries.latest_version(db, task)
    if latest and latest.sha256 == version.sha256:
        raise Conflict("Version {number} already has this text.", number=latest.number)
    answer = queries.answer(db, task, lock=True) or Answer(task_id=task.id, saved_at=now())
    _write(db, user, task, answer, version.text)
    guide_version = guides.current(db, task.project.guide_id)
    context = linting.context_of(task, queries.drafts(db, task))
    report = linting.report(version.text, guide_version, context, tiers=lint.BOTH)
    report = rerun.kept(report, guide_version, context)
    form = SubmissionForm(checklist=version.checklist, message=f"Version {version.number}, restored")
    return _add_version(db, user, task, version.text, guide_version, report, form, Origin.RESTORE)


def blocking(report: dict[str, Any], waived: set[str]) -> list[dict[str, Any]]:
    """Return the diagnostics of a report that stop a submission: errors without a waiver."""
    return [d for d in report["diagnostics"] if d["level"] == "error" and d["fingerprint"] not in waived]


def _add_version(
    db: Session,
    user: User,
    task: Task,
    text: str,
    guide_version: GuideVersion,
    report: dict[str, Any],
    form: SubmissionForm,
    origin: Origin,
) -> AnswerVersion:
    found = {d["fingerprint"] for d in report["diagnostics"]}
    waivers = [w for w in queries.waivers(db, task) if w.fingerprint in found]
    stopping = blocking(report, {w.fingerprint for w in waivers})
    if stopping:
        raise Invalid(
            "{count} finding(s) must be mended or waived with a reason before this can be submitted.",
            count=len(stopping),
            extra={"diagnostics": stopping},
        )
    latest = queries.latest_version(db, task)
    version = AnswerVersion(
        task_id=task.id,
        number=(latest.number if latest else 0) + 1,
        text=text,
        sha256=sha256(text),
        parent_id=latest.id if latest else None,
        author_id=user.id,
        guide_version_id=guide_version.id,
        origin=origin,
        report=report,
        waivers=[
            {"fingerprint": w.fingerprint, "code": w.code, "reason": w.reason, "by": str(w.user_id)} for w in waivers
        ],
        checklist=form.checklist,
        attribution=attribution.of(text, {str(d.id): d.text for d in queries.drafts(db, task)}),
        message=normalise(form.message.strip()),
    )
    db.add(version)
    task.submit()
    task.version_count, task.lease_until, task.updated_at = version.number, None, now()
    name = EventName.ANSWER_SUBMITTED if origin is Origin.SUBMISSION else EventName.VERSION_RESTORED
    events.record(db, user, name, on=version, project_id=task.project_id, number=version.number, sha256=version.sha256)
    return version


def _write(db: Session, user: User, task: Task, answer: Answer, text: str) -> None:
    answer.text, answer.saved_by_id, answer.saved_at = text, user.id, now()
    answer.revision += 1
    db.add(answer)
    events.record(
        db, user, EventName.ANSWER_SAVED, on=task, revision=answer.revision, sha256=sha256(text), characters=len(text)
    )


def _hold(db: Session, user: User, task: Task) -> None:
    """Keep or take the task for `user`; Conflict when someone else holds it or it is closed."""
    db.refresh(task, with_for_update=True)
    if task.stage is Stage.REJECTED:
        raise Conflict("This task was rejected; it takes no more answers.")
    at = now()
    is_held_by_other = task.writer_id not in (None, user.id) and task.lease_until is not None and task.lease_until > at
    if is_held_by_other:
        holder = db.get_one(User, task.writer_id)
        raise Conflict("{name} is writing this answer now. Your text is kept in your browser.", name=holder.name)
    is_new = task.writer_id != user.id
    task.writer_id, task.lease_until = user.id, at + timedelta(minutes=settings().lease_minutes)
    if task.stage is Stage.OPEN:
        task.stage = Stage.WRITING
    if is_new:
        events.record(db, user, EventName.TASK_TAKEN, on=task)
    db.add(task)


def _newer(db: Session, answer: Answer) -> Conflict:
    saved_by = db.get(User, answer.saved_by_id) if answer.saved_by_id else None
    return Conflict(
        "A newer text was saved meanwhile. Yours is kept: choose which to go on with.",
        extra={
            "text": answer.text,
            "revision": answer.revision,
            "saved_at": answer.saved_at.isoformat(),
            "saved_by": saved_by.name if saved_by else "",
        },
    )


def _finding(db: Session, task: Task, fingerprint: str) -> dict[str, Any]:
    answer = queries.answer(db, task)
    version = guides.current(db, task.project.guide_id)
    context = linting.context_of(task, queries.drafts(db, task))
    report = linting.report(answer.text if answer else "", version, context, tiers=lint.BOTH)
    found: list[dict[str, Any]] = [d for d in report["diagnostics"] if d["fingerprint"] == fingerprint]
    if not found:
        raise NotFound("That finding is not in the saved text any more.")
    return found[0]


def _unticked(version: GuideVersion, ticked: list[str]) -> list[dict[str, str]]:
    """Return {id, text} of what the guide still asks to be ticked. Raises Invalid for an id it does not have."""
    items = version.content.get("checklist") or []
    unknown = set(ticked) - {item["id"] for item in items}
    if unknown:
        raise Invalid(
            "The checklist has no item “{item}”. Use the ids of the guide.", item=sorted(unknown)[0], field="checklist"
        )
    asked = [item for item in items if item.get("required", True) and item["id"] not in ticked]
    return [{"id": item["id"], "text": item["text"]} for item in asked]
