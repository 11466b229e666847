"""The rules a guide states itself: each has a page, and a finding leads to it."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from server import db as database
from server import lint
from server.answers import linting
from server.guides import house_rules, queries, service
from server.models import Language, User
from tests import factories
from tests.factories import GUIDE, Cast

Users = Callable[[User], TestClient]
STYLE = """
  style:
    - code: STY001
      name: plain-words
      extends: substitution
      message: "“{match}”: write “{replacement}”."
      swap: {utilize: use, in order to: to}
    - code: STY002
      name: no-obviously
      extends: existence
      level: info
      lang: [en]
      tokens: [obviously, clearly]
      fix: {kind: delete, safety: safe}
      message: "“{match}” explains nothing."
      doc: |
        A word only says that something is clear

        Readers who do not see it feel slow; those who do need no word.
      bad: ["It is obviously even."]
      good: ["It is even, as it ends in 4."]
"""
HOUSE = GUIDE.replace("  extends: recommended\n", f"  extends: recommended{STYLE}")
OTHER = HOUSE.replace("guide: house\ntitle: House guide", "guide: other\ntitle: Other guide")
PAGE = "/guides/house/versions/2/rules"
IN_PLACE = {"HX-Request": "true"}


def publish(store: database.Database, cast: Cast, source: str) -> None:
    with store.unit_of_work() as session:
        service.publish(session, session.get_one(User, cast.lea.id), source)


@pytest.fixture
def house(store: database.Database, cast: Cast) -> Cast:
    """The cast's guide, its second version with two rules of its own."""
    publish(store, cast, HOUSE)
    return cast


def test_a_guide_with_rules_of_its_own_has_a_page_that_leads_to_theirs(as_user: Users, house: Cast) -> None:
    text = as_user(house.wren).get("/guides/house").text
    assert f'href="{PAGE}/STY001"' in text
    assert 'href="/rules/TEX105"' in text


def test_a_rule_of_a_guide_s_own_shows_all_the_guide_says_of_it(as_user: Users, house: Cast) -> None:
    text = as_user(house.wren).get(f"{PAGE}/STY001").text
    for words in ("Plain words", "STY001", "substitution", "utilize → use", "in order to → to", "after a look"):
        assert words in text
    assert "House guide, version 2" in text
    text = as_user(house.wren).get(f"{PAGE}/STY002").text
    for words in (
        "A word only says",
        "Readers who do not see it",
        "It is obviously even.",
        "Remove it: safe",
        "clearly",
    ):
        assert words in text


def test_the_newest_version_has_a_shorter_address(as_user: Users, house: Cast) -> None:
    assert "Plain words" in as_user(house.wren).get("/guides/house/rules/STY001").text


@pytest.mark.parametrize(
    "path", [f"{PAGE}/STY009", "/guides/house/versions/1/rules/STY001", "/guides/none/rules/STY001"]
)
def test_a_rule_the_version_does_not_have_is_not_found(as_user: Users, house: Cast, path: str) -> None:
    assert as_user(house.wren).get(path).status_code == 404


def test_a_built_in_rule_under_a_guide_is_the_built_in_page(as_user: Users, house: Cast) -> None:
    assert as_user(house.wren).get(f"{PAGE}/tex105").headers["location"] == "/rules/TEX105"


def test_a_visitor_is_sent_to_sign_in(client: TestClient, house: Cast) -> None:
    assert client.get(f"{PAGE}/STY001").headers["location"].startswith("/sign-in")


def test_the_bare_code_leads_to_the_guide_or_lets_one_choose(
    as_user: Users, house: Cast, store: database.Database
) -> None:
    wren = as_user(house.wren)
    assert wren.get("/rules/sty001").headers["location"] == "/guides/house/rules/STY001"
    publish(store, house, OTHER)
    text = wren.get("/rules/STY001").text
    assert 'href="/guides/house/rules/STY001"' in text
    assert 'href="/guides/other/rules/STY001"' in text
    assert wren.get("/rules/STY009").status_code == 404


@pytest.mark.parametrize("path", ["/rules/TEX105", "/rules/GRA101", f"{PAGE}/STY002"])
def test_beside_a_finding_comes_the_same_page_without_its_frame(as_user: Users, house: Cast, path: str) -> None:
    wren = as_user(house.wren)
    alone, whole = wren.get(path, headers=IN_PLACE), wren.get(path)
    assert alone.status_code == 200
    assert "<html" not in alone.text
    assert "<h1" not in alone.text
    body = alone.text.split("</h2>")[1].replace(" prose-small", "").split()
    assert " ".join(body) in " ".join(whole.text.split())
    assert "HX-Request" in alone.headers["vary"]


def test_a_mend_is_told_with_how_safe_it_is(as_user: Users, house: Cast) -> None:
    wren = as_user(house.wren)
    assert "Close brace: after a look" in wren.get("/rules/TEX105").text
    assert "Replace with &lt;: safe" in wren.get("/rules/TEX102").text
    assert "Replace with \\frac: only shown" in wren.get("/rules/TEX102").text


def test_the_page_speaks_the_reader_s_language(as_user: Users, house: Cast, store: database.Database) -> None:
    with store.unit_of_work() as session:
        session.get_one(User, house.wren.id).language = Language.CHINESE
    text = as_user(house.wren).get(f"{PAGE}/STY001", headers=IN_PLACE).text
    assert "after a look" not in text
    assert "警告" in text


def test_a_finding_leads_to_the_rule_of_the_version_it_was_made_under(
    as_user: Users, house: Cast, store: database.Database
) -> None:
    with store.unit_of_work() as session:
        task = factories.task(session, house)
    wren, text = as_user(house.wren), "We utilize $\\foo$ for it."
    wren.put(f"/api/v1/tasks/{task.id}/answer", json={"text": text, "revision": 0})
    pages = {"TEX102": "/rules/TEX102", "STY001": f"{PAGE}/STY001"}
    report = wren.post(f"/api/v1/tasks/{task.id}/lint", json={"text": text}).json()
    assert {found["code"]: found["doc_url"] for found in report["diagnostics"]} == pages
    report = wren.post("/api/v1/lint", json={"text": text, "guide": "house"}).json()
    assert {found["code"]: found["doc_url"] for found in report["diagnostics"]} == pages
    refused = wren.post(f"/api/v1/tasks/{task.id}/answer/submission", json={"checklist": ["reread"]}).json()
    assert [found["doc_url"] for found in refused["diagnostics"]] == ["/rules/TEX102"]
    shown = wren.get(f"/tasks/{task.id}/answer/submission", headers=IN_PLACE).text
    assert all(f'href="{page}" data-rule="{code}"' in shown for code, page in pages.items())


def test_a_stored_report_leads_to_the_rule_as_it_was_then(
    as_user: Users, house: Cast, store: database.Database
) -> None:
    with store.unit_of_work() as session:
        newest = queries.current(session, house.guide.id)
        report = linting.report("We utilize it.", newest, lint.LintContext())
        task = factories.task(session, house)
        version = factories.version(session, house, task, "We utilize it.", guide_version_id=newest.id, report=report)
    publish(store, house, GUIDE)
    shown = as_user(house.rosa).get(f"/versions/{version.id}").text
    assert f'href="{PAGE}/STY001" data-rule="STY001"' in shown
    assert as_user(house.rosa).get(f"{PAGE}/STY001").status_code == 200


def test_every_verb_has_its_terms_and_its_safety() -> None:
    rules = [
        "{code: STY001, name: a, extends: occurrence, tokens: [x], max: 2, distinct: true, message: m}",
        "{code: STY002, name: b, extends: repetition, patterns: ['x+'], message: m}",
        "{code: STY003, name: c, extends: consistency, either: {colour: color}, message: m}",
        "{code: STY004, name: d, extends: conditional, first: a, second: b, message: m}",
        "{code: STY005, name: e, extends: metric, formula: words / sentences, max: 30, message: m}",
        "{code: STY006, name: f, extends: sequence, steps: [a, b], required: true, message: m}",
    ]
    guide = lint.parse_guide(f"guide: g\ntitle: G\nlint: {{style: [{', '.join(rules)}]}}")
    terms = {rule.code: dict(house_rules.terms(phrase)) for rule, phrase in house_rules.of(guide)}
    assert [next(iter(each)) for each in terms.values()] == ["extends"] * 6
    assert terms["STY001"] == {
        "extends": ["occurrence"],
        "tokens": ["x"],
        "max": ["2"],
        "distinct": ["true"],
        "message": ["m"],
    }
    assert terms["STY003"]["either"] == ["colour → color"]
    assert terms["STY005"]["formula"] == ["words / sentences"]
    safeties = [house_rules.safety(phrase) for _, phrase in house_rules.of(guide)]
    assert safeties == [None, None, "unsafe", None, None, None]
