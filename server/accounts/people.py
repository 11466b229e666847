"""The administrator's page of people."""

import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from server.accounts import forms, queries, service
from server.config import settings
from server.errors import Conflict
from server.models import User
from server.policy import Action, authorize
from server.web import forms as web_forms
from server.web import languages
from server.web.deps import DB, CurrentUser, FormBody
from server.web.templating import page, redirect

router = APIRouter(prefix="/people")


@router.get("")
def index(request: Request, db: DB, user: CurrentUser) -> HTMLResponse:
    """Everybody, and a form to add someone."""
    authorize(user, Action.MANAGE_PEOPLE)
    return _index(request, db)


@router.get("/{id}")
def show(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> HTMLResponse:
    """One person: their roles, and what an administrator may do for them."""
    authorize(user, Action.MANAGE_PEOPLE)
    return _show(request, db, queries.person(db, id))


@router.post("")
def create(request: Request, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Add a person and show their one-time link, this once."""
    authorize(user, Action.MANAGE_PEOPLE)
    form, errors = web_forms.parse(forms.PersonForm, sent)
    if form is not None:
        try:
            person = service.create_user(db, user, form)
            return _show(request, db, person, link=_link(db, user, person))
        except Conflict as error:
            errors = {"email": languages.sentence(request, error)}
    return _index(request, db, status=422, data=sent, errors=errors)


@router.post("/{id}/link")
def create_link(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Show a new one-time link for someone who cannot get in."""
    person = queries.person(db, id)
    return _show(request, db, person, link=_link(db, user, person))


@router.post("/{id}")
def update(request: Request, id: uuid.UUID, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Change someone's name, and whether they administer."""
    authorize(user, Action.MANAGE_PEOPLE)
    person = queries.person(db, id)
    form, errors = web_forms.parse(forms.PersonUpdate, sent)
    if form is None:
        return _show(request, db, person, status=422, errors=errors)
    try:
        service.update_user(db, user, person, form)
    except Conflict as error:
        return _show(request, db, person, status=409, errors={"is_admin": languages.sentence(request, error)})
    return redirect(request, f"/people/{id}", notice="Saved.")


@router.post("/{id}/deactivation")
def deactivate(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Shut someone out."""
    service.deactivate(db, user, queries.person(db, id))
    return redirect(request, f"/people/{id}", notice="They are signed out everywhere and cannot come back in.")


@router.post("/{id}/reactivation")
def reactivate(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Let someone in again."""
    service.reactivate(db, user, queries.person(db, id))
    return redirect(request, f"/people/{id}", notice="They can sign in again.")


def _link(db: Session, user: User, person: User) -> str:
    return settings().base_url + service.issue_link(db, user, person)


def _index(
    request: Request,
    db: Session,
    *,
    status: int = 200,
    data: Mapping[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> HTMLResponse:
    people, roles = queries.people(db), queries.roles(db)
    return page(
        request, "people/index.html", status=status, people=people, roles=roles, data=data or {}, errors=errors or {}
    )


def _show(
    request: Request,
    db: Session,
    person: User,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    link: str = "",
) -> HTMLResponse:
    """Show one person; `link` is the one just made, shown this once."""
    return page(
        request,
        "people/show.html",
        status=status,
        person=person,
        roles=queries.roles(db, person).get(person.id, []),
        last_seen=queries.last_sign_in(db, person),
        errors=errors or {},
        link=link,
    )
