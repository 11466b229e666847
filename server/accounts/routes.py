"""Signing in and out, one's account, and the people page."""

import uuid
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from server import i18n
from server.accounts import browsers, forms, queries, service
from server.config import settings
from server.db import reading, unit_of_work
from server.errors import Conflict, Invalid, NotFound, TooMany
from server.models import ApiToken, SignIn, User
from server.web import forms as web_forms
from server.web import languages, security
from server.web.deps import DB, CurrentUser, FormBody, MaybeUser, UserApart
from server.web.templating import page, redirect

router = APIRouter()

Mine = TypeVar("Mine", SignIn, ApiToken)


@router.get("/sign-in")
def new_sign_in(request: Request, db: DB, user: MaybeUser, next: str = "/") -> Response:
    """The way in; someone already in goes on."""
    if user is not None:
        return redirect(request, security.local_path(next))
    return page(request, "accounts/sign_in.html", **_door(db, next))


@router.post("/sign-in")
def create_sign_in(request: Request, sent: FormBody) -> Response:
    """Sign in with e-mail and password; no session of the request's own, for the comparison is slow."""
    form, _errors = web_forms.parse(forms.SignInForm, sent)
    if form is None:
        return _refuse(request, 422)
    try:
        token = service.sign_in(form.email, form.password, address=_address(request), agent=_agent(request))
    except TooMany as error:
        response = _refuse(request, 429, form, languages.sentence(request, error))
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    return _enter(request, token, form.next) if token else _refuse(request, 401, form)


@router.post("/sign-in/demonstration")
def create_demonstration_sign_in(request: Request, db: DB, sent: FormBody) -> Response:
    """Walk in as one of the demonstration's cast, while the store holds nobody else."""
    token = service.enter_demonstration(db, str(sent.get("email", "")), agent=_agent(request))
    return _enter(request, token, str(sent.get("next", "/")))


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
    person = queries.invited(db, service.digest(token))
    data = {"email": "", "name": person.name if person else ""}
    return page(request, "accounts/welcome.html", token=token, person=person, data=data, errors={})


@router.post("/welcome/{token}")
def create_welcome(request: Request, token: str, sent: FormBody) -> Response:
    """Choose name and password, and be signed in."""
    form, errors = web_forms.parse(forms.WelcomeForm, {k: v for k, v in sent.items() if k != "csrf_token" and v})
    if form is not None:
        try:
            person = service.redeem_link(token, form)
            with unit_of_work() as db:
                opened = service.open_sign_in(db, person, agent=_agent(request), address=_address(request))
            return _enter(request, opened, "/")
        except (Invalid, Conflict) as error:
            errors = {getattr(error, "field", "") or "email": languages.sentence(request, error)}
    with reading() as db:
        person_of_link = queries.invited(db, service.digest(token))
    data = {"email": sent.get("email", ""), "name": sent.get("name", "")}
    return page(
        request, "accounts/welcome.html", status=422, token=token, person=person_of_link, data=data, errors=errors
    )


@router.get("/account")
def show_account(request: Request, user: CurrentUser) -> HTMLResponse:
    """One's own name, language, password, sign-ins and tokens."""
    return _show_account(request, user)


@router.post("/account")
def update_account(request: Request, db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Change one's name, language and theme."""
    form, errors = web_forms.parse(forms.PreferencesForm, sent)
    if form is None:
        return _show_account(request, user, status=422, errors=errors, name=str(sent.get("name", "")))
    service.set_preferences(db, user, user, form)
    return redirect(request, "/account", notice="Saved.")


@router.post("/account/theme")
def update_theme(db: DB, user: CurrentUser, sent: FormBody) -> Response:
    """Keep the theme chosen in the menu, so that it follows the person to other machines."""
    form, _errors = web_forms.parse(forms.ThemeForm, sent)
    if form is None:
        raise Invalid("Choose auto, light or dark.")
    service.set_theme(db, user, user, form)
    return Response(status_code=204)


@router.post("/account/password")
def update_password(request: Request, user: UserApart, sent: FormBody) -> Response:
    """Change one's password; every other sign-in ends."""
    form, errors = web_forms.parse(forms.PasswordForm, sent)
    here = request.cookies.get(security.SESSION_COOKIE, "")
    if form is not None:
        try:
            service.change_password(user, form, here=here, address=_address(request))
            return redirect(request, "/account", notice="Your password is changed. Your other sign-ins have ended.")
        except (Invalid, TooMany) as error:
            errors = {"current": languages.sentence(request, error)}
    return _show_account(request, user, status=422, errors=errors)


@router.post("/account/sign-ins/{id}/revocation")
def revoke_sign_in(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """End one of one's sign-ins."""
    service.revoke_sign_in(db, user, user, _own(queries.sign_ins(db, user), id))
    return redirect(request, "/account", notice="That sign-in has ended.")


@router.post("/account/tokens")
def create_token(request: Request, user: UserApart, sent: FormBody) -> Response:
    """Make an API token; it is shown on this answer only."""
    form, errors = web_forms.parse(forms.TokenForm, sent)
    if form is None:
        return _show_account(request, user, status=422, errors={"token": errors["name"]})
    with unit_of_work() as db:
        token = service.create_token(db, user, user, form.name)
    return _show_account(request, user, token=token)


@router.post("/account/tokens/{id}/revocation")
def revoke_token(request: Request, id: uuid.UUID, db: DB, user: CurrentUser) -> Response:
    """End an API token."""
    service.revoke_token(db, user, user, _own(queries.tokens(db, user), id))
    return redirect(request, "/account", notice="That token works no more.")


@router.post("/language")
def update_language(request: Request, sent: FormBody) -> Response:
    """Let a visitor choose a language before signing in."""
    response = redirect(request, str(sent.get("next", "/sign-in")))
    chosen = str(sent.get("language", "en"))
    if chosen in i18n.LANGUAGES:
        response.set_cookie("goldsmith_language", chosen, max_age=31_536_000, samesite="lax", httponly=True)
    return response


def _door(db: Session, next: str, error: str = "", email: str = "") -> dict[str, Any]:
    """Return what the sign-in page shows. `is_new` says that nobody can sign in yet."""
    cast = queries.cast(db)
    is_new = not cast and not queries.has_administrator(db)
    return {"next": security.local_path(next), "error": error, "email": email, "cast": cast, "is_new": is_new}


def _refuse(request: Request, status: int, form: forms.SignInForm | None = None, error: str = "") -> HTMLResponse:
    with i18n.speaking(languages.of(request)):
        error = error or i18n.gettext("This e-mail address and password do not go together.")
    with reading() as db:
        shown = _door(db, form.next if form else "/", error, form.email if form else "")
    return page(request, "accounts/sign_in.html", status=status, **shown)


def _show_account(
    request: Request,
    user: User,
    *,
    status: int = 200,
    errors: dict[str, str] | None = None,
    name: str | None = None,
    token: str = "",
) -> HTMLResponse:
    """Show the account; `name` is what was typed, `token` the one just made. Reads for itself: some callers wrote."""
    with reading() as db:
        sign_ins, tokens = queries.sign_ins(db, user), queries.tokens(db, user)
    here = service.digest(request.cookies.get(security.SESSION_COOKIE, ""))
    name = user.name if name is None else name
    return page(
        request,
        "accounts/show.html",
        status=status,
        user=user,
        here=here,
        errors=errors or {},
        name=name,
        token=token,
        sign_ins=sign_ins,
        tokens=tokens,
        browser=browsers.name,
    )


def _enter(request: Request, token: str, next: str) -> Response:
    response = redirect(request, security.local_path(next))
    response.set_cookie(
        security.SESSION_COOKIE,
        token,
        max_age=settings().session_days * 86_400,
        httponly=True,
        samesite="lax",
        secure=settings().secure_cookies,
    )
    return response


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _agent(request: Request) -> str:
    return request.headers.get("user-agent", "")


def _own(rows: list[Mine], id: uuid.UUID) -> Mine:
    for row in rows:
        if row.id == id:
            return row
    raise NotFound("That is not among yours, or it has ended already.")
