"""The language server speaks the language of its editor."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.language_server.editor import Editor, codes

TEXT = "So $a \\textless b$ and **so."
SILENT = {"GOLDSMITH_LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "C.UTF-8"}
CHINESE = "KaTeX 不认识 \\textless。"
ENGLISH = "KaTeX does not know \\textless."


@pytest.fixture(scope="module")
def chinese() -> Iterator[Editor]:
    editor = Editor(locale="zh-cn")
    yield editor
    assert editor.leave() == 0
    assert editor.logged == []


def first_message(editor: Editor) -> str:
    uri = editor.open("a.md", TEXT)
    found = editor.until(uri, lambda now: "TEX102" in codes(now))
    assert editor.leave() == 0
    return found[0].message


def test_findings_are_told_in_the_language_of_the_editor(chinese: Editor) -> None:
    uri = chinese.open("findings.md", TEXT)
    found = chinese.until(uri, lambda now: codes(now) == ["TEX102", "FMT201"])
    assert [item.message for item in found] == [CHINESE, "“**”会原样显示：强调没有结束。"]


def test_code_actions_are_told_in_it_and_do_the_same(chinese: Editor) -> None:
    uri = chinese.open("actions.md", TEXT)
    chinese.until(uri, lambda now: "TEX102" in codes(now))
    titles = [action.title for action in chinese.actions(uri, "\\textless")]
    assert titles == ["替换为 <", "用注释让本段不再报 TEX102", "应用安全修正"]
    chinese.apply(chinese.actions(uri, "\\textless")[0])
    assert chinese.texts[uri] == "So $a < b$ and **so."


def test_reasons_of_fixes_to_look_at_are_told_in_it(chinese: Editor) -> None:
    uri = chinese.open("reasons.md", "So $中文$ it is.")
    chinese.until(uri, lambda now: "TEX201" in codes(now))
    (title, *_) = (action.title for action in chinese.actions(uri, "中文"))
    assert title.startswith("放入 \\text{…}（")
    assert title.endswith("）")
    assert "。）" not in title


def test_hover_is_told_in_it(chinese: Editor) -> None:
    uri = chinese.open("hover.md", TEXT)
    chinese.until(uri, lambda now: "TEX102" in codes(now))
    shown = chinese.hover(uri, "\\textless")
    assert shown.startswith("**TEX102** unknown-command（错误）")
    assert "**公式用了 KaTeX 不认识的命令**" in shown
    assert "does not" not in shown


def test_what_is_wrong_with_a_guide_is_told_in_it(chinese: Editor, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text("guide: wrong\ntitle: W\nrubrik: []\n")
    uri = chinese.open("wrong.yaml", path.read_text(), "yaml", path.as_uri())
    (found,) = chinese.until(uri, lambda now: len(now) == 1)
    assert found.message == "rubrik: 未知的键；是不是想写 'rubric'？"
    chinese.configure({"goldsmith": {"guide": str(path)}})
    said = chinese.wait(lambda: next(iter(chinese.shown), None))
    assert "未知的键" in said
    assert "改好之前" in said


@pytest.mark.parametrize(
    ("locale", "environment", "said"),
    [
        ("en", {"LANG": "zh_CN.UTF-8"}, ENGLISH),
        ("zh-tw", {"LANG": "zh_CN.UTF-8"}, ENGLISH),
        (None, {"LANG": "zh_CN.UTF-8"}, CHINESE),
        (None, {"LANG": "zh_CN.UTF-8", "GOLDSMITH_LANGUAGE": "en"}, ENGLISH),
        (None, {}, ENGLISH),
    ],
)
def test_an_editor_that_says_no_language_leaves_it_to_the_environment(
    locale: str | None, environment: dict[str, str], said: str
) -> None:
    assert first_message(Editor(locale=locale, env=SILENT | environment)) == said


def test_the_command_line_decides_before_the_editor() -> None:
    assert first_message(Editor("--language", "zh", locale="en")) == CHINESE
