"""Verbs on people and the ways in, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import text
from sqlmodel import Session, col, select

from server import db as database
from server.accounts import queries, service, tries
from server.accounts.forms import PasswordForm, PersonForm, PersonUpdate, PreferencesForm, ThemeForm, WelcomeForm
from server.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from server.events import EventName
from server.models import ApiToken, Event, FailedSignIn, Language, OneTimeLink, SignIn, User, now
from server.policy import SYSTEM
from tests.factories import Cast, person

SECRET = "four plain words here"


@pytest.fixture
def wren(store: database.Database, cast: Cast) -> User:
    """Wren, with a password."""
    with store.unit_of_work() as db:
        service.give_password(db, SYSTEM, db.get_one(User, cast.wren.id), SECRET)
    return cast.wren


def sign_in(email: str = "wren@example.org", password: str = SECRET, address: str = "10.0.0.1") -> str | None:
    return service.sign_in(email, password, address=address, agent="test")


def names(db: Session) -> list[str]:
    return list(db.exec(select(Event.name).order_by(col(Event.sequence))).all())


# --- signing in


def test_the_right_password_opens_a_sign_in(store: database.Database, wren: User) -> None:
    token = sign_in(" Wren@Example.org ")
    assert token
    with store.reading() as db:
        found = service.resume(db, token)
        assert found
        assert found.id == wren.id
        assert EventName.SIGN_IN_OPENED in names(db)


def test_the_cookie_is_nowhere_in_the_store(store: database.Database, wren: User) -> None:
    token = sign_in()
    with store.reading() as db:
        row = db.exec(select(SignIn)).one()
        assert row.token_hash == service.digest(str(token))
        assert token not in str(row.model_dump())


def test_a_wrong_password_is_refused_and_recorded(store: database.Database, wren: User) -> None:
    assert sign_in(password="wrong") is None
    with store.reading() as db:
        assert names(db)[-1] == EventName.SIGN_IN_REFUSED
        assert len(db.exec(select(FailedSignIn)).all()) == 2


def test_nobody_signs_in_with_an_empty_password(store: database.Database, cast: Cast) -> None:
    assert sign_in("rosa@example.org", "") is None


def test_an_unknown_address_costs_as_much_and_tells_as_little(wren: User, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    match = tries.passwords.match
    monkeypatch.setattr(tries.passwords, "match", lambda *given: compared.append(given) or match(*given))
    assert sign_in("nobody@example.org") is None
    assert len(compared) == 1


def test_what_was_typed_as_an_address_is_not_kept(store: database.Database, cast: Cast) -> None:
    sign_in("my secret, in the wrong field", "x")
    with store.reading() as db:
        assert not any("secret" in row.key for row in db.exec(select(FailedSignIn)).all())


def test_too_many_failures_pause_the_account_from_any_address(
    store: database.Database, wren: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tries.passwords, "match", lambda *_: False)
    for number in range(8):
        assert sign_in(password="wrong", address=f"10.0.0.{number}") is None
    monkeypatch.undo()
    with pytest.raises(TooMany, match="Wait 10 minutes") as refused:
        sign_in(address="10.0.0.99")
    assert refused.value.retry_after == 600


def test_too_many_failures_pause_an_address(wren: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tries.passwords, "match", lambda *_: False)
    for number in range(8 * tries.PER_ADDRESS):
        sign_in(f"guess{number}@example.org", "x")
    with pytest.raises(TooMany):
        sign_in("another@example.org", "x")
    assert sign_in("another@example.org", "x", address="10.0.0.2") is None


def test_a_pause_ends(store: database.Database, wren: User) -> None:
    with store.unit_of_work() as db:
        for key in tries._keys("wren@example.org", "10.0.0.1"):
            db.add_all(FailedSignIn(key=key, created_at=now() - timedelta(minutes=11)) for _ in range(50))
    assert sign_in()
    with store.reading() as db:
        assert db.exec(select(FailedSignIn)).all() == []


def test_success_forgets_the_failures_of_the_account(store: database.Database, wren: User) -> None:
    sign_in(password="wrong", address="10.0.0.7")
    assert sign_in()
    with store.reading() as db:
        assert [row.key for row in db.exec(select(FailedSignIn)).all()] == ["address:10.0.0.7"]


def test_a_sign_in_expires(store: database.Database, wren: User) -> None:
    token = str(sign_in())
    with store.unit_of_work() as db:
        db.exec(select(SignIn)).one().expires_at = now() - timedelta(seconds=1)
    with store.reading() as db:
        assert service.resume(db, token) is None


def test_signing_out_ends_it(store: database.Database, wren: User) -> None:
    token = str(sign_in())
    with store.unit_of_work() as db:
        service.sign_out(db, token)
        service.sign_out(db, token)
    with store.reading() as db:
        assert service.resume(db, token) is None
        assert names(db).count(EventName.SIGN_IN_REVOKED) == 1


def test_a_revoked_sign_in_is_out_at_once(store: database.Database, wren: User) -> None:
    token = str(sign_in())
    with store.unit_of_work() as db:
        person = db.get_one(User, wren.id)
        service.revoke_sign_in(db, person, person, queries.sign_ins(db, person)[0])
        assert service.resume(db, token) is None


def test_nobody_revokes_the_sign_in_of_another(db: Session, cast: Cast) -> None:
    service.open_sign_in(db, cast.wren, agent="")
    with pytest.raises(Forbidden):
        service.revoke_sign_in(db, cast.ada, cast.wren, queries.sign_ins(db, cast.wren)[0])


# --- people


def test_an_administrator_adds_a_person(db: Session, cast: Cast) -> None:
    added = service.create_user(db, cast.ada, PersonForm(email=" Noor@Example.org", name="Noor"))
    assert added.email == "noor@example.org"
    assert names(db)[-1] == EventName.USER_CREATED
    with pytest.raises(Conflict, match="already has an account"):
        service.create_user(db, cast.ada, PersonForm(email="noor@example.org", name="Again"))


@pytest.mark.parametrize("email", ["", "noor", "@x", "a@", "a b@c.d", "a@b@c", "a@.b", "x,y@z.org"])
def test_an_address_has_the_shape_of_one(email: str) -> None:
    with pytest.raises(ValidationError):
        PersonForm(email=email, name="Noor")


@pytest.mark.parametrize("email", ["ada@localhost", "ada@example.test", "李雷@例子.中国", "a+b@x.co"])
def test_addresses_inside_a_company_and_beyond_ascii_are_fine(email: str) -> None:
    assert PersonForm(email=email, name="Ada").email == email


Verb = Callable[[Session, User, User], object]
FOR_ADMINISTRATORS: dict[str, Verb] = {
    "create": lambda db, user, _: service.create_user(db, user, PersonForm(email="n@x.org", name="N")),
    "update": lambda db, user, one: service.update_user(db, user, one, PersonUpdate(name="N", is_admin=True)),
    "deactivate": service.deactivate,
    "reactivate": service.reactivate,
    "link": service.issue_link,
    "password": lambda db, user, one: service.give_password(db, user, one, SECRET),
}


@pytest.mark.parametrize("who", ["wren", "rosa", "lea", "otto"])
@pytest.mark.parametrize("verb", FOR_ADMINISTRATORS.values(), ids=FOR_ADMINISTRATORS.keys())
def test_only_an_administrator_manages_people(db: Session, cast: Cast, verb: Verb, who: str) -> None:
    with pytest.raises(Forbidden, match="Only an administrator"):
        verb(db, getattr(cast, who), cast.rosa)


FOR_ONESELF: dict[str, Verb] = {
    "preferences": lambda db, user, one: service.set_preferences(
        db, user, one, PreferencesForm(name="N", language=Language.CHINESE, theme="dark")
    ),
    "theme": lambda db, user, one: service.set_theme(db, user, one, ThemeForm(theme="dark")),
    "token": lambda db, user, one: service.create_token(db, user, one, "t"),
}


@pytest.mark.parametrize("who", ["rosa", "lea", "ada", "otto"])
@pytest.mark.parametrize("verb", FOR_ONESELF.values(), ids=FOR_ONESELF.keys())
def test_an_account_is_its_owners_alone(db: Session, cast: Cast, verb: Verb, who: str) -> None:
    with pytest.raises(Forbidden, match="belongs to someone else"):
        verb(db, getattr(cast, who), cast.wren)
    verb(db, cast.wren, cast.wren)


def test_an_administrator_makes_another_and_not_themselves_less(db: Session, cast: Cast) -> None:
    service.update_user(db, cast.ada, cast.lea, PersonUpdate(name="Lea L.", is_admin=True))
    assert (cast.lea.name, cast.lea.is_admin) == ("Lea L.", True)
    with pytest.raises(Conflict, match="from yourself"):
        service.update_user(db, cast.ada, cast.ada, PersonUpdate(name="Ada"))
    with pytest.raises(Conflict, match="your own account"):
        service.deactivate(db, cast.ada, cast.ada)


def test_a_closed_account_is_out_at_once_and_stays_out(store: database.Database, wren: User, cast: Cast) -> None:
    cookie = str(sign_in())
    with store.unit_of_work() as db:
        person = db.get_one(User, wren.id)
        bearer = service.create_token(db, person, person, "script")
        service.deactivate(db, cast.ada, person)
        assert service.resume(db, cookie) is None
        assert service.user_of_token(db, bearer) is None
        service.reactivate(db, cast.ada, person)
        assert service.resume(db, cookie) is None
        assert service.user_of_token(db, bearer) is None
    assert sign_in()


def test_a_closed_account_cannot_sign_in(store: database.Database, wren: User, cast: Cast) -> None:
    with store.unit_of_work() as db:
        service.deactivate(db, cast.ada, db.get_one(User, wren.id))
    assert sign_in() is None


# --- one-time links and passwords


def link_for(store: database.Database, cast: Cast, whom: User) -> str:
    with store.unit_of_work() as db:
        return service.issue_link(db, cast.ada, db.get_one(User, whom.id)).removeprefix("/welcome/")


def test_a_link_works_once(store: database.Database, cast: Cast) -> None:
    token = link_for(store, cast, cast.wren)
    form = WelcomeForm(name="Wren W.", password=SECRET)
    assert service.redeem_link(token, form).name == "Wren W."
    assert sign_in()
    with pytest.raises(NotFound, match="used already"):
        service.redeem_link(token, form)


def test_only_the_newest_link_works(store: database.Database, cast: Cast) -> None:
    older, newer = link_for(store, cast, cast.wren), link_for(store, cast, cast.wren)
    form = WelcomeForm(name="Wren", password=SECRET)
    with pytest.raises(NotFound):
        service.redeem_link(older, form)
    assert service.redeem_link(newer, form)


def test_a_link_expires_and_is_stored_as_a_hash(store: database.Database, cast: Cast) -> None:
    token = link_for(store, cast, cast.wren)
    with store.unit_of_work() as db:
        link = db.exec(select(OneTimeLink)).one()
        assert link.token_hash == service.digest(token)
        link.expires_at = now() - timedelta(seconds=1)
    with pytest.raises(NotFound):
        service.redeem_link(token, WelcomeForm(name="Wren", password=SECRET))


def test_a_link_to_a_closed_account_opens_nothing(store: database.Database, cast: Cast) -> None:
    token = link_for(store, cast, cast.wren)
    with store.unit_of_work() as db:
        service.deactivate(db, cast.ada, db.get_one(User, cast.wren.id))
    with pytest.raises(NotFound, match="closed"):
        service.redeem_link(token, WelcomeForm(name="Wren", password=SECRET))


def test_the_first_administrator_comes_by_a_link(store: database.Database) -> None:
    with store.unit_of_work() as db:
        token = service.first_administrator_link(db).rpartition("/")[2]
    with pytest.raises(Invalid, match="e-mail"):
        service.redeem_link(token, WelcomeForm(name="Ada", password=SECRET))
    ada = service.redeem_link(token, WelcomeForm(email="ada@example.org", name="Ada", password=SECRET))
    assert ada.is_admin
    with store.unit_of_work() as db:
        assert service.first_administrator_link(db) == ""


def test_a_new_password_ends_the_other_sign_ins_and_keeps_this_one(store: database.Database, wren: User) -> None:
    here, there = str(sign_in()), str(sign_in())
    with store.reading() as db:
        person = db.get_one(User, wren.id)
    service.change_password(person, PasswordForm(current=SECRET, password="another plain phrase"), here=here)
    with store.reading() as db:
        assert service.resume(db, here)
        assert service.resume(db, there) is None
        assert names(db)[-1] == EventName.PASSWORD_SET
    assert sign_in() is None
    assert sign_in(password="another plain phrase")


def test_a_wrong_current_password_changes_nothing(store: database.Database, wren: User) -> None:
    with store.reading() as db:
        person = db.get_one(User, wren.id)
    with pytest.raises(Invalid, match="current password") as refused:
        service.change_password(person, PasswordForm(current="guess", password="another plain phrase"))
    assert refused.value.field == "current"
    assert sign_in()


def test_a_password_has_ten_characters() -> None:
    with pytest.raises(ValidationError):
        PasswordForm(password="nine char")


# --- API tokens


def test_a_token_is_stored_as_a_hash_only(store: database.Database, cast: Cast) -> None:
    with store.unit_of_work() as db:
        token = service.create_token(db, cast.wren, cast.wren, "script")
    with store.reading() as db:
        row = db.exec(select(ApiToken)).one()
        assert row.token_hash == service.digest(token)
        assert token.startswith(row.prefix)
        everything = str([list(db.connection().execute(text(f"SELECT * FROM {t}"))) for t in ("api_token", "event")])
        assert token not in everything
        found = service.user_of_token(db, token)
        assert found
        assert found.id == cast.wren.id


def test_the_machine_makes_a_token_for_anyone(db: Session, cast: Cast) -> None:
    assert service.user_of_token(db, service.create_token(db, SYSTEM, cast.wren, "command line"))


def test_a_revoked_token_works_no_more(db: Session, cast: Cast) -> None:
    token = service.create_token(db, cast.wren, cast.wren, "script")
    row = queries.tokens(db, cast.wren)[0]
    with pytest.raises(Forbidden):
        service.revoke_token(db, cast.ada, cast.wren, row)
    service.revoke_token(db, cast.wren, cast.wren, row)
    assert service.user_of_token(db, token) is None
    assert queries.tokens(db, cast.wren) == []


@pytest.mark.parametrize("mood", ["reading", "unit_of_work"])
def test_when_a_token_was_last_used_is_kept(store: database.Database, cast: Cast, mood: str) -> None:
    with store.unit_of_work() as db:
        token = service.create_token(db, cast.wren, cast.wren, "script")
        db.exec(select(ApiToken)).one().created_at = now() - timedelta(hours=2)
    with getattr(store, mood)() as db:
        assert service.user_of_token(db, token)
    with store.reading() as db:
        used = db.exec(select(ApiToken)).one().last_used_at
        assert used
        assert now() - used < timedelta(minutes=1)


# --- the demonstration


def test_the_demonstration_ends_with_the_first_account_of_ones_own(store: database.Database) -> None:
    with store.unit_of_work() as db:
        person(db, "Wren", is_demonstration=True)
        invited = person(db, "Noor")
        cookie = service.enter_demonstration(db, "wren@example.org", agent="")
        assert service.resume(db, cookie)
        assert [one.name for one in queries.cast(db)] == ["Wren"]
        service.give_password(db, SYSTEM, invited, SECRET)
        assert queries.cast(db) == []
        assert service.resume(db, cookie) is None
        with pytest.raises(NotFound, match="demonstration is over"):
            service.enter_demonstration(db, "wren@example.org", agent="")


def test_nobody_real_walks_in_as_the_cast_do(store: database.Database) -> None:
    with store.unit_of_work() as db:
        person(db, "Wren", is_demonstration=True)
        person(db, "Noor")
        with pytest.raises(NotFound):
            service.enter_demonstration(db, "noor@example.org", agent="")
