"""The pages of projects: the list, settings, members."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from server.errors import AppError, Conflict, Invalid
from server.models import Project, User
from server.policy import Action, authorize
from server.projects import forms, queries, service
from server.web import forms as web_forms
from server.web import languages
from server.web.deps import DB, CurrentUser, FormBody
from server.web.templating import page, redirect

router = APIRouter(prefix="/projects")

START = {"name": "", "slug": "", "description": "", "guide": "", "show_reference": True, "blind_drafts": False}


@router.get("")
def index(request: Request, db: DB, user: CurrentUser) -> HTMLResponse:
    """The projects one may see."""
    return page(request, "projects/index.html", entries=queries.index(db, user))


@router.get("/new")
def new(request: Request, db: DB, user: CurrentUser) -> HTMLResponse:
    """A form for a new project."""
    authorize(user, Action.CREATE_PROJECT)
    return page(request, "projects/new.html", data=START, errors={}, guides=_guides(db))


@router.post("")
def create(request: Request, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Add a project."""
    authorize(user, Action.CREATE_PROJECT)
    form, errors = web_forms.parse(forms.ProjectForm, _boxes(sent))
    if form is not None:
        try:
            project = service.create(db, user, form)
            return redirect(
                request, f"/projects/{project.slug}/members", notice="The project is there. Who works in it?"
            )
        except (Conflict, Invalid) as error:
            errors = _at(request, error, "slug")
    return page(request, "projects/new.html", status=422, data=_boxes(sent), errors=errors, guides=_guides(db))


@router.get("/{slug}/edit")
def edit(request: Request, slug: str, db: DB, user: CurrentUser) -> HTMLResponse:
    """A form for a project's settings."""
    project = queries.get(db, user, slug)
    authorize(user, Action.MANAGE_PROJECT, project)
    data = {name: getattr(project, name) for name in START if name != "guide"}
    return _edit(request, db, project, data | {"guide": queries.guide(db, project).slug})


@router.post("/{slug}")
def update(request: Request, slug: str, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Change a project's settings."""
    project = queries.get(db, user, slug)
    authorize(user, Action.MANAGE_PROJECT, project)
    form, errors = web_forms.parse(forms.ProjectUpdate, _boxes(sent))
    if form is not None:
        try:
            service.update(db, user, project, form)
            return redirect(request, f"/projects/{slug}", notice="Saved.")
        except Invalid as error:
            errors = _at(request, error, "guide")
    return _edit(request, db, project, _boxes(sent) | {"slug": slug}, errors)


@router.get("/{slug}/members")
def members(request: Request, slug: str, db: DB, user: CurrentUser) -> HTMLResponse:
    """Who works in a project, and as what."""
    return _members(request, db, user, queries.get(db, user, slug))


@router.post("/{slug}/members")
def create_member(request: Request, slug: str, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Add a person, or another role for one who is there."""
    project = queries.get(db, user, slug)
    authorize(user, Action.MANAGE_MEMBERS, project)
    form, errors = web_forms.parse(forms.MemberForm, sent)
    if form is not None:
        try:
            if not form.roles:
                raise Invalid("Choose at least one role.", field="roles")
            person = service.person(db, form.email)
            for role in form.roles:
                service.add_member(db, user, project, person, role)
            return redirect(request, f"/projects/{slug}/members", notice="Added.")
        except (Conflict, Invalid) as error:
            errors = _at(request, error, "email")
    data = {"email": sent.get("email", ""), "roles": sent.getlist("roles")}
    return _members(request, db, user, project, status=422, data=data, errors=errors)


@router.post("/{slug}/members/{id}")
def update_member(request: Request, slug: str, id: uuid.UUID, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Change a member's roles."""
    project = queries.get(db, user, slug)
    authorize(user, Action.MANAGE_MEMBERS, project)
    person = queries.member(db, project, id)
    form, errors = web_forms.parse(forms.RolesForm, sent)
    if form is not None:
        try:
            service.set_roles(db, user, project, person, set(form.roles))
            return redirect(request, f"/projects/{slug}/members", notice="Saved.")
        except (Conflict, Invalid) as error:
            errors = _at(request, error, "roles")
    return _members(request, db, user, project, status=422, editing=id, errors={"member": errors.get("roles", "")})


@router.post("/{slug}/members/{id}/removal")
def destroy_member(request: Request, slug: str, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Take a person out of a project."""
    project = queries.get(db, user, slug)
    person = queries.member(db, project, id)
    try:
        service.remove_member(db, user, project, person)
    except Conflict as error:
        said = {"member": languages.sentence(request, error)}
        return _members(request, db, user, project, status=409, editing=id, errors=said)
    is_still_in = user.is_admin or person.id != user.id
    return redirect(request, f"/projects/{slug}/members" if is_still_in else "/projects", notice="Removed.")


def _members(
    request: Request,
    db: Session,
    user: User,
    project: Project,
    *,
    status: int = 200,
    data: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
    editing: uuid.UUID | None = None,
) -> HTMLResponse:
    """Show the members; `editing` is whose roles were refused, `errors["member"]` why."""
    return page(
        request,
        "projects/members.html",
        status=status,
        project=project,
        members=queries.members(db, project),
        data=data or {"email": "", "roles": []},
        errors=errors or {},
        editing=editing,
    )


def _edit(
    request: Request, db: Session, project: Project, data: dict[str, Any], errors: dict[str, str] | None = None
) -> HTMLResponse:
    return page(
        request,
        "projects/edit.html",
        status=422 if errors else 200,
        project=project,
        data=data,
        errors=errors or {},
        guides=_guides(db),
    )


def _boxes(sent: Any) -> dict[str, Any]:
    """Return a form's fields; a box that is not ticked is not sent, and means no."""
    boxes = {name: sent.get(name) == "true" for name in ("show_reference", "blind_drafts")}
    return {name: value for name, value in sent.items() if name != "csrf_token"} | boxes


def _at(request: Request, error: AppError, field: str) -> dict[str, str]:
    """Return what an error says, at the field it belongs to."""
    return {getattr(error, "field", "") or field: languages.sentence(request, error)}


def _guides(db: Session) -> list[tuple[str, str]]:
    return [(guide.slug, guide.title) for guide in queries.guides(db)]
