"""`goldsmith guides check` and `goldsmith rules`."""

from pathlib import Path

import typer
from typer.testing import CliRunner

from server import lint
from server.commands import guides
from server.config import resources
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


def test_every_rule_is_listed_and_explained_by_code_or_name() -> None:
    listed = CliRunner().invoke(app, ["rules"]).stdout
    assert all(code in listed for code in lint.rules())
    by_code, by_name = (CliRunner().invoke(app, ["rules", key]).stdout for key in ("len002", "length-out-of-range"))
    assert by_code == by_name
    assert "| `min` | `number` | nothing |" in by_code
