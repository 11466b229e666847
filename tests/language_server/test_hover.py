"""The page of a rule, beside the words it is about."""

from dataclasses import replace

import pytest

from server import lint
from server.i18n import Speech
from server.language_server import hover
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
    assert "*Hint:* Replace with \\\\frac  \nThe nearest command by spelling.  \n`\\frca` → `\\frac`" in page(
        "So $\\frca{1}{2}$."
    )


def test_the_house_explains_its_own_rules() -> None:
    shown = page("All that stuff.", lint.parse_guide(HOUSE))
    assert "**STY001** loose-word (warning)\n\n“stuff” is \\*loose\\*" in shown
    assert "Say which things." in shown
    assert "*It finds*\n```markdown\nAll that stuff.\n```" in shown


def test_a_page_is_told_in_the_reader_s_words() -> None:
    text, chinese = "So $\\frca{1}{2}$.", Speech("zh_CN")
    shown = hover.page(lint.lint(text, support.RECOMMENDED).diagnostics, text, support.RECOMMENDED, chinese)
    assert shown.startswith("**TEX102** unknown-command（错误）\n\nKaTeX 不认识 \\\\frca。")
    assert "*提示*：替换为 \\\\frac  \n拼写最接近的命令。  \n`\\frca` → `\\frac`" in shown
    assert "*会指出*\n```markdown\n$a \\textless b$\n```" in shown
    assert "does not know" not in shown
