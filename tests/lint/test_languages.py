"""`goldsmith lint` in the reader's language."""

import json
import re
from pathlib import Path
from unicodedata import combining, east_asian_width

import pytest
from click.testing import Result
from typer.testing import CliRunner

from server.cli import application

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LOCALE = {"GOLDSMITH_LANGUAGE": None, "LC_ALL": None, "LC_MESSAGES": None, "LANG": "zh_CN.UTF-8"}
TEXT = "So $\\foo$ and **so."
MACHINES = ["json", "jsonl", "github", "sarif", "junit"]


def lint(*arguments: str, stdin: str = TEXT, env: dict[str, str | None] | None = None) -> Result:
    return CliRunner().invoke(application("lint"), ["lint", *arguments], input=stdin, env=env or LOCALE)


def width(text: str) -> int:
    """Return the columns a terminal takes for a text."""
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def test_a_chinese_locale_is_answered_in_chinese() -> None:
    assert lint("-", stdin=f"中文 {TEXT}").stdout.split("\n") == [
        "<stdin>:1:8: 错误 TEX102 KaTeX 不认识 \\foo。",
        "  1 | 中文 So $\\foo$ and **so.",
        "    |          ^^^^",
        "<stdin>:1:18: 警告 FMT201 “**”会原样显示：强调没有结束。 [移除]",
        "  1 | 中文 So $\\foo$ and **so.",
        "    |                    ^^",
        "已检查 1 篇：1 个错误，1 个警告，0 条提示",
        "",
    ]


@pytest.mark.parametrize("env", [{"LANG": "en_GB.UTF-8"}, {"LC_ALL": "C"}, {"LANG": "zh_TW.UTF-8"}, {"LANG": None}])
def test_any_other_locale_is_answered_in_english(env: dict[str, str | None]) -> None:
    shown = lint("-", env=LOCALE | env).stdout
    assert "error TEX102 KaTeX does not know" in shown
    assert "1 checked: 1 error, 1 warning, 0 notes\n" in shown
    assert not CHINESE.search(shown)


@pytest.mark.parametrize("wish", ["zh", "zh_CN", "zh-cn"])
def test_the_option_decides_before_settings_and_locale(wish: str) -> None:
    english = {"GOLDSMITH_LANGUAGE": "en", "LANG": "en_GB.UTF-8"}
    assert "错误" in lint("-", "--language", wish, env=english).stdout
    assert "错误" not in lint("-", "--language", "en").stdout


def test_the_setting_decides_before_the_locale() -> None:
    assert "错误" in lint("-", env=LOCALE | {"GOLDSMITH_LANGUAGE": "zh_CN", "LANG": "C"}).stdout
    assert "error" in lint("-", env=LOCALE | {"GOLDSMITH_LANGUAGE": "en"}).stdout


def test_a_language_nobody_speaks_is_wrong_use() -> None:
    assert lint("-", "--language", "fr").exit_code == 2


@pytest.mark.parametrize("format", MACHINES)
def test_a_record_does_not_depend_on_who_made_it(format: str) -> None:
    chinese = lint("-", "--format", format, env=LOCALE | {"GOLDSMITH_LANGUAGE": "zh_CN"})
    english = lint("-", "--format", format, env=LOCALE | {"LANG": "en_GB.UTF-8"})
    assert "KaTeX does not know" in english.stdout
    assert chinese.stdout == english.stdout


@pytest.mark.parametrize("format", MACHINES)
def test_a_record_is_chinese_where_that_is_asked_for(format: str) -> None:
    shown = lint("-", "--format", format, "--language", "zh")
    assert "KaTeX 不认识 \\foo" in shown.stdout.replace("\\\\", "\\")
    assert "does not know" not in shown.stdout


def test_fixes_and_their_reasons_are_told_too() -> None:
    (found,) = json.loads(lint("-", "--format", "json", "--language", "zh", stdin="$\\frca{1}{2}$").stdout)
    ((fix,),) = (each["fixes"] for each in found["diagnostics"])
    assert (fix["title"], fix["safety"], fix["why"]) == ("替换为 \\frac", "display", "拼写最接近的命令。")


def test_braces_of_a_message_stay_as_they_are() -> None:
    (found,) = json.loads(lint("-", "--format", "json", "--language", "zh", stdin="好：$x 中文$。").stdout)
    (said,) = [each for each in found["diagnostics"] if each["code"] == "TEX201"]
    assert "\\text{…}" in said["message"]
    assert "\\text{…}" in said["fixes"][0]["title"]


def test_a_finding_is_the_same_in_every_language() -> None:
    one, other = (
        json.loads(lint("-", "--format", "json", "--language", language).stdout)[0]["diagnostics"]
        for language in ("en", "zh")
    )
    kept = ("code", "name", "level", "span", "line", "column", "fingerprint", "doc_url")
    assert [[each[key] for key in kept] for each in one] == [[each[key] for key in kept] for each in other]


@pytest.mark.parametrize("before", ["", "中文，", "ｆｕｌｌ", "かな한글", "e\u0301", "x" * 200, "宽" * 200])
def test_carets_stand_under_what_is_marked_whatever_the_width(before: str) -> None:
    _, line, carets, *_ = lint("-", "--select", "TEX102", stdin=f"{before} $\\foo$ 好").stdout.split("\n")
    assert width(line[: line.index("\\foo")]) == carets.index("^")
    assert carets.count("^") == len("\\foo")


@pytest.mark.parametrize("before", ["", "宽" * 20, "宽" * 300])
@pytest.mark.parametrize("after", ["", "宽" * 300, "e\u0301" * 300, "\u0301" * 100_000])
def test_a_line_is_cut_to_what_a_terminal_has_columns_for(before: str, after: str) -> None:
    _, line, carets, *_ = lint("-", "--select", "TEX102", stdin=f"{before} $\\foo$ {after}").stdout.split("\n")
    assert width(line) <= 120
    assert line[line.index("|") + 2] == ("…" if len(before) > 60 else (f"{before} ")[0])
    assert line.endswith("…") == (len(after) > 60)
    assert width(line[: line.index("\\foo")]) == carets.index("^")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-", "--guide", "none-such"], "没有名为 'none-such' 的指南；现有："),
        (["-", "--format", "xml"], "没有 'xml' 这种格式；可用：text、json"),
        (["-", "--select", "XYZ"], "没有名为 'XYZ' 的规则"),
        (["-", "--unsafe"], "--unsafe 要与"),
        (["-", "--baseline", "absent.json"], "无法读取基线 absent.json：没有这个文件或文件夹"),
        (["absent.md"], "absent.md 无法读取：没有这个文件或文件夹"),
    ],
)
def test_complaints_are_chinese_too(arguments: list[str], said: str) -> None:
    shown = lint(*arguments)
    assert shown.exit_code == 2
    assert shown.stderr.startswith(f"goldsmith lint: {said}")


def test_rows_and_guides_that_are_wrong_are_told_of_in_chinese(tmp_path: Path) -> None:
    rows, guide = tmp_path / "a.jsonl", tmp_path / "g.yaml"
    rows.write_text('{"response": 1}\n[1]\n{bad\n{"x": 1}\n')
    guide.write_text("guide: g\ntitle: G\nlnt: {}\n")
    assert lint(str(rows)).stderr.split("\n") == [
        f"goldsmith lint: {rows} 第 1 行的 'response' 是数字；答案应是字符串",
        f'goldsmith lint: {rows} 第 2 行是列表；每行应是一个对象，如 {{"response": "…"}}',
        f"goldsmith lint: {rows} 第 3 行不是 JSON：第 2 个字符处，这里应有用双引号括起的属性名",
        f"goldsmith lint: {rows} 第 4 行没有字段 'response'，只有 'x'；可用 --field 指明答案所在的字段",
        "",
    ]
    assert lint("-", "--guide", str(guide)).stderr == f"goldsmith lint: {guide}:3: lnt: 未知的键；是不是想写 'lint'？\n"


def test_what_stands_beside_the_report_is_chinese_too(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("So $a \\textless b$.")
    assert lint(str(path), "--statistics").stdout == "       1  TEX102  unknown-command\n已检查 1 篇\n"
    assert lint(str(path), "--write-baseline", str(tmp_path / "b.json")).stderr.endswith("1 个问题记为基线\n")
    assert lint(str(path), "--fix").stderr == "goldsmith lint: 已修正 1 处\n"


def test_a_terminal_that_cannot_show_a_character_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("So 😀 $\\foo$", "utf-8")
    gbk = CliRunner(charset="gbk")
    shown = gbk.invoke(application("lint"), ["lint", str(path)], env=LOCALE).stdout_bytes.decode("gbk")
    assert "错误 TEX102" in shown
    assert "  1 | So ? $\\foo$\n" in shown
    record = gbk.invoke(application("lint"), ["lint", str(path), "--format", "json", "--language", "zh"], env=LOCALE)
    assert "不认识" in record.stdout_bytes.decode("utf-8")


def test_sarif_says_which_language_it_speaks() -> None:
    (run,) = json.loads(lint("-", "--format", "sarif", "--language", "zh").stdout)["runs"]
    rule = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "TEX102")
    assert run["language"] == "zh-CN"
    assert rule["shortDescription"]["text"] == "公式用了 KaTeX 不认识的命令"
    assert "正例：\n    $a < b$" in rule["help"]["text"]
    (run,) = json.loads(lint("-", "--format", "sarif").stdout)["runs"]
    assert run["language"] == "en-US"
