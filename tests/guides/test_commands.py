"""`goldsmith guides check` and `goldsmith rules`."""

import re
from pathlib import Path

import typer
from click.testing import Result
from typer.testing import CliRunner

from server import lint
from server.commands import guides
from server.config import resources
from server.guides import rule_help, rule_page
from server.i18n import Speech
from server.lint.parser import to_html
from tests.factories import GUIDE

app = typer.Typer()
app.add_typer(guides.app, name="guides")
app.command("rules")(guides.rules)


TRIED = """  style:
    - code: STY001
      name: no-clearly
      extends: existence
      tokens: [clearly]
      message: "“{match}” proves nothing"
      bad:
        - Obviously even.
        - It is clearly even.
      good:
        - Clear.
        - Clearly it is.
"""


def test_the_guides_that_come_with_goldsmith_hold_together() -> None:
    files = [str(path) for path in resources("styleguides").glob("*.yaml")]
    run = CliRunner().invoke(app, ["guides", "check", *files])
    assert run.exit_code == 0
    assert "Mathematics answers in English" in run.stdout


def test_a_wrong_guide_is_named_with_path_and_mend_and_the_others_are_still_checked(tmp_path: Path) -> None:
    wrong, right = tmp_path / "wrong.yaml", tmp_path / "house.yaml"
    wrong.write_text(GUIDE.replace("guide: house", "guide: wrong").replace("rubric:", "rubrik:"))
    right.write_text(GUIDE)
    run = CliRunner().invoke(app, ["guides", "check", str(wrong), str(tmp_path / "none.yaml"), str(right)])
    assert run.exit_code == 1
    assert "wrong.yaml" in run.stderr
    assert "rubrik: unknown key; did you mean 'rubric'?" in run.stderr
    assert "none.yaml" in run.stderr
    assert "house.yaml: House guide" in run.stdout


def test_an_example_that_its_rule_does_not_bear_out_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "house.yaml"
    source = GUIDE.replace("lint:\n", f"lint:\n{TRIED}")
    path.write_text(source)
    run = CliRunner().invoke(app, ["guides", "check", str(path)])
    assert run.exit_code == 1
    passed, found = (
        source.splitlines().index(f"        - {text}") + 1 for text in ("Obviously even.", "Clearly it is.")
    )
    assert run.stderr.splitlines() == [
        f"{path}:{passed}: lint.style.0.bad.0: STY001 passes this example, which it should find",
        f"{path}:{found}: lint.style.0.good.1: STY001 finds “Clearly” in this example, which it should pass",
    ]


def test_what_is_wrong_in_a_guide_is_told_in_chinese_too(tmp_path: Path) -> None:
    wrong, right = tmp_path / "wrong.yaml", tmp_path / "house.yaml"
    wrong.write_text(GUIDE.replace("guide: house", "guide: wrong").replace("rubric:", "rubrik:"))
    right.write_text(GUIDE)
    run = CliRunner().invoke(app, ["guides", "check", str(wrong), str(right), "--language", "zh"])
    assert "rubrik: 未知的键；是不是想写 'rubric'？" in run.stderr
    assert run.stdout.startswith(f"{right}：House guide：共启用")


def rules(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["rules", *arguments])


def test_rules_are_listed_and_explained_in_chinese() -> None:
    (line,) = [each for each in rules("--language", "zh").stdout.split("\n") if each.startswith("TEX102")]
    assert line == f"TEX102  {'错误':<6} {'unknown-command':<28} 公式用了 KaTeX 不认识的命令"
    page = rules("TEX102", "--language", "zh").stdout
    assert "| 级别 | 错误 |" in page
    assert "**修正的安全性**：" in page
    assert "会指出：\n\n```md\n$a \\textless b$\n```" in page
    assert rules("--language", "zh", "none-such").stderr == "没有名为 none-such 的规则。\n"


def test_a_chinese_page_has_all_its_parts_and_no_english_sentence() -> None:
    chinese = Speech("zh_CN")
    sentences = {title for rule in lint.rules().values() for title in (rule.title, *_texts(rule))}
    for rule in lint.rules().values():
        english, page = rule_page.markdown(rule), rule_page.markdown(rule, chinese)
        for mark in ("\n## ", "\n| ", "\n**", "```md\n"):
            assert page.count(mark) == english.count(mark), (rule.code, mark)
        assert [text for text in sentences if text in page] == [], rule.code
        assert "**" not in re.sub(r"```.*?```|`[^`]*`", "", plain(page), flags=re.S), rule.code


def _texts(rule: lint.Rule) -> list[str]:
    return [piece.text for piece in rule_help.pieces(rule.help) if piece.kind == "text"]


def plain(markdown: str) -> str:
    """Return what is left of a page's marks once it is drawn."""
    html = to_html(re.sub(r"^(`{3,})md\n.*?^\1$", "", markdown, flags=re.S | re.M), cjk_friendly=False)
    return re.sub(r"<code>.*?</code>|<[^<>]*>", "", html, flags=re.S)


def test_a_mistyped_rule_has_a_suggestion() -> None:
    run = CliRunner().invoke(app, ["rules", "lost-row-brek"])
    assert run.exit_code == 1
    assert run.stderr == "There is no rule called lost-row-brek. Did you mean lost-row-break?\n"
    assert rules("tex3002", "--language", "zh").stderr == "没有名为 tex3002 的规则。是不是想找 TEX302？\n"


def test_every_rule_is_listed_and_explained_by_code_or_name() -> None:
    listed = CliRunner().invoke(app, ["rules"]).stdout
    assert all(code in listed for code in lint.rules())
    by_code, by_name = (CliRunner().invoke(app, ["rules", key]).stdout for key in ("len002", "length-out-of-range"))
    assert by_code == by_name
    assert "| `min` | `number` | nothing |" in by_code
