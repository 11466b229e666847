"""The page of a rule, beside the words it is about."""

import re
from dataclasses import replace
from html import unescape

import pytest

from server import lint
from server.language_server import hover
from server.lint.parser import to_html
from tests.language_server.editor import Editor, codes
from tests.lint import support

HOUSE = """
guide: house
title: House
lint:
  style:
    - {code: STY001, name: loose-word, extends: existence, level: warning, tokens: [stuff], scope: prose,
       message: "“{match}” is *loose*", doc: "A loose word.\\nSay which things.",
       bad: ["All that stuff."], good: ["All that."]}
"""


def page(text: str, guide: lint.Guide = support.RECOMMENDED) -> str:
    """Return what is shown over all findings of a text."""
    return hover.page(lint.lint(text, guide).diagnostics, text, guide)


def test_hovering_a_finding_shows_its_rule(editor: Editor) -> None:
    uri = editor.open("hover.md", "😀 So $a \\textless b$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    shown = editor.hover(uri, "\\textless")
    rule = lint.rules()["TEX102"]
    assert shown.startswith("**TEX102** unknown-command (error)\n\nKaTeX does not know \\\\textless.")
    assert f"**{rule.title}**" in shown
    assert "*Safe fix:* Replace with \\<" in shown
    assert "*It finds*\n```markdown\n$a \\textless b$\n```" in shown
    assert "*It passes*\n```markdown\n$a < b$" in shown


def test_elsewhere_nothing_is_shown(editor: Editor) -> None:
    uri = editor.open("elsewhere.md", "So $a \\textless b$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    assert editor.hover(uri, "So") == ""


def test_findings_at_one_place_are_all_shown() -> None:
    parts = page("So $\\foo$ and $x^$.").split("\n\n---\n\n")
    assert [part.split()[0] for part in parts] == ["**TEX102**", "**TEX101**"]


@pytest.mark.parametrize("rule", lint.rules().values(), ids=lambda rule: str(rule.code))
def test_every_page_holds_the_whole_help_of_its_rule(rule: lint.Rule) -> None:
    finding = lint.lint("So $\\foo$.", support.RECOMMENDED).diagnostics[0]
    shown = hover.page([replace(finding, code=rule.code)], "So $\\foo$.", support.RECOMMENDED)
    for example in support.examples(rule):
        assert ("*It finds*" if example.bad else "*It passes*") in shown
    assert rule.name in shown
    assert "Bad:" not in shown


def test_what_only_shows_the_way_is_shown() -> None:
    assert "*Hint:* Replace with \\\\frac  \nThe nearest command by spelling.  \n` \\frca ` → ` \\frac `" in page(
        "So $\\frca{1}{2}$."
    )


def test_the_house_explains_its_own_rules() -> None:
    shown = page("All that stuff.", lint.parse_guide(HOUSE))
    assert "**STY001** loose-word (warning)\n\n“stuff” is \\*loose\\*" in shown
    assert "Say which things." in shown
    assert "*It finds*\n```markdown\nAll that stuff.\n```" in shown


def test_markdown_shows_a_message_as_it_is() -> None:
    words = "\\*a* _b_ `c` [d](e) #g |h| ~i~ $j$ &amp; !k <f>"
    shown = re.sub(r"<span[^>]*>|</span>", "", to_html(hover.literal(words)))
    assert unescape(shown) == f"<p>{words}</p>\n"


@pytest.mark.parametrize("text", ["a ``` b", "````", "```\n~~~~~\n"])
def test_no_example_ends_its_block(text: str) -> None:
    fence, _, rest = hover.fenced(text).partition("markdown\n")
    assert rest == f"{text}\n{fence}"
    assert fence not in text
