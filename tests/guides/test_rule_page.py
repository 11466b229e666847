"""A rule's page, its words in a terminal and its document tell the same."""

import html
import re
from collections.abc import Callable

import typer
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from server import lint
from server.commands import guides
from server.guides import rule_help, rule_page
from server.models import User
from tests import rules_doc
from tests.factories import Cast

Users = Callable[[User], TestClient]
FORMULA = re.compile(r"\$[^$]*\$")  # drawn on the page
app = typer.Typer()
app.command("rules")(guides.rules)


def test_the_terminal_prints_the_document_but_for_its_link() -> None:
    documents = rules_doc.pages()
    for code in lint.rules():
        printed = CliRunner().invoke(app, [code]).stdout
        assert documents[f"rules/{code}.md"].startswith(printed)


def test_the_page_shows_all_that_the_document_says(as_user: Users, cast: Cast) -> None:
    wren = as_user(cast.wren)
    for code, rule in lint.rules().items():
        page = _shown(wren.get(f"/rules/{code}").text)
        pieces = rule_help.pieces(rule.help)
        said = [rule.title, rule.name, *(piece.text for piece in pieces if piece.kind != "text")]
        said += [words for piece in pieces if piece.kind == "text" for words in FORMULA.split(piece.text)]
        said += [word for fix in rule_help.fixes(code) for word in (fix.title, rule_help.SAFETIES[fix.safety])]
        said += [word for option in rule_help.options(rule) for word in (option.takes, option.default, option.meaning)]
        assert [text for text in said if _words(text) not in page] == [], code


def _shown(page: str) -> str:
    bare = re.sub(r"<[^<>]*>", "", re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S))
    return _words(html.unescape(bare))


def _words(text: str) -> str:
    """Return the letters and digits of a text, and nothing of the marks around them."""
    return re.sub(r"[\W_]+", "", text)


def test_the_facts_of_a_rule_stand_in_its_page() -> None:
    page = rule_page.markdown(lint.rules()["ANS003"])
    assert "| when | a moment later (second tier) |" in page
    assert "| recommended | no: in force where a guide asks for it |" in page
    assert "| level | error |" in page


def test_options_say_what_they_take_and_what_holds_unless_set() -> None:
    page = rule_page.markdown(lint.rules()["ZHT103"])
    assert r"| `spacing` | `profile \| add \| remove` | `profile` |" in page
    assert "| `min` | `number` | nothing |" in rule_page.markdown(lint.rules()["LEN002"])
    assert "| `required` | `[text]` | `[]` |" in rule_page.markdown(lint.rules()["FMT102"])


def test_every_option_of_every_rule_has_a_meaning() -> None:
    bare = [(code, o.name) for code, rule in lint.rules().items() for o in rule_help.options(rule) if not o.meaning]
    assert bare == []


def test_fixes_are_those_that_the_examples_offer() -> None:
    offered = {(fix.title, fix.safety) for fix in rule_help.fixes("TEX102")}
    assert {("Replace with <", "safe"), (r"Replace with \frac", "display")} <= offered
    assert rule_help.fixes("LEN002") == ()


def test_what_markdown_would_read_is_escaped_and_examples_have_longer_fences() -> None:
    assert r"| Replace with \< |" in rule_page.markdown(lint.rules()["TEX102"])
    assert "````md\n```python\nprint(4)\n````" in rule_page.markdown(lint.rules()["COD101"])
