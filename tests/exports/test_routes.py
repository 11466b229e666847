"""The export pages and their HTTP twin: who sees what, who may, what a bad form gets."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from fastapi.testclient import TestClient

from server.db import Database
from server.exports import folders
from server.exports.verify import verify_release
from server.models import Project, User
from tests import factories
from tests.factories import Cast

AsUser = Callable[[User], TestClient]


@pytest.fixture
def full(store: Database, cast: Cast) -> Cast:
    """Two approved answers, one with a finished draft."""
    with store.unit_of_work() as db:
        for number in (1, 2):
            task = factories.task(db, cast, prompt=f"What is ${number}+2$?")
            factories.review(db, cast, factories.version(db, cast, task, f"It is ${number + 2}$."))
        factories.draft(db, task, text="<script>alert(1)</script>")
    return cast


def post(client: TestClient, **form: str) -> str:
    """Export, follow the redirect, return the release's address."""
    answer = client.post("/projects/desk/exports", data={"format": "openai", "split": ""} | form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_lead_exports_and_downloads_what_verifies(full: Cast, as_user: AsUser) -> None:
    lea = as_user(full.lea)
    where = post(lea, split="0.5/0.5")
    shown = lea.get(where)
    assert shown.status_code == 200
    assert "train.jsonl" in shown.text
    made = json.loads(lea.get(f"{where}/files/manifest.json").content)
    assert {file["name"] for file in made["files"]} == {"train.jsonl", "test.jsonl", "rows.jsonl"}
    for file in made["files"]:
        answer = lea.get(f"{where}/files/{file['name']}")
        assert len(answer.content) == file["bytes"]
        assert answer.headers["content-disposition"] == f'attachment; filename="{file["name"]}"'


def test_the_zip_holds_a_folder_that_verifies_and_is_the_same_each_time(
    full: Cast, as_user: AsUser, tmp_path: Path
) -> None:
    lea = as_user(full.lea)
    where = post(lea, split="0.5/0.5")
    first = lea.get(f"{where}/archive")
    with ZipFile(BytesIO(first.content)) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.glob("desk-openai-*")
    assert verify_release(folder).is_sound
    assert lea.get(f"{where}/archive").content == first.content
    assert as_user(full.otto).get(f"{where}/archive").status_code == 404


def test_exporting_again_leads_to_the_same_release(full: Cast, as_user: AsUser) -> None:
    lea = as_user(full.lea)
    assert post(lea) == post(lea)


@pytest.mark.parametrize("name", ["wren", "rosa"])
def test_members_see_and_download_releases_but_cannot_make_them(full: Cast, as_user: AsUser, name: str) -> None:
    where = post(as_user(full.lea))
    member = as_user(getattr(full, name))
    listing = member.get("/projects/desk/exports")
    assert where in listing.text
    assert 'name="split"' not in listing.text
    assert member.get(f"{where}/files/data.jsonl").status_code == 200
    assert member.post("/projects/desk/exports", data={"format": "openai"}).status_code == 403


def test_a_blind_projects_releases_open_for_leads_only(store: Database, full: Cast, as_user: AsUser) -> None:
    lea, wren = as_user(full.lea), as_user(full.wren)
    where = post(lea, format="dpo")
    with store.unit_of_work() as db:
        db.get_one(Project, full.project.id).blind_drafts = True
    for path in (where, f"{where}/verification", f"{where}/files/data.jsonl", f"/api/v1{where}"):
        assert wren.get(path).status_code == 403, path
        assert lea.get(path).status_code == 200, path
    assert wren.get("/projects/desk/exports").status_code == 200


def test_an_outsider_sees_nothing(full: Cast, as_user: AsUser) -> None:
    where = post(as_user(full.lea))
    otto = as_user(full.otto)
    own = [where, f"{where}/verification", f"{where}/files/data.jsonl", f"/api/v1{where}"]
    for path in ("/projects/desk/exports", *own):
        assert otto.get(path).status_code == 404, path
    assert otto.post("/projects/desk/exports", data={"format": "openai"}).status_code == 404
    assert otto.post("/api/v1/projects/desk/exports", json={"format": "openai"}).status_code == 404


def test_a_visitor_is_asked_to_sign_in(full: Cast, client: TestClient) -> None:
    assert client.get("/projects/desk/exports").status_code == 303
    assert client.post("/api/v1/projects/desk/exports", json={"format": "openai"}).status_code in (401, 403)


def test_a_bad_split_keeps_what_was_typed_and_says_what_is_wrong(full: Cast, as_user: AsUser) -> None:
    answer = as_user(full.lea).post("/projects/desk/exports", data={"format": "dpo", "split": "0.9/0.2"})
    assert answer.status_code == 422
    assert 'value="0.9/0.2"' in answer.text
    assert 'value="dpo" checked' in answer.text
    assert "adds up to 1.1" in answer.text


def test_an_unknown_format_is_answered_on_the_form(full: Cast, as_user: AsUser) -> None:
    answer = as_user(full.lea).post("/projects/desk/exports", data={"format": "<b>", "split": ""})
    assert answer.status_code == 422
    assert "There is no format “&lt;b&gt;”" in answer.text


def test_htmx_gets_only_the_form_back(full: Cast, as_user: AsUser) -> None:
    answer = as_user(full.lea).post(
        "/projects/desk/exports", data={"format": "openai", "split": "x/y"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith("<form")


def test_a_project_with_nothing_approved_says_so(cast: Cast, as_user: AsUser) -> None:
    lea = as_user(cast.lea)
    assert "Nothing can be exported yet" in lea.get("/projects/desk/exports").text
    assert lea.post("/projects/desk/exports", data={"format": "openai"}).status_code == 409


def test_verification_names_what_was_changed_on_the_disk(full: Cast, as_user: AsUser) -> None:
    lea = as_user(full.lea)
    where = post(lea)
    assert "Sound:" in lea.get(f"{where}/verification").text
    path = folders.folder(where.rsplit("/", 1)[-1]) / "data.jsonl"
    path.write_bytes(path.read_bytes().replace(b"It is $4$.", b"It is $5$."))
    answer = lea.get(f"{where}/verification", headers={"HX-Request": "true"})
    assert "row 2" in answer.text
    assert "This row was changed." in answer.text


@pytest.mark.parametrize("name", ["nothing.jsonl", "..%2F..%2Fgoldsmith.db", "%2e%2e", "manifest.json%00"])
def test_only_listed_files_can_be_fetched(full: Cast, as_user: AsUser, name: str) -> None:
    lea = as_user(full.lea)
    assert lea.get(f"{post(lea)}/files/{name}").status_code == 404


def test_a_lost_file_is_answered_with_the_way_to_mend_it(full: Cast, as_user: AsUser) -> None:
    lea = as_user(full.lea)
    where = post(lea)
    (folders.folder(where.rsplit("/", 1)[-1]) / "data.jsonl").unlink()
    answer = lea.get(f"{where}/files/data.jsonl")
    assert answer.status_code == 404
    assert "Export again" in answer.text
    assert lea.get(where).status_code == 200


def test_what_a_row_holds_is_shown_as_text(full: Cast, as_user: AsUser) -> None:
    lea = as_user(full.lea)
    shown = lea.get(post(lea, format="dpo"))
    assert "<script>alert(1)" not in shown.text
    assert "&lt;script&gt;alert(1)" in shown.text


def test_the_api_answers_with_manifest_and_download_links(full: Cast, as_user: AsUser) -> None:
    lea = as_user(full.lea)
    answer = lea.post("/api/v1/projects/desk/exports", json={"format": "trl-prompt-completion", "split": "0.5/0.5"})
    assert answer.status_code == 201
    body = answer.json()
    assert body["manifest"]["counts"]["rows"] == 2
    assert body["is_new"] is True
    assert [file["name"] for file in body["files"]] == ["train.jsonl", "test.jsonl", "rows.jsonl", "manifest.json"]
    for file in body["files"]:
        assert lea.get(file["url"]).status_code == 200
    assert lea.get(answer.headers["location"]).json()["manifest"] == body["manifest"]
    assert verify_release(folders.folder(body["id"])).is_sound


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"format": "alpaca"}, 422, "There is no format “alpaca”"),
        ({"format": "openai", "split": "1/1"}, 422, "“1” is not a share"),
        ({"format": "openai", "splits": "0.9/0.1"}, 422, "splits"),
        ({}, 422, "format"),
        ({"format": 3}, 422, "format"),
    ],
)
def test_a_bad_api_request_is_a_problem_document(
    full: Cast, as_user: AsUser, body: dict[str, object], status: int, said: str
) -> None:
    answer = as_user(full.lea).post("/api/v1/projects/desk/exports", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("name", ["wren", "rosa"])
def test_the_api_refuses_who_may_not_export(full: Cast, as_user: AsUser, name: str) -> None:
    answer = as_user(getattr(full, name)).post("/api/v1/projects/desk/exports", json={"format": "openai"})
    assert answer.status_code == 403
    assert "Only a lead" in answer.json()["detail"]
