"""The administrator's page of people."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from server.accounts import forms, queries, service
from server.config import settings
from server.errors import Conflict
from server.models import User
from server.policy import Action, authorize
from server.web import forms as web_forms
from server.web import i18n
from server.web.deps import DB, CurrentUser, FormBody
from server.web.templating import fragment, page, redirect

router = APIRouter(prefix="/people")


@router.get("")
def index(request: Request, db: DB, user: CurrentUser) -> HTMLResponse:
    """Everybody, and a form to add someone."""
    authorize(user, Action.MANAGE_PEOPLE)
    return page(request, "people/index.html", people=queries.people(db), data={}, errors={}, link="")


@router.post("")
def create(request: Request, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Add a person and show their one-time link, this once."""
    authorize(user, Action.MANAGE_PEOPLE)
    form, errors = web_forms.parse(forms.PersonForm, sent)
    if form is not None:
        try:
            person = service.create_user(db, user, form)
            return _with_link(request, db, user, person)
        except Conflict as error:
            errors = {"email": i18n.sentence(request, error)}
    return fragment(
        request, "people/_people.html", status=422, people=queries.people(db), data=dict(sent), errors=errors, link=""
    )


@router.post("/{id}/link")
def create_link(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Show a new one-time link for someone who cannot get in."""
    return _with_link(request, db, user, queries.person(db, id))


@router.post("/{id}")
def update(request: Request, id: uuid.UUID, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Change whether someone administers."""
    person = queries.person(db, id)
    form = forms.PersonUpdate(name=person.name, is_admin=sent.get("is_admin") == "true")
    service.update_user(db, user, person, form)
    return redirect(request, "/people", notice="Saved.")


@router.post("/{id}/deactivation")
def deactivate(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Shut someone out."""
    service.deactivate(db, user, queries.person(db, id))
    return redirect(request, "/people", notice="They are signed out everywhere and cannot come back in.")


@router.post("/{id}/reactivation")
def reactivate(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """Let someone in again."""
    service.reactivate(db, user, queries.person(db, id))
    return redirect(request, "/people", notice="They can sign in again.")


def _with_link(request: Request, db: DB, user: User, person: User) -> HTMLResponse:
    link = settings().base_url + service.issue_link(db, user, person)
    db.flush()
    return fragment(
        request, "people/_people.html", people=queries.people(db), data={}, errors={}, link=link, invited=person
    )
