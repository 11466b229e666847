"""`goldsmith new-rule`."""

from pathlib import Path

import pytest

from server.lint import phrases, scaffold


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "server" / "lint" / "rules").mkdir(parents=True)
    return tmp_path


def test_a_rule_begins_with_its_file_and_its_specification(checkout: Path) -> None:
    written = scaffold.new_rule(checkout, "TEX999", "odd-formula")
    assert [str(path.relative_to(checkout)) for path in written] == [
        "server/lint/rules/tex/odd_formula.py",
        "tests/lint/rules/TEX999.md",
        "server/lint/rules/tex/__init__.py",
    ]
    code = written[0].read_text()
    compile(code, "odd_formula.py", "exec")
    assert 'rule(code="TEX999", name="odd-formula"' in code
    assert "→ silent" in written[1].read_text()


def test_a_phrase_rule_begins_as_yaml_that_loads(checkout: Path) -> None:
    written = scaffold.new_rule(checkout, "BOI999", "odd-phrase", phrase=True)
    assert phrases.from_file(written[0]).name == "odd-phrase"


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [("tex1", "x", "is no code"), ("TEX999", "Odd", "is no name"), ("TEX102", "odd", "already")],
)
def test_a_wrong_name_or_code_is_refused(checkout: Path, code: str, name: str, said: str) -> None:
    with pytest.raises(scaffold.Refused, match=said):
        scaffold.new_rule(checkout, code, name)


def test_outside_a_checkout_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(scaffold.Refused, match="not a checkout"):
        scaffold.new_rule(tmp_path, "TEX999", "odd")
    assert list(tmp_path.iterdir()) == []
