"""The pages of guides: read, compare versions, write the next one."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from server import lint
from server.errors import Conflict
from server.guides import changes, checking, forms, house_rules, queries, service
from server.models import Guide, GuideVersion
from server.policy import Action, authorize
from server.text import normalise
from server.web import forms as web_forms
from server.web import languages
from server.web.deps import DB, CurrentUser, FormBody, reads
from server.web.templating import page, redirect

router = APIRouter()
Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]

STARTER = """\
guide: house-style
title: House style
language: en
instructions: |
  Say here what a good answer looks like, and for whom it is written.
lint:
  extends: recommended
  rules:
    LEN002: {min: 40, max: 12000}
checklist:
  - {id: reread, text: "I read the answer once more from the top.", required: true}
rubric:
  - id: correct
    title: Correct
    description: Every statement is true, and every step follows.
    scale:
      - {value: 1, text: "Wrong where it matters."}
      - {value: 2, text: "An error would mislead the reader."}
      - {value: 3, text: "Right where it matters; a slip remains."}
      - {value: 4, text: "Right; one point could be better supported."}
      - {value: 5, text: "Right and supported throughout."}
taxonomy:
  - {id: hallucination, title: Hallucination, description: "States as fact something that does not exist."}
"""


@router.get("/guides")
def index(request: Request, db: DB, user: CurrentUser) -> HTMLResponse:
    """Every guide."""
    return page(request, "guides/index.html", entries=queries.index(db, user))


@router.get("/guides/new")
def new(request: Request, user: CurrentUser) -> HTMLResponse:
    """A page to write a guide on."""
    authorize(user, Action.PUBLISH_GUIDE)
    return page(request, "guides/new.html", form=forms.GuideForm(source=STARTER), problems=None, error="")


@router.post("/guides")
def create(request: Request, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Publish the first version of a guide."""
    form = forms.GuideForm(source=str(sent.get("source", "")))
    return _write(request, db, user, form, "guides/new.html", only_check="check" in sent)


@router.get("/guides/{slug}")
def show(request: Request, slug: str, db: DB, user: CurrentUser) -> HTMLResponse:
    """The newest version of a guide."""
    guide = queries.get(db, user, slug)
    return _show(request, db, user, guide, queries.current(db, guide.id))


@router.get("/guides/{slug}/versions/{number}")
def show_version(request: Request, slug: str, number: Number, db: DB, user: CurrentUser) -> HTMLResponse:
    """One version of a guide."""
    guide = queries.get(db, user, slug)
    return _show(request, db, user, guide, queries.numbered(db, guide, number))


@router.get("/guides/{slug}/versions/{number}/changes")
def show_changes(request: Request, slug: str, number: Number, db: DB, user: CurrentUser) -> HTMLResponse:
    """What one version changed in the one before it."""
    guide = queries.get(db, user, slug)
    version, before = queries.numbered(db, guide, number), queries.numbered(db, guide, number - 1)
    lines = changes.between(before.source, version.source)
    return page(request, "guides/changes.html", guide=guide, version=version, before=before, changes=lines)


@router.get("/guides/{slug}/versions/{number}/source")
def show_source(slug: str, number: Number, db: DB, user: CurrentUser) -> PlainTextResponse:
    """The YAML of one version, as it was published."""
    version = queries.numbered(db, queries.get(db, user, slug), number)
    name = f"{slug}.yaml"
    return PlainTextResponse(version.source, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/guides/{slug}/edit")
def edit(request: Request, slug: str, db: DB, user: CurrentUser) -> HTMLResponse:
    """A page to write the next version on."""
    authorize(user, Action.PUBLISH_GUIDE)
    guide = queries.get(db, user, slug)
    newest = queries.current(db, guide.id)
    form = forms.GuideForm(source=newest.source, base=newest.number)
    return page(request, "guides/edit.html", guide=guide, form=form, problems=None, error="")


@router.post("/guides/{slug}/versions")
def create_version(request: Request, slug: str, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Publish the next version."""
    guide = queries.get(db, user, slug)
    form, _ = web_forms.parse(forms.GuideForm, {"source": sent.get("source", ""), "base": sent.get("base", 0)})
    form = form or forms.GuideForm(source=str(sent.get("source", "")))
    return _write(request, db, user, form, "guides/edit.html", only_check="check" in sent, guide=guide)


@router.post("/guides/check")
@reads
def check(request: Request, user: CurrentUser, sent: FormBody) -> HTMLResponse:
    """What is wrong with a guide that is being written, without publishing it."""
    authorize(user, Action.PUBLISH_GUIDE)
    problems = _problems(str(sent.get("source", "")), str(sent.get("slug", "")))
    return page(request, "guides/_check.html", problems=problems)


def _write(
    request: Request,
    db: DB,
    user: CurrentUser,
    form: forms.GuideForm,
    template: str,
    *,
    only_check: bool,
    guide: Guide | None = None,
) -> Response:
    authorize(user, Action.PUBLISH_GUIDE)
    slug, error = guide.slug if guide else "", ""
    problems: tuple[Any, ...] = _problems(form.source, slug)
    if not problems and not only_check:
        try:
            with db.begin_nested():
                version = service.publish(db, user, form.source, slug=slug, base=form.base)
        except Conflict as conflict:
            error = languages.sentence(request, conflict)
            form.base = queries.current(db, guide.id).number if guide else 0
        else:
            return redirect(request, f"/guides/{version.content['guide']}", notice="The guide is published.")
    form = form.model_copy(update={"source": normalise(form.source)})
    status = 200 if only_check else 409 if error else 422
    context: dict[str, Any] = {"guide": guide} if guide else {}
    return page(request, template, status=status, form=form, problems=problems, error=error, **context)


def _problems(source: str, slug: str) -> tuple[Any, ...]:
    try:
        checking.read(source, slug=slug)
    except lint.GuideError as error:
        return error.problems
    return ()


def _show(request: Request, db: DB, user: CurrentUser, guide: Guide, version: GuideVersion) -> HTMLResponse:
    versions, content = queries.versions(db, guide), queries.content(version)
    return page(
        request,
        "guides/show.html",
        guide=guide,
        version=version,
        content=content,
        lines=queries.lint_lines(content),
        rule_address=house_rules.address,
        versions=versions,
        authors=queries.authors(db, versions),
        projects=queries.projects(db, user, guide),
    )
