"""Verbs on people: add, change, shut out, invite, sign in and out, tokens, preferences."""

import hashlib
import secrets
from datetime import timedelta

from sqlmodel import Session, col, select

from server import events
from server.accounts import passwords, queries, tries
from server.accounts.forms import PasswordForm, PersonForm, PersonUpdate, PreferencesForm, ThemeForm, WelcomeForm
from server.config import settings
from server.db import unit_of_work
from server.errors import Conflict, Invalid, NotFound
from server.events import EventName
from server.models import ApiToken, OneTimeLink, SignIn, User, now
from server.policy import SYSTEM, Action, authorize
from server.text import normalise

# verbs whose credential is what they are given, and not a rule of the policy
WITHOUT_USER = {
    "open_sign_in": "the password was checked just before",
    "first_administrator_link": "whoever starts the server owns it",
    "resume": "the cookie's token is the credential",
    "user_of_token": "the token is the credential",
}

LINK_DAYS = 7
USED_EVERY = timedelta(hours=1)


def digest(token: str) -> str:
    """Return what is stored of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_user(db: Session, user: User, form: PersonForm) -> User:
    """Add a person without a password; a one-time link lets them choose one. Raises Conflict for a known address."""
    authorize(user, Action.MANAGE_PEOPLE)
    if queries.by_email(db, form.email):
        raise Conflict("{email} already has an account.", email=form.email)
    person = User(email=form.email, name=normalise(form.name), is_admin=form.is_admin)
    db.add(person)
    events.record(db, user, EventName.USER_CREATED, on=person, email=person.email, is_admin=person.is_admin)
    return person


def update_user(db: Session, user: User, person: User, form: PersonUpdate) -> User:
    """Change a person's name or administrator's role."""
    authorize(user, Action.MANAGE_PEOPLE)
    if person.id == user.id and not form.is_admin:
        raise Conflict("You cannot take the administrator's role from yourself.")
    person.name, person.is_admin = normalise(form.name), form.is_admin
    db.add(person)
    events.record(db, user, EventName.USER_UPDATED, on=person, name=person.name, is_admin=person.is_admin)
    return person


def deactivate(db: Session, user: User, person: User) -> None:
    """Shut a person out at once: sign-ins and tokens end, what they wrote stays."""
    authorize(user, Action.MANAGE_PEOPLE)
    if person.id == user.id:
        raise Conflict("You cannot deactivate your own account.")
    person.is_active = False
    db.add(person)
    for row in [*queries.sign_ins(db, person), *queries.tokens(db, person)]:
        row.revoked_at = now()
        db.add(row)
    events.record(db, user, EventName.USER_DEACTIVATED, on=person)


def reactivate(db: Session, user: User, person: User) -> None:
    """Let a person in again."""
    authorize(user, Action.MANAGE_PEOPLE)
    person.is_active = True
    db.add(person)
    events.record(db, user, EventName.USER_UPDATED, on=person, is_active=True)


def issue_link(db: Session, user: User, person: User) -> str:
    """Return the path of a link that lets a person choose a password, once, within a week."""
    authorize(user, Action.MANAGE_PEOPLE)
    token = _new_link(db, person)
    events.record(db, user, EventName.LINK_ISSUED, on=person)
    return f"/welcome/{token}"


def first_administrator_link(db: Session) -> str:
    """Return the address of a link that makes the first administrator; empty once there is one."""
    if queries.has_administrator(db):
        return ""
    return f"{settings().base_url}/welcome/{_new_link(db, None)}"


def redeem_link(token: str, form: WelcomeForm) -> User:
    """Use a one-time link: set name and password, or become the first administrator. Raises NotFound once spent."""
    hashed = passwords.hashed(form.password)  # before the transaction: it is slow on purpose
    with unit_of_work() as db:
        link = queries.open_link(db, digest(token))
        person = queries.person(db, link.user_id) if link.user_id else _first_administrator(db, form)
        if not person.is_active:
            raise NotFound("This account is closed. Ask an administrator to open it again.")
        link.used_at = now()
        person.name = form.name
        db.add(link)
        _keep_password(db, person, person, hashed)
    return person


def change_password(user: User, form: PasswordForm, *, here: str = "", address: str = "") -> None:
    """Change one's own password; every sign-in but the one of the token `here` ends.

    Raises Invalid when the current password is wrong, TooMany after too many wrong ones.
    """
    authorize(user, Action.MANAGE_OWN_ACCOUNT, user)
    if user.password_hash and not tries.passes(user.email, form.current, address):
        raise Invalid("That is not your current password.", field="current")
    hashed = passwords.hashed(form.password)
    with unit_of_work() as db:
        _keep_password(db, user, queries.person(db, user.id), hashed, here=here)


def give_password(db: Session, user: User, person: User, password: str) -> None:
    """Set a person's password from the command line."""
    authorize(user, Action.MANAGE_PEOPLE)
    _keep_password(db, user, person, passwords.hashed(password))


def set_preferences(db: Session, user: User, person: User, form: PreferencesForm) -> None:
    """Change one's own name, language and theme."""
    authorize(user, Action.MANAGE_OWN_ACCOUNT, person)
    person.name, person.language, person.theme = normalise(form.name), form.language, form.theme
    db.add(person)
    events.record(db, user, EventName.USER_UPDATED, on=person, language=form.language.value, theme=form.theme)


def set_theme(db: Session, user: User, person: User, form: ThemeForm) -> None:
    """Change one's own theme."""
    authorize(user, Action.MANAGE_OWN_ACCOUNT, person)
    if person.theme != form.theme:
        person.theme = form.theme
        db.add(person)
        events.record(db, user, EventName.USER_UPDATED, on=person, theme=form.theme)


def create_token(db: Session, user: User, person: User, name: str) -> str:
    """Return a new API token, shown this once; only its hash is kept."""
    authorize(user, Action.MANAGE_OWN_ACCOUNT, person)
    token = "gs_" + secrets.token_urlsafe(32)
    row = ApiToken(user_id=person.id, name=normalise(name), token_hash=digest(token), prefix=token[:8])
    db.add(row)
    events.record(db, user, EventName.TOKEN_CREATED, on=row, of=str(person.id), name=row.name)
    return token


def revoke_token(db: Session, user: User, person: User, token: ApiToken) -> None:
    """End an API token."""
    authorize(user, Action.MANAGE_OWN_ACCOUNT, person)
    token.revoked_at = now()
    db.add(token)
    events.record(db, user, EventName.TOKEN_REVOKED, on=token, of=str(person.id))


def revoke_sign_in(db: Session, user: User, person: User, sign_in: SignIn) -> None:
    """End one of one's own sign-ins, on whatever device."""
    authorize(user, Action.MANAGE_OWN_ACCOUNT, person)
    sign_in.revoked_at = now()
    db.add(sign_in)
    events.record(db, user, EventName.SIGN_IN_REVOKED, on=sign_in, of=str(person.id))


def sign_in(email: str, password: str, *, address: str, agent: str) -> str | None:
    """Return the token of a new sign-in, or None when address and password do not belong together.

    Keeps its own transactions: a failed try stays counted. Raises TooMany after too many.
    """
    person = tries.passes(email, password, address)
    if person is None:
        return None
    with unit_of_work() as db:
        return open_sign_in(db, person, agent=agent, address=address)


def enter_demonstration(db: Session, email: str, *, agent: str) -> str:
    """Return the token of a sign-in as one of the demonstration's cast. Raises NotFound once it is over."""
    person = queries.by_email(db, email)
    if person is None or not person.is_demonstration or not queries.is_demonstration(db):
        raise NotFound("The demonstration is over here: someone has an account of their own.")
    return open_sign_in(db, person, agent=agent)


def open_sign_in(db: Session, user: User, *, agent: str, address: str = "") -> str:
    """Return the token of a new sign-in for the cookie."""
    token = secrets.token_urlsafe(32)
    row = SignIn(
        user_id=user.id,
        token_hash=digest(token),
        expires_at=now() + timedelta(days=settings().session_days),
        agent=agent[:200],
    )
    db.add(row)
    events.record(db, user, EventName.SIGN_IN_OPENED, on=row, address=address)
    return token


def sign_out(db: Session, token: str) -> None:
    """End the sign-in of a cookie, if there is one."""
    row = db.exec(select(SignIn).where(SignIn.token_hash == digest(token))).first()
    if row and row.revoked_at is None:
        row.revoked_at = now()
        db.add(row)
        events.record(db, db.get(User, row.user_id), EventName.SIGN_IN_REVOKED, on=row)


def resume(db: Session, token: str) -> User | None:
    """Return the person of a sign-in that is open, or None."""
    query = (
        select(User)
        .join(SignIn, col(SignIn.user_id) == col(User.id))
        .where(SignIn.token_hash == digest(token), col(SignIn.revoked_at).is_(None), SignIn.expires_at > now())
    )
    return queries.let_in(db, db.exec(query).first())


def user_of_token(db: Session, token: str) -> User | None:
    """Return the person of an API token that works, or None; about once an hour, keep when it was used."""
    query = (
        select(User, ApiToken)
        .join(ApiToken, col(ApiToken.user_id) == col(User.id))
        .where(ApiToken.token_hash == digest(token), col(ApiToken.revoked_at).is_(None))
    )
    found = db.exec(query).first()
    user = queries.let_in(db, found[0]) if found else None
    if found and user and (found[1].last_used_at or found[1].created_at) < now() - USED_EVERY:
        _mark_used(db, found[1])
    return user


def _mark_used(db: Session, token: ApiToken) -> None:
    if not db.info.get("reads_only"):
        token.last_used_at = now()
        db.add(token)
        return
    with unit_of_work() as writing:
        writing.get_one(ApiToken, token.id).last_used_at = now()


def _first_administrator(db: Session, form: WelcomeForm) -> User:
    if queries.has_administrator(db):
        raise NotFound("There is an administrator already. Ask them for a link.")
    if form.email is None:
        raise Invalid("Write your e-mail address.", field="email")
    return create_user(db, SYSTEM, PersonForm(email=form.email, name=form.name, is_admin=True))


def _new_link(db: Session, person: User | None) -> str:
    user_id = person.id if person else None
    older = select(OneTimeLink).where(OneTimeLink.user_id == user_id, col(OneTimeLink.used_at).is_(None))
    for link in db.exec(older).all():  # only the newest link works
        link.used_at = now()
        db.add(link)
    token = secrets.token_urlsafe(24)
    db.add(OneTimeLink(token_hash=digest(token), user_id=user_id, expires_at=now() + timedelta(days=LINK_DAYS)))
    return token


def _keep_password(db: Session, user: User, person: User, hashed: str, *, here: str = "") -> None:
    person.password_hash = hashed
    db.add(person)
    for sign_in in queries.sign_ins(db, person):
        if sign_in.token_hash != digest(here):
            sign_in.revoked_at = now()
            db.add(sign_in)
    events.record(db, user, EventName.PASSWORD_SET, on=person)
