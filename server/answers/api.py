"""The desk over HTTP: the page's own script uses these too."""

import uuid
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from server import lint
from server.answers import ahead, attribution, forms, linting, present, queries, reports, service
from server.errors import Invalid
from server.guides import queries as guides
from server.policy import Action, authorize
from server.tasks import queries as tasks
from server.web.deps import DB, CurrentUser, reads

router = APIRouter(prefix="/api/v1", tags=["answers"])


@router.get("/tasks/{id}")
def show(id: uuid.UUID, db: DB, user: CurrentUser) -> forms.TaskDetail:
    """Return a task with its drafts, working copy and versions."""
    desk = queries.desk(db, user, id)
    return forms.task_detail(
        desk.task, desk.drafts, desk.answer, desk.versions, blind=desk.blind, with_reference=desk.with_reference
    )


@router.put("/tasks/{id}/answer")
def update(id: uuid.UUID, form: forms.SaveForm, db: DB, user: CurrentUser) -> forms.SavedRecord:
    """Save the working copy. 409 carries the newer text and its revision."""
    answer = service.save(db, user, tasks.get(db, user, id), form.text, form.revision)
    return forms.SavedRecord(revision=answer.revision, saved_at=answer.saved_at)


@router.post("/tasks/{id}/answer/submission", status_code=201, dependencies=[Depends(ahead.lint_ahead)])
def submit(
    request: Request, id: uuid.UUID, form: forms.SubmissionForm, db: DB, user: CurrentUser
) -> forms.VersionRecord:
    """Make the working copy the next version.

    422 carries `diagnostics`, the findings that block, and `checklist`, the items of the guide's list still to be
    ticked as [{id, text}].
    """
    task = tasks.get(db, user, id)
    try:
        return forms.version_record(service.submit(db, user, task, form))
    except Invalid as error:
        error.extra = present.shown(request, error.extra, guides.current(db, task.project.guide_id))
        raise


@router.post("/tasks/{id}/lint", responses={200: {"model": reports.AnswerReport}})
@reads
def lint_answer(request: Request, id: uuid.UUID, form: forms.LintTextForm, db: DB, user: CurrentUser) -> dict[str, Any]:
    """Lint a text as this task's answer, under its guide; `waived` lists the fingerprints accepted so far.

    `later` lists the fingerprints of what the second tier found, where it was asked for.
    `attribution` is {draft label: share of the text's words, 0 to 1}, empty for a text too long to count live.
    """
    desk = queries.desk(db, user, id)
    text = linting.fitting(form.text)
    context = linting.context_of(desk.task, desk.drafts)
    report = linting.report(text, desk.guide_version, context, tiers=sorted(set(form.tiers)))
    return present.shown(request, report, desk.guide_version) | {
        "later": linting.later(report),
        "waived": [w.fingerprint for w in desk.waivers],
        "attribution": attribution.live(text, {draft.label: draft.text for draft in desk.drafts}),
    }


@router.post("/tasks/{id}/waivers", status_code=201)
def waive(id: uuid.UUID, form: forms.WaiverForm, db: DB, user: CurrentUser) -> dict[str, str]:
    """Accept a finding of the saved text, with a reason."""
    waiver = service.waive(db, user, tasks.get(db, user, id), form)
    return {"fingerprint": waiver.fingerprint, "code": waiver.code, "reason": waiver.reason}


@router.delete("/tasks/{id}/waivers/{fingerprint}", status_code=204)
def unwaive(id: uuid.UUID, fingerprint: str, db: DB, user: CurrentUser) -> Response:
    """Take a waiver back."""
    service.unwaive(db, user, tasks.get(db, user, id), fingerprint)
    return Response(status_code=204)


@router.post("/lint", tags=["lint"], responses={200: {"model": reports.Report}})
@reads
def lint_text(request: Request, form: forms.LintForm, db: DB, user: CurrentUser) -> dict[str, Any]:
    """Lint any text under a guide's newest version."""
    authorize(user, Action.LINT_TEXT)
    version = guides.current_by_slug(db, form.guide)
    text, prompt, reference = (linting.fitting(one or "") for one in (form.text, form.prompt, form.reference))
    context = lint.LintContext(prompt=prompt, reference=reference)
    report = linting.report(text, version, context, tiers=sorted(set(form.tiers)))
    return present.shown(request, report, version)
