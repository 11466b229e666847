"""Signing in and out, one's account, and the people page."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from server.accounts import forms, queries, service
from server.config import settings
from server.errors import Conflict, Invalid, NotFound, TooMany
from server.models import User
from server.web import forms as web_forms
from server.web import i18n, security
from server.web.deps import DB, CurrentUser, FormBody, MaybeUser
from server.web.templating import fragment, page, redirect

router = APIRouter()


@router.get("/sign-in")
def new_sign_in(request: Request, db: DB, user: MaybeUser, next: str = "/") -> Response:
    """The way in; someone already in goes on."""
    if user is not None:
        return redirect(request, security.local_path(next))
    return page(request, "accounts/sign_in.html", **_sign_in(db, next))


@router.post("/sign-in")
def create_sign_in(request: Request, db: DB, sent: FormBody) -> Response:
    """Sign in with e-mail and password."""
    form, _errors = web_forms.parse(forms.SignInForm, sent)
    if form is None:
        return page(request, "accounts/sign_in.html", status=422, **_sign_in(db, "/", _REFUSED))
    address = request.client.host if request.client else ""
    try:
        user = service.check_password(db, form.email, form.password, address)
    except TooMany as error:
        shown = _sign_in(db, form.next, i18n.sentence(request, error), form.email)
        return page(request, "accounts/sign_in.html", status=429, **shown)
    if user is None:
        return page(request, "accounts/sign_in.html", status=401, **_sign_in(db, form.next, _REFUSED, form.email))
    return _enter(request, db, user, form.next)


@router.post("/sign-in/demonstration")
def create_demonstration_sign_in(request: Request, db: DB, sent: FormBody) -> Response:
    """Walk in as one of the demonstration's cast, while the store holds nobody else."""
    if not queries.is_demonstration(db):
        raise NotFound("This store is not a demonstration any more. Sign in with your own account.")
    person = queries.by_email(db, str(sent.get("email", "")))
    if person is None or not person.is_demonstration:
        raise NotFound("Nobody of that name belongs to the demonstration.")
    return _enter(request, db, person, "/")


@router.post("/sign-out")
def destroy_sign_in(request: Request, db: DB, user: CurrentUser) -> Response:
    """Leave."""
    service.sign_out(db, request.cookies.get(security.SESSION_COOKIE, ""))
    response = redirect(request, "/sign-in", notice="You are signed out.")
    response.delete_cookie(security.SESSION_COOKIE)
    return response


@router.get("/welcome/{token}")
def new_welcome(request: Request, token: str, db: DB) -> HTMLResponse:
    """What a one-time link opens."""
    link = queries.open_link(db, service.digest(token), lock=False)
    person = queries.person(db, link.user_id) if link.user_id else None
    return page(request, "accounts/welcome.html", token=token, person=person, data={}, errors={})


@router.post("/welcome/{token}")
def create_welcome(request: Request, token: str, db: DB, sent: FormBody) -> Response:
    """Choose name and password, and be signed in."""
    link = queries.open_link(db, service.digest(token))
    person = queries.person(db, link.user_id) if link.user_id else None
    form, errors = web_forms.parse(forms.WelcomeForm, sent)
    if form is not None:
        try:
            return _enter(request, db, service.redeem_link(db, token, form), "/")
        except (Invalid, Conflict) as error:
            errors = {getattr(error, "field", "") or "email": i18n.sentence(request, error)}
    data = {"email": sent.get("email", ""), "name": sent.get("name", "")}
    return page(request, "accounts/welcome.html", status=422, token=token, person=person, data=data, errors=errors)


@router.get("/account")
def show_account(request: Request, db: DB, user: CurrentUser) -> HTMLResponse:
    """One's own name, language, password, sign-ins and tokens."""
    return page(request, "accounts/show.html", **_account(request, db, user))


@router.post("/account")
def update_account(request: Request, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Change one's name, language and theme."""
    form, errors = web_forms.parse(forms.PreferencesForm, sent)
    if form is None:
        return fragment(request, "accounts/_preferences.html", status=422, user=user, errors=errors)
    service.set_preferences(db, user, user, form)
    return redirect(request, "/account", notice="Saved.")


@router.post("/account/password")
def update_password(request: Request, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Change one's password; every other sign-in ends, this one is renewed."""
    form, errors = web_forms.parse(forms.PasswordForm, sent)
    if form is not None:
        try:
            service.set_password(db, user, user, form)
            return _enter(request, db, user, "/account", notice="Your password is changed; other sign-ins have ended.")
        except Invalid as error:
            errors = {error.field: i18n.sentence(request, error)}
    return fragment(request, "accounts/_password.html", status=422, user=user, errors=errors)


@router.post("/account/sign-ins/{id}/revocation")
def revoke_sign_in(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """End one of one's sign-ins."""
    service.revoke_sign_in(db, user, user, _own(queries.sign_ins(db, user), id))
    return redirect(request, "/account", notice="That sign-in has ended.")


@router.post("/account/tokens")
def create_token(request: Request, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Make an API token; it is shown on this answer only."""
    form, errors = web_forms.parse(forms.TokenForm, sent)
    token = service.create_token(db, user, user, form.name) if form else ""
    return fragment(
        request,
        "accounts/_tokens.html",
        status=200 if form else 422,
        tokens=queries.tokens(db, user),
        token=token,
        errors=errors,
    )


@router.post("/account/tokens/{id}/revocation")
def revoke_token(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """End an API token."""
    service.revoke_token(db, user, user, _own(queries.tokens(db, user), id))
    return redirect(request, "/account", notice="That token works no more.")


@router.post("/language")
def update_language(request: Request, sent: FormBody) -> Response:
    """Let a visitor choose a language before signing in."""
    response = redirect(request, "/sign-in")
    chosen = str(sent.get("language", "en"))
    if chosen in i18n.LANGUAGES:
        response.set_cookie("goldsmith_language", chosen, max_age=31_536_000, samesite="lax", httponly=True)
    return response


_REFUSED = "That e-mail address and password do not go together."


def _sign_in(db: DB, next: str, error: str = "", email: str = "") -> dict[str, Any]:
    is_demonstration = queries.is_demonstration(db)
    return {
        "next": security.local_path(next),
        "error": error,
        "email": email,
        "cast": queries.people(db) if is_demonstration else [],
        "is_empty": not is_demonstration and not queries.has_administrator(db),
    }


def _account(request: Request, db: DB, user: User) -> dict[str, Any]:
    cookie = service.digest(request.cookies.get(security.SESSION_COOKIE, ""))
    return {
        "user": user,
        "sign_ins": queries.sign_ins(db, user),
        "this_sign_in": cookie,
        "tokens": queries.tokens(db, user),
        "token": "",
        "errors": {},
    }


def _enter(request: Request, db: DB, user: User, next: str, notice: str = "") -> Response:
    token = service.open_sign_in(db, user, agent=request.headers.get("user-agent", ""))
    response = redirect(request, next, notice=notice)
    response.set_cookie(
        security.SESSION_COOKIE,
        token,
        max_age=settings().session_days * 86_400,
        httponly=True,
        samesite="lax",
        secure=settings().secure_cookies,
    )
    return response


def _own(rows: Any, id: uuid.UUID) -> Any:
    for row in rows:
        if row.id == id:
            return row
    raise NotFound("That is not among yours, or it has ended already.")


