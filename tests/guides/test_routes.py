"""The pages of guides."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from server import db as database
from server.guides import service
from server.models import Language, User
from tests.factories import GUIDE, Cast

Users = Callable[[User], TestClient]
NEXT = GUIDE.replace("Answer in full sentences.", "Begin with the answer.")


@pytest.fixture
def house(store: database.Database, cast: Cast) -> Cast:
    """The cast's guide in two versions."""
    with store.unit_of_work() as session:
        service.publish(session, session.get_one(User, cast.lea.id), NEXT)
    return cast


def test_anyone_signed_in_reads_the_guides(as_user: Users, house: Cast) -> None:
    page = as_user(house.otto).get("/guides")
    assert page.status_code == 200
    assert "House guide" in page.text
    assert "/guides/new" not in page.text


def test_a_visitor_is_sent_to_sign_in(client: TestClient) -> None:
    assert client.get("/guides").headers["location"].startswith("/sign-in")


def test_a_guide_shows_everything_it_says(as_user: Users, house: Cast) -> None:
    text = as_user(house.wren).get("/guides/house").text
    for words in (
        "Begin with the answer.",
        "I read the answer once more",
        "Right with a gap.",
        "Hallucination",
        "TEX105",
    ):
        assert words in text
    assert "/guides/house/edit" not in text


def test_an_older_version_says_so(as_user: Users, house: Cast) -> None:
    text = as_user(house.wren).get("/guides/house/versions/1").text
    assert "Answer in full sentences." in text
    assert "The newest is version 2." in text


def test_the_changes_between_versions_are_shown(as_user: Users, house: Cast) -> None:
    text = as_user(house.wren).get("/guides/house/versions/2/changes").text
    assert "Answer in full sentences." in text
    assert "Begin with the answer." in text
    assert "I read the answer once more" not in text


def test_the_yaml_of_a_version_is_given_as_it_was_published(as_user: Users, house: Cast) -> None:
    answer = as_user(house.wren).get("/guides/house/versions/2/source")
    assert answer.text == NEXT
    assert 'filename="house.yaml"' in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "path", ["/guides/none", "/guides/house/versions/9", "/guides/house/versions/x", "/guides/house/versions/1/changes"]
)
def test_what_is_not_there_is_not_found(as_user: Users, house: Cast, path: str) -> None:
    assert as_user(house.wren).get(path).status_code == 404


def test_a_lead_publishes_from_the_page(as_user: Users, house: Cast) -> None:
    lea = as_user(house.lea)
    assert "Begin with the answer." in lea.get("/guides/house/edit").text
    sent = lea.post("/guides/house/versions", data={"source": GUIDE, "base": 2})
    assert (sent.status_code, sent.headers["location"]) == (303, "/guides/house")
    assert "Answer in full sentences." in lea.get("/guides/house").text


@pytest.mark.parametrize("path", ["/guides/house/edit", "/guides/new"])
def test_a_writer_may_not_open_the_editor(as_user: Users, house: Cast, path: str) -> None:
    assert as_user(house.wren).get(path).status_code == 403


@pytest.mark.parametrize("path", ["/guides/house/versions", "/guides", "/guides/check"])
def test_a_writer_may_not_publish(as_user: Users, house: Cast, path: str) -> None:
    assert as_user(house.wren).post(path, data={"source": GUIDE}).status_code == 403


def test_a_wrong_guide_comes_back_with_its_words_and_the_mend(as_user: Users, house: Cast) -> None:
    wrong = NEXT.replace("checklist:", "cheklist:") + "# my words\n"
    answer = as_user(house.lea).post("/guides/house/versions", data={"source": wrong, "base": 2})
    assert answer.status_code == 422
    assert "# my words" in answer.text
    assert "cheklist" in answer.text
    assert "did you mean" in answer.text


def test_a_guide_changed_meanwhile_comes_back_and_can_then_be_published(as_user: Users, house: Cast) -> None:
    lea = as_user(house.lea)
    late = GUIDE.replace("full sentences", "whole sentences")
    answer = lea.post("/guides/house/versions", data={"source": late, "base": 1})
    assert answer.status_code == 409
    assert "was published while you wrote" in answer.text
    assert "whole sentences" in answer.text
    assert 'name="base" value="2"' in answer.text
    assert lea.post("/guides/house/versions", data={"source": late, "base": 2}).status_code == 303


def test_a_check_publishes_nothing(as_user: Users, house: Cast) -> None:
    lea = as_user(house.lea)
    answer = lea.post("/guides/house/versions", data={"source": GUIDE, "base": 2, "check": "yes"})
    assert "The guide holds together." in answer.text
    assert "/guides/house/versions/3" not in lea.get("/guides/house").text
    assert (
        "a guide keeps its name"
        in lea.post(
            "/guides/check", data={"source": GUIDE.replace("guide: house", "guide: other"), "slug": "house"}
        ).text
    )


def test_a_new_guide_is_written_from_a_start_that_holds_together(as_user: Users, house: Cast) -> None:
    from server.guides.routes import STARTER

    ada = as_user(house.ada)
    assert "guide: house-style" in ada.get("/guides/new").text
    assert ada.post("/guides", data={"source": STARTER}).headers["location"] == "/guides/house-style"
    again = ada.post("/guides", data={"source": STARTER + "# more\n"})
    assert again.status_code == 409
    assert "already a guide called house-style" in again.text


@pytest.mark.parametrize("base", ["", "x", "-1", "9" * 30])
def test_a_forged_base_is_no_error_of_ours(as_user: Users, house: Cast, base: str) -> None:
    answer = as_user(house.lea).post("/guides/house/versions", data={"source": GUIDE, "base": base})
    assert answer.status_code == 409


def test_hostile_instructions_are_harmless(as_user: Users, house: Cast, store: database.Database) -> None:
    hostile = GUIDE.replace("Answer in full sentences.", "<script>alert(1)</script>\n\n  [x](javascript:alert(1))")
    with store.unit_of_work() as session:
        service.publish(session, session.get_one(User, house.lea.id), hostile)
    text = as_user(house.wren).get("/guides/house").text
    assert "<script>alert" not in text
    assert "javascript:alert" not in text


def test_every_rule_has_a_page(as_user: Users, house: Cast) -> None:
    from server import lint

    wren = as_user(house.wren)
    index = wren.get("/rules").text
    for code, rule in lint.rules().items():
        assert f"/rules/{code}" in index
        page = wren.get(f"/rules/{code}")
        assert page.status_code == 200
        assert rule.name in page.text


def test_a_rule_is_found_by_its_name_too(as_user: Users, house: Cast) -> None:
    wren = as_user(house.wren)
    assert wren.get("/rules/empty-answer").headers["location"] == "/rules/LEN001"
    assert wren.get("/rules/len001").headers["location"] == "/rules/LEN001"
    assert wren.get("/rules/LEN999").status_code == 404


def test_a_fix_on_a_rule_s_page_shows_its_braces_once(as_user: Users, house: Cast) -> None:
    assert "Wrap in \\text{…}" in as_user(house.wren).get("/rules/TEX201").text


def test_guides_speak_the_language_of_the_reader(as_user: Users, house: Cast, store: database.Database) -> None:
    with store.unit_of_work() as session:
        session.get_one(User, house.wren.id).language = Language.CHINESE
    wren = as_user(house.wren)
    for path in ("/guides", "/guides/house", "/rules", "/rules/TEX105"):
        assert '<html lang="zh-CN"' in wren.get(path).text
