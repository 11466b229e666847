"""The desk's pages."""

import uuid
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from server import i18n, lint
from server.answers import ahead, comparison, forms, linting, present, queries, service
from server.drafts import queries as drafts
from server.errors import Conflict, Invalid, NotFound
from server.models import Stage
from server.policy import Action, can
from server.tasks import queries as tasks
from server.web import forms as web_forms
from server.web import languages, security
from server.web.deps import DB, CurrentUser, FormBody, reads
from server.web.templating import fragment, page, redirect

router = APIRouter()


@router.get("/tasks/{id}")
def show(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> HTMLResponse:
    """The desk: prompt, editor, drafts."""
    desk = queries.desk(db, user, id)
    can_write = can(user, Action.WRITE_ANSWER, desk.task) and desk.task.stage is not Stage.REJECTED
    content = desk.guide_version.content
    return page(
        request,
        "answers/show.html",
        task=desk.task,
        project=desk.project,
        answer=desk.answer,
        drafts=desk.drafts,
        versions=desk.versions,
        guide=content,
        guide_label=f"{desk.guide.slug} · {desk.guide_version.number}",
        reference=desk.task.reference_answer if desk.with_reference else None,
        holder=queries.holder(db, desk.task, user),
        can_write=can_write,
        desk={
            "task_id": str(desk.task.id),
            "text": desk.answer.text if desk.answer else "",
            "revision": desk.answer.revision if desk.answer else 0,
            "saved_at": desk.answer.saved_at.isoformat() if desk.answer else None,
            "can_write": can_write,
            "csrf": security.csrf_token(request),
            "limits": limits(content),
            "language": desk.task.language,
        },
    )


@router.post("/tasks/{id}/preview")
@reads
def preview(request: Request, id: uuid.UUID, form: forms.TextForm, db: DB, user: CurrentUser) -> HTMLResponse:
    """The answer as readers will see it."""
    tasks.get(db, user, id)
    return fragment(request, "answers/_preview.html", text=linting.fitting(form.text))


@router.get("/tasks/{id}/comparison")
def compare(request: Request, id: uuid.UUID, draft: uuid.UUID, db: DB, user: CurrentUser) -> HTMLResponse:
    """What the saved answer kept of a draft, word by word."""
    task = tasks.get(db, user, id)
    found = drafts.draft(db, user, draft)
    if found.task_id != task.id:
        raise NotFound("There is no such draft on this task.")
    answer = queries.answer(db, task)
    with i18n.speaking(languages.of(request)):
        shown = comparison.compare(found.text, answer.text) if answer and answer.text.strip() else None
    return page(request, "answers/comparison.html", block="comparison", task=task, draft=found, comparison=shown)


@router.get("/tasks/{id}/answer/submission")
def new_submission(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> HTMLResponse:
    """The last look before submitting: checklist, what blocks, what may be waived."""
    return fragment(request, "answers/_submission.html", **_submission(request, queries.desk(db, user, id)))


@router.post("/tasks/{id}/answer/submission", dependencies=[Depends(ahead.lint_ahead)])
def create_submission(request: Request, id: uuid.UUID, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Submit; a form that is not right comes back with the words kept."""
    desk = queries.desk(db, user, id)
    data = _sent(sent)
    form, errors = web_forms.parse(forms.SubmissionForm, data)
    if form is not None:
        try:
            with db.begin_nested():
                version = service.submit(db, user, desk.task, form)
        except (Invalid, Conflict) as error:
            errors = {"": languages.sentence(request, error)}
        else:
            return redirect(request, f"/versions/{version.id}", notice="Submitted. A reviewer will read it.")
    return fragment(
        request, "answers/_submission.html", status=422, **_submission(request, desk, data=data, errors=errors)
    )


@router.post("/versions/{id}/restoration", dependencies=[Depends(ahead.lint_version_ahead)])
def restore(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Bring an old version back as a new one."""
    version = service.restore(db, user, queries.version(db, user, id))
    return redirect(request, f"/versions/{version.id}", notice="Restored as a new version; it waits for review.")


def _sent(sent: FormData) -> dict[str, Any]:
    waivers = [
        {"fingerprint": key.removeprefix("waiver-"), "reason": str(reason)}
        for key, reason in sent.items()
        if key.startswith("waiver-") and str(reason).strip()
    ]
    ticked = [str(item) for item in sent.getlist("checklist")]
    return {"checklist": ticked, "waivers": waivers, "message": str(sent.get("message", ""))}


def _submission(
    request: Request, desk: queries.Desk, *, data: dict[str, Any] | None = None, errors: dict[str, str] | None = None
) -> dict[str, Any]:
    text = desk.answer.text if desk.answer else ""
    context = linting.context_of(desk.task, desk.drafts)
    version = desk.guide_version
    report = present.shown(request, linting.report(text, version, context, tiers=lint.BOTH), version)
    reasons = {w.fingerprint: w.reason for w in desk.waivers}
    reasons |= {w["fingerprint"]: w["reason"] for w in (data or {}).get("waivers", [])}
    return {
        "task": desk.task,
        "checklist": version.content.get("checklist") or [],
        "diagnostics": report["diagnostics"],
        "blocking": service.blocking(report, {w.fingerprint for w in desk.waivers}),
        "reasons": reasons,
        "data": data or {"checklist": [], "message": ""},
        "errors": errors or {},
        "next_number": desk.task.version_count + 1,
    }


def limits(content: dict[str, Any]) -> dict[str, Any]:
    """Return the guide's limits for the counters: {words: [min, max] or None, tokens: max or None}."""
    rules = (content.get("lint") or {}).get("rules") or {}
    words = rules.get("LEN003") or {}
    tokens = rules.get("LEN004") or {}
    has_words = "min" in words or "max" in words
    return {"words": [words.get("min"), words.get("max")] if has_words else None, "tokens": tokens.get("max")}
