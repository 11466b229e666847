"""The pages of projects, and their JSON twin."""

from collections.abc import Callable
from html import unescape

import pytest
from fastapi.testclient import TestClient

from server.models import User
from tests.factories import Cast

Users = Callable[[User], TestClient]
NEW = {"name": "Letters", "slug": "letters", "guide": "house", "description": "", "show_reference": "true"}


def test_people_see_their_projects(as_user: Users, cast: Cast) -> None:
    page = as_user(cast.wren).get("/projects").text
    assert "Desk" in page
    assert "/projects/new" not in page
    assert "You are in no project yet" in as_user(cast.otto).get("/projects").text
    assert "/projects/new" in as_user(cast.ada).get("/projects").text


def test_an_administrator_creates_a_project(as_user: Users, cast: Cast) -> None:
    ada = as_user(cast.ada)
    assert "House guide" in ada.get("/projects/new").text
    assert ada.post("/projects", data=NEW).headers["location"] == "/projects/letters/members"
    assert "Nobody is in this project yet" in ada.get("/projects/letters/members").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"slug": "desk"}, "There is already a project called desk."),
        ({"slug": "Big Desk"}, "Use small letters, digits and hyphens."),
        ({"slug": ""}, "at least 2 characters"),
        ({"name": " "}, "at least 1 characters"),
        ({"guide": "nothing"}, "There is no guide called nothing."),
        ({"name": "x" * 121}, "under 120 characters"),
    ],
)
def test_a_project_with_a_fault_says_which_and_keeps_the_words(
    as_user: Users, cast: Cast, wrong: dict[str, str], sentence: str
) -> None:
    response = as_user(cast.ada).post("/projects", data=NEW | {"description": "Kept words."} | wrong)
    assert response.status_code == 422
    assert sentence in unescape(response.text)
    assert "Kept words." in response.text


@pytest.mark.parametrize("who", ["wren", "lea", "otto"])
def test_nobody_else_creates_a_project(as_user: Users, cast: Cast, who: str) -> None:
    client = as_user(getattr(cast, who))
    assert client.get("/projects/new").status_code == 403
    assert client.post("/projects", data=NEW).status_code == 403


def test_a_lead_changes_the_settings(as_user: Users, cast: Cast) -> None:
    lea = as_user(cast.lea)
    page = lea.get("/projects/desk/edit").text
    assert 'value="Desk"' in page
    data = {"name": "Desk two", "guide": "house", "description": "Words.", "blind_drafts": "true"}
    assert lea.post("/projects/desk", data=data).headers["location"] == "/projects/desk"
    record = lea.get("/api/v1/projects/desk").json()
    assert (record["name"], record["show_reference"], record["blind_drafts"]) == ("Desk two", False, True)
    assert lea.post("/projects/desk", data=data | {"guide": "nothing"}).status_code == 422


@pytest.mark.parametrize(("who", "status"), [("wren", 403), ("rosa", 403), ("otto", 404)])
def test_others_do_not_change_it(as_user: Users, cast: Cast, who: str, status: int) -> None:
    client = as_user(getattr(cast, who))
    assert client.get("/projects/desk/edit").status_code == status
    assert client.post("/projects/desk", data={"name": "N", "guide": "house"}).status_code == status
    member = {"email": "otto@example.org", "roles": "writer"}
    assert client.post("/projects/desk/members", data=member).status_code == status
    for verb in ("", "/removal"):
        assert client.post(f"/projects/desk/members/{cast.wren.id}{verb}", data=member).status_code == status


def test_every_member_sees_the_members_and_only_leads_change_them(as_user: Users, cast: Cast) -> None:
    page = as_user(cast.wren).get("/projects/desk/members").text
    assert "Rosa" in page
    assert "/removal" not in page
    assert "/removal" in as_user(cast.lea).get("/projects/desk/members").text
    assert as_user(cast.otto).get("/projects/desk/members").status_code == 404


def test_a_lead_adds_changes_and_removes_a_member(as_user: Users, cast: Cast) -> None:
    lea, otto = as_user(cast.lea), as_user(cast.otto)
    data = {"email": " Otto@example.org", "roles": ["writer", "reviewer"]}
    assert lea.post("/projects/desk/members", data=data).status_code == 303
    assert otto.get("/projects/desk/members").status_code == 200
    path = f"/projects/desk/members/{cast.otto.id}"
    assert lea.post(path, data={"roles": ["lead"]}).status_code == 303
    assert otto.get("/projects/desk/edit").status_code == 200
    assert lea.post(f"{path}/removal").status_code == 303
    assert otto.get("/projects/desk/members").status_code == 404


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"email": "nobody@example.org", "roles": ["writer"]}, "Nobody has the address nobody@example.org."),
        ({"email": "otto@example.org"}, "Choose at least one role."),
        ({"email": "otto@example.org", "roles": ["boss"]}, "Choose one of"),
        ({"roles": ["writer"]}, "This is needed."),
    ],
)
def test_a_member_who_cannot_be_added_is_a_sentence(
    as_user: Users, cast: Cast, data: dict[str, str], sentence: str
) -> None:
    response = as_user(cast.lea).post("/projects/desk/members", data=data)
    assert response.status_code == 422
    assert sentence in unescape(response.text)


def test_the_last_lead_stays(as_user: Users, cast: Cast) -> None:
    ada, path = as_user(cast.ada), f"/projects/desk/members/{cast.lea.id}"
    for response in (ada.post(path, data={"roles": ["writer"]}), ada.post(f"{path}/removal")):
        assert response.status_code in (409, 422)
        assert "Lea is the only lead." in response.text
    assert "Choose at least one role" in ada.post(f"/projects/desk/members/{cast.wren.id}").text


def test_a_lead_who_leaves_lands_where_they_may_be(as_user: Users, cast: Cast) -> None:
    lea = as_user(cast.lea)
    lea.post("/projects/desk/members", data={"email": "rosa@example.org", "roles": ["lead"]})
    assert lea.post(f"/projects/desk/members/{cast.lea.id}/removal").headers["location"] == "/projects"


def test_the_api_has_the_same_verbs(as_user: Users, cast: Cast) -> None:
    ada = as_user(cast.ada)
    made = ada.post("/api/v1/projects", json={"slug": "letters", "name": "Letters", "guide": "house"})
    assert (made.status_code, made.json()["guide"]) == (201, "house")
    assert [p["slug"] for p in ada.get("/api/v1/projects").json()["items"]] == ["desk", "letters"]
    put = ada.put("/api/v1/projects/letters/members/otto@example.org", json={"roles": ["lead", "writer"]})
    assert put.json()["roles"] == ["writer", "lead"]
    listed = as_user(cast.otto).get("/api/v1/projects/letters/members").json()["items"]
    assert [m["email"] for m in listed] == ["otto@example.org"]
    assert ada.put("/api/v1/projects/letters/members/wren@example.org", json={"roles": ["lead"]}).status_code == 200
    assert ada.delete("/api/v1/projects/letters/members/otto@example.org").status_code == 204
    assert ada.put("/api/v1/projects/letters", json={"name": "Prose", "guide": "house"}).json()["name"] == "Prose"


@pytest.mark.parametrize(("who", "status"), [("wren", 403), ("otto", 404), ("lea", 200)])
def test_the_api_follows_the_same_policy(as_user: Users, cast: Cast, who: str, status: int) -> None:
    client = as_user(getattr(cast, who))
    response = client.put("/api/v1/projects/desk", json={"name": "N", "guide": "house"})
    assert response.status_code == status
    member = "/api/v1/projects/desk/members/rosa@example.org"
    assert client.put(member, json={"roles": ["writer"]}).status_code == status
    assert client.delete(member).status_code == (204 if status == 200 else status)


def test_a_fault_in_json_is_a_problem_with_a_sentence(as_user: Users, cast: Cast) -> None:
    ada = as_user(cast.ada)
    response = ada.post("/api/v1/projects", json={"slug": "Big", "guide": "house", "colour": "red"})
    assert response.headers["content-type"] == "application/problem+json"
    assert response.status_code == 422
    for words in ("slug: Use small letters", "name: This is needed.", "colour: There is no such field."):
        assert words in response.json()["detail"]
    assert ada.post("/api/v1/projects", json={"slug": "desk", "name": "D", "guide": "house"}).status_code == 409
