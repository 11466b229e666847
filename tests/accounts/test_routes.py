"""The pages of signing in, the account and people."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from fastapi.testclient import TestClient

from server import db as database
from server.accounts import service
from server.models import User
from server.policy import SYSTEM
from server.web.security import SESSION_COOKIE
from tests.factories import Cast, person

Users = Callable[[User], TestClient]
SECRET = "four plain words here"


@pytest.fixture
def wren(store: database.Database, cast: Cast) -> User:
    with store.unit_of_work() as db:
        service.give_password(db, SYSTEM, db.get_one(User, cast.wren.id), SECRET)
    return cast.wren


def csrf(client: TestClient, path: str = "/sign-in") -> str:
    found = re.search(r'name="csrf-token" content="(\w+)"', client.get(path).text)
    assert found
    return found.group(1)


def sign_in(client: TestClient, password: str = SECRET, **more: str):  # type: ignore[no-untyped-def]
    data = {"email": "wren@example.org", "password": password, "csrf_token": csrf(client)} | more
    return client.post("/sign-in", data=data)


# --- signing in


def test_a_visitor_signs_in_and_goes_where_they_wanted(client: TestClient, wren: User) -> None:
    assert client.get("/account?x=1").headers["location"] == "/sign-in?next=/account%3Fx%3D1"
    response = sign_in(client, next="/account?x=1")
    assert (response.status_code, response.headers["location"]) == (303, "/account?x=1")
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/account").status_code == 200


@pytest.mark.parametrize(
    "next", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:1", ""]
)
def test_signing_in_leads_nowhere_else(client: TestClient, wren: User, next: str) -> None:
    assert sign_in(client, next=next).headers["location"] == "/"
    assert client.get("/sign-in", params={"next": next}).headers["location"] == "/"


def test_a_wrong_password_says_so_and_keeps_the_address(client: TestClient, wren: User) -> None:
    response = sign_in(client, "wrong", next="/account")
    assert response.status_code == 401
    assert "do not go together" in response.text
    assert 'value="wren@example.org"' in response.text
    assert 'name="next" value="/account"' in response.text
    assert SESSION_COOKIE not in response.cookies


@pytest.mark.parametrize("data", [{}, {"email": "x"}, {"email": "x" * 300, "password": "y"}, {"password": "y" * 999}])
def test_a_form_with_holes_is_refused_kindly(client: TestClient, data: dict[str, str]) -> None:
    response = client.post("/sign-in", data=data | {"csrf_token": csrf(client)})
    assert response.status_code == 422
    assert "do not go together" in response.text


def test_too_many_tries_are_told_to_wait(client: TestClient, wren: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.accounts.passwords.match", lambda *_: False)
    for _ in range(8):
        assert sign_in(client, "wrong").status_code == 401
    response = sign_in(client)
    assert response.status_code == 429
    assert response.headers["retry-after"] == "600"
    assert "Wait 10 minutes" in response.text


def test_a_sign_in_from_another_site_is_refused(client: TestClient, wren: User) -> None:
    assert client.post("/sign-in", data={"email": "wren@example.org", "password": SECRET}).status_code == 403


def test_signing_out_ends_the_sign_in(as_user: Users, cast: Cast) -> None:
    client = as_user(cast.wren)
    cookie = client.cookies[SESSION_COOKIE]
    assert client.post("/sign-out").headers["location"] == "/sign-in"
    client.cookies.set(SESSION_COOKIE, cookie)
    assert client.get("/account").status_code == 303


def test_a_visitor_chooses_a_language(client: TestClient) -> None:
    response = client.post("/language", data={"language": "zh_CN", "csrf_token": csrf(client)})
    assert response.headers["location"] == "/sign-in"
    assert 'lang="zh-CN"' in client.get("/sign-in").text
    client.post("/language", data={"language": "tlh", "csrf_token": csrf(client)})
    assert '<html lang="zh-CN"' in client.get("/sign-in").text


def test_the_cast_is_offered_only_in_a_demonstration(client: TestClient, store: database.Database) -> None:
    assert "demonstration" not in client.get("/sign-in").text
    with store.unit_of_work() as db:
        person(db, "Wren", is_demonstration=True)
    token = csrf(client)
    assert "demonstration" in client.get("/sign-in").text
    data = {"email": "wren@example.org", "csrf_token": token, "next": "/account"}
    assert client.post("/sign-in/demonstration", data=data).headers["location"] == "/account"
    assert client.get("/account").status_code == 200
    with store.unit_of_work() as db:
        service.give_password(db, SYSTEM, person(db, "Ada", is_admin=True), SECRET)
    assert client.get("/account").status_code == 303
    client.cookies.delete(SESSION_COOKIE)
    assert "Look around" not in client.get("/sign-in").text
    assert client.post("/sign-in/demonstration", data=data).status_code == 404


# --- one-time links


def test_a_one_time_link_makes_the_first_administrator(client: TestClient, store: database.Database) -> None:
    with store.unit_of_work() as db:
        path = "/welcome/" + service.first_administrator_link(db).rpartition("/")[2]
    data = {"email": "ada@example.org", "name": "Ada", "password": "short", "csrf_token": csrf(client, path)}
    refused = client.post(path, data=data)
    assert refused.status_code == 422
    assert "at least 10 characters" in refused.text
    assert 'value="ada@example.org"' in refused.text
    assert client.post(path, data=data | {"password": SECRET}).headers["location"] == "/"
    assert "Add a person" in client.get("/people").text
    assert client.get(path).status_code == 404


def test_a_link_that_was_never_made_opens_nothing(client: TestClient) -> None:
    assert client.get("/welcome/nothing").status_code == 404


# --- the account


def test_the_account_shows_and_changes_preferences(as_user: Users, cast: Cast) -> None:
    client = as_user(cast.wren)
    data = {"name": "Wren W.", "language": "zh_CN", "theme": "dark"}
    assert client.post("/account", data=data).headers["location"] == "/account"
    text = client.get("/account").text
    assert "Wren W." in text
    assert '<html lang="zh-CN" data-theme="goldsmith-dark"' in text


@pytest.mark.parametrize("wrong", [{"name": " "}, {"language": "tlh"}, {"theme": "pink"}, {"name": "x" * 121}])
def test_a_wrong_preference_is_refused(as_user: Users, cast: Cast, wrong: dict[str, str]) -> None:
    data = {"name": "Wren", "language": "en", "theme": "auto"} | wrong
    response = as_user(cast.wren).post("/account", data=data)
    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.text


def test_the_theme_of_the_menu_is_kept(as_user: Users, cast: Cast) -> None:
    client = as_user(cast.wren)
    assert client.post("/account/theme", data={"theme": "dark"}).status_code == 204
    assert 'data-theme="goldsmith-dark"' in client.get("/account").text
    assert client.post("/account/theme", data={"theme": "pink"}).status_code == 422


def test_a_password_is_changed_with_the_old_one(client: TestClient, wren: User) -> None:
    sign_in(client)
    token = csrf(client, "/account")
    data = {"current": "guess", "password": "another plain phrase", "csrf_token": token}
    refused = client.post("/account/password", data=data)
    assert refused.status_code == 422
    assert "not your current password" in refused.text
    assert client.post("/account/password", data=data | {"current": SECRET}).headers["location"] == "/account"
    assert client.get("/account").status_code == 200


def test_a_token_is_shown_once_and_opens_the_api(as_user: Users, client: TestClient, cast: Cast) -> None:
    page = as_user(cast.wren).post("/account/tokens", data={"name": "script <b>"}).text
    token = re.search(r'id="new-token">(gs_[\w-]+)<', page)
    assert token
    assert "script &lt;b&gt;" in page
    assert token.group(1) not in as_user(cast.wren).get("/account").text
    bearer = {"Authorization": f"Bearer {token.group(1)}"}
    assert client.get("/api/v1/projects", headers=bearer).status_code == 200


@pytest.mark.parametrize("header", ["Bearer gs_wrong", "Bearer", "Basic d3Jlbjp4", "nonsense"])
def test_a_token_that_does_not_work_is_a_problem_and_never_falls_back_to_the_cookie(
    as_user: Users, cast: Cast, header: str
) -> None:
    response = as_user(cast.wren).get("/api/v1/projects", headers={"Authorization": header})
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_token_needs_a_name(as_user: Users, cast: Cast) -> None:
    assert as_user(cast.wren).post("/account/tokens", data={"name": ""}).status_code == 422


def test_a_token_and_a_sign_in_are_revoked_from_the_account(as_user: Users, cast: Cast) -> None:
    client, other = as_user(cast.wren), as_user(cast.wren)
    client.post("/account/tokens", data={"name": "script"})
    page = client.get("/account").text
    for path in re.findall(r'action="(/account/(?:tokens|sign-ins)/[\w-]+/revocation)"', page):
        assert as_user(cast.rosa).post(path).status_code == 404
        assert client.post(path).headers["location"] == "/account"
    assert other.get("/account").status_code == 303
    assert "/revocation" not in client.get("/account").text


# --- people


@pytest.mark.parametrize("who", ["wren", "rosa", "lea", "otto"])
def test_people_are_the_administrators_matter(as_user: Users, cast: Cast, who: str) -> None:
    client = as_user(getattr(cast, who))
    assert client.get("/people").status_code == 403
    assert client.get(f"/people/{cast.wren.id}").status_code == 403
    for verb in ("", "/link", "/deactivation", "/reactivation"):
        data = {"name": "x", "email": "x@example.org"}
        assert client.post(f"/people/{cast.wren.id}{verb}", data=data).status_code == 403
    assert client.post("/people", data={"name": "x", "email": "x@example.org"}).status_code == 403


def test_an_administrator_invites_a_person_who_then_signs_in(as_user: Users, client: TestClient, cast: Cast) -> None:
    ada = as_user(cast.ada)
    page = ada.post("/people", data={"name": "Noor", "email": "Noor@Example.org"})
    link = re.search(r'id="new-link">http://[^/]+(/welcome/[\w-]+)<', page.text)
    assert link
    assert link.group(1) not in ada.get("/people").text
    data = {"name": "Noor H.", "password": SECRET, "csrf_token": csrf(client, link.group(1))}
    assert client.post(link.group(1), data=data).status_code == 303
    assert client.get("/people").status_code == 403
    assert "Noor H." in ada.get("/people").text


def test_a_known_address_is_refused_and_the_words_are_kept(as_user: Users, cast: Cast) -> None:
    response = as_user(cast.ada).post("/people", data={"name": "Wren Two", "email": "WREN@example.org"})
    assert response.status_code == 422
    assert "wren@example.org already has an account." in response.text
    assert 'value="Wren Two"' in response.text


def test_an_address_that_is_none_is_refused(as_user: Users, cast: Cast) -> None:
    response = as_user(cast.ada).post("/people", data={"name": "Wren", "email": "wren"})
    assert response.status_code == 422
    assert "Write an address such as" in unescape(response.text)


def test_a_person_shows_their_roles_and_is_closed_and_opened(as_user: Users, cast: Cast) -> None:
    ada, wren, path = as_user(cast.ada), as_user(cast.wren), f"/people/{cast.wren.id}"
    assert "/projects/desk/members" in ada.get(path).text
    assert ada.post(f"{path}/deactivation").headers["location"] == path
    assert wren.get("/account").status_code == 303
    assert "This account is closed." in ada.get(path).text
    ada.post(f"{path}/reactivation")
    assert "This account is closed." not in ada.get(path).text


def test_an_administrator_is_made_and_the_last_one_stays(as_user: Users, cast: Cast) -> None:
    ada = as_user(cast.ada)
    assert ada.post(f"/people/{cast.lea.id}", data={"name": "Lea", "is_admin": "true"}).status_code == 303
    assert as_user(cast.lea).get("/people").status_code == 200
    kept = ada.post(f"/people/{cast.ada.id}", data={"name": "Ada"})
    assert kept.status_code == 409
    assert "from yourself" in kept.text


def test_a_name_that_is_markup_stays_text(as_user: Users, cast: Cast) -> None:
    ada = as_user(cast.ada)
    ada.post("/people", data={"name": "<script>alert(1)</script>", "email": "x@example.org"})
    assert "<script>alert" not in ada.get("/people").text


def test_somebody_who_is_not_there_is_not_found(as_user: Users, cast: Cast) -> None:
    ada = as_user(cast.ada)
    assert ada.get(f"/people/{cast.project.id}").status_code == 404
    assert ada.get("/people/nobody").status_code == 404
