"""`goldsmith lint`."""

import io
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from server.lint.command import Fields, run


def _run(folder: Path, *paths: str, stdin: str = "", **options: object) -> tuple[int, str, str]:
    out, errors = io.StringIO(), io.StringIO()
    status = run(
        paths,
        guides=folder,
        stdin=io.StringIO(stdin),
        stdout=out,
        stderr=errors,
        **options,  # type: ignore[arg-type]
    )
    return status, out.getvalue(), errors.getvalue()


def test_a_clean_file_exits_zero(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Four.")
    status, out, _ = _run(tmp_path, str(tmp_path / "a.md"))
    assert (status, out) == (0, "1 checked: 0 errors, 0 warnings, 0 notes\n")


def test_an_error_exits_one_and_names_the_place(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("So\n$\\foo$.")
    status, out, _ = _run(tmp_path, str(path))
    assert status == 1
    assert f"{path}:2:2: error TEX102 KaTeX does not know \\foo." in out


def test_fail_on_sets_what_counts(tmp_path: Path) -> None:
    text = "The **answer."
    assert _run(tmp_path, "-", stdin=text)[0] == 0
    assert _run(tmp_path, "-", stdin=text, fail_on="warning")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"guide": "none-such"}, "no guide called 'none-such'; known: good"),
        ({"output": "xml"}, "unknown format 'xml'"),
        ({"fail_on": "fatal"}, "unknown level 'fatal'"),
    ],
)
def test_wrong_use_exits_two_with_a_sentence(tmp_path: Path, arguments: dict[str, str], said: str) -> None:
    (tmp_path / "good.yaml").write_text("guide: good\ntitle: Good")
    status, out, errors = _run(tmp_path, "-", **arguments)
    assert (status, out) == (2, "")
    assert said in errors


def test_a_file_that_cannot_be_read_exits_two_after_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Four.")
    status, out, errors = _run(tmp_path, str(tmp_path / "absent.md"), str(tmp_path / "a.md"))
    assert status == 2
    assert "1 checked" in out
    assert "absent.md cannot be read" in errors


def test_a_guide_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    (tmp_path / "strict.yaml").write_text("guide: strict\ntitle: S\nlint: {rules: {LEN002: {min: 50}}}")
    assert _run(tmp_path, "-", stdin="Four.", guide="strict")[0] == 1
    assert _run(Path("/nowhere"), "-", stdin="Four.", guide=str(tmp_path / "strict.yaml"))[0] == 1


def test_json_lists_path_row_and_diagnostics(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"response": "So $\\\\foo$."}\n\n{"response": "a\u2028b"}\n')
    status, out, _ = _run(tmp_path, str(path), output="json")
    first, second = json.loads(out)
    assert status == 1
    assert (first["path"], first["row"], first["diagnostics"][0]["code"]) == (str(path), 1, "TEX102")
    assert (second["row"], second["diagnostics"]) == (3, [])


def test_rows_give_their_prompt_and_bad_rows_are_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": "Dear [Your Name]", "q": "Write a letter."}\n{"b": 1}\nnot json\n[1]\n')
    status, out, errors = _run(tmp_path, str(path), fields=Fields(response="a", prompt="q"))
    assert status == 2
    assert "1 checked: 0 errors" in out
    assert [f"row {number}" in errors for number in (2, 3, 4)] == [True] * 3


def test_fix_rewrites_files_and_rows_and_nothing_else(tmp_path: Path) -> None:
    path, rows = tmp_path / "a.md", tmp_path / "b.jsonl"
    path.write_bytes(b"So $a \\textless b$.\r\n")
    rows.write_text('{"id":  1, "response": "fine"}\n{"id": 2, "response": "$a \\\\textless b$ 中"}\n')
    status, _, errors = _run(tmp_path, str(path), str(rows), fix=True)
    assert (status, errors) == (0, "goldsmith lint: 2 fixed\n")
    assert path.read_bytes() == b"So $a < b$.\r\n"
    assert rows.read_text() == '{"id":  1, "response": "fine"}\n{"id": 2, "response": "$a < b$ 中"}\n'


@pytest.mark.parametrize("output", ["jsonl", "github", "sarif", "junit"])
def test_every_format_names_the_code(tmp_path: Path, output: str) -> None:
    status, out, _ = _run(tmp_path, "-", stdin="So $\\foo$, <b>.", output=output)
    assert status == 1
    assert "TEX102" in out
    if output == "sarif":
        assert json.loads(out)["runs"][0]["results"][0]["ruleId"] == "TEX102"
    if output == "junit":
        assert ElementTree.fromstring(out).attrib["failures"] == "1"


def test_no_texts_make_an_empty_list(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("")
    assert json.loads(_run(tmp_path, str(tmp_path / "a.jsonl"), output="json")[1]) == []
