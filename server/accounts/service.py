"""Verbs on people: add, change, shut out, invite, sign in and out, tokens, preferences."""

import hashlib
import secrets
from datetime import timedelta

from pwdlib import PasswordHash
from sqlmodel import Session, col, select

from server import events
from server.accounts import queries
from server.accounts.forms import PasswordForm, PersonForm, PersonUpdate, PreferencesForm, WelcomeForm
from server.config import settings
from server.errors import Conflict, Invalid, TooMany
from server.events import EventName
from server.models import ApiToken, FailedSignIn, OneTimeLink, SignIn, User, now
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
_hasher = PasswordHash.recommended()
# checked when nobody has the address, so that both cases take the same time
_NOBODY = _hasher.hash("nobody has this password")


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
    for old in db.exec(select(OneTimeLink).where(col(OneTimeLink.user_id).is_(None))).all():
        db.delete(old)
    return f"{settings().base_url}/welcome/{_new_link(db, None)}"


def redeem_link(db: Session, token: str, form: WelcomeForm) -> User:
    """Use a one-time link: set name and password, or become the first administrator. Raises NotFound once spent."""
    link = queries.open_link(db, digest(token))
    if link.user_id is None:
        if form.email is None:
            raise Invalid("Write your e-mail address.", field="email")
        person = create_user(db, SYSTEM, PersonForm(email=form.email, name=form.name, is_admin=True))
    else:
        person = queries.person(db, link.user_id)
    link.used_at = now()
    person.name = normalise(form.name)
    db.add(link)
    _set_password(db, person, form.password)
    return person


def set_password(db: Session, user: User, person: User, form: PasswordForm) -> None:
    """Change one's own password; other sign-ins end. Raises Invalid when the current one is wrong."""
    authorize(user, Action.MANAGE_OWN_ACCOUNT, person)
    if person.password_hash and not _hasher.verify(form.current, person.password_hash):
        raise Invalid("That is not your current password.", field="current")
    _set_password(db, person, form.password)


def give_password(db: Session, user: User, person: User, password: str) -> None:
    """Set a person's password from the command line."""
    authorize(user, Action.MANAGE_PEOPLE)
    _set_password(db, person, password)


def set_preferences(db: Session, user: User, person: User, form: PreferencesForm) -> None:
    """Change one's own name, language and theme."""
    authorize(user, Action.MANAGE_OWN_ACCOUNT, person)
    person.name, person.language, person.theme = normalise(form.name), form.language, form.theme
    db.add(person)
    events.record(db, user, EventName.USER_UPDATED, on=person, language=form.language.value, theme=form.theme)


def create_token(db: Session, user: User, person: User, name: str) -> str:
    """Return a new API token, shown this once; only its hash is kept."""
    if not user.is_system:
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


def check_password(db: Session, email: str, password: str, address: str) -> User | None:
    """Return the person whose password this is, or None and remember the failure. Raises TooMany after too many."""
    keys = (f"email:{email.strip().lower()}", f"address:{address}")
    limits = (settings().login_attempts, settings().login_attempts * 5)
    if any(queries.failures(db, key) >= limit for key, limit in zip(keys, limits, strict=True)):
        raise TooMany(
            "Too many failed tries. Wait {minutes} minutes, then try again.",
            retry_after=settings().login_pause_minutes * 60,
            minutes=settings().login_pause_minutes,
        )
    person = queries.by_email(db, email)
    is_right = _hasher.verify(password, (person.password_hash if person else "") or _NOBODY)
    if person and is_right and person.is_active and person.password_hash:
        return person
    for key in keys:
        db.add(FailedSignIn(key=key[:300]))
    if person:
        events.record(db, None, EventName.SIGN_IN_REFUSED, on=person)
    return None


def open_sign_in(db: Session, user: User, *, agent: str) -> str:
    """Return the token of a new sign-in for the cookie."""
    token = secrets.token_urlsafe(32)
    row = SignIn(
        user_id=user.id,
        token_hash=digest(token),
        expires_at=now() + timedelta(days=settings().session_days),
        agent=agent[:200],
    )
    db.add(row)
    events.record(db, user, EventName.SIGN_IN_OPENED, on=row)
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
    user = db.exec(query).first()
    return user if user and user.is_active else None


def user_of_token(db: Session, token: str) -> User | None:
    """Return the person of an API token that works, or None."""
    query = (
        select(User)
        .join(ApiToken, col(ApiToken.user_id) == col(User.id))
        .where(ApiToken.token_hash == digest(token), col(ApiToken.revoked_at).is_(None))
    )
    user = db.exec(query).first()
    return user if user and user.is_active else None


def _new_link(db: Session, person: User | None) -> str:
    token = secrets.token_urlsafe(24)
    db.add(
        OneTimeLink(
            token_hash=digest(token),
            user_id=person.id if person else None,
            expires_at=now() + timedelta(days=LINK_DAYS),
        )
    )
    return token


def _set_password(db: Session, person: User, password: str) -> None:
    person.password_hash = _hasher.hash(password)
    db.add(person)
    for sign_in in queries.sign_ins(db, person):
        sign_in.revoked_at = now()
        db.add(sign_in)
    events.record(db, person, EventName.PASSWORD_SET, on=person)
