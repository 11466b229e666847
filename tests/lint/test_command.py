"""`goldsmith lint`."""

import io
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from server.lint.command import Wishes, run
from server.lint.sources import Fields


def _run(folder: Path, *paths: str, stdin: str = "", **options: object) -> tuple[int, str, str]:
    out, errors = io.StringIO(), io.StringIO()
    wishes = Wishes(folder, **options)  # type: ignore[arg-type]
    status = run(paths, wishes, stdin=io.StringIO(stdin), stdout=out, stderr=errors)
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


FAULT = "So $\\foo$ is."


def test_text_shows_the_line_with_carets_under_what_is_marked(tmp_path: Path) -> None:
    _, out, _ = _run(tmp_path, "-", stdin=f"First.\n\n中文 {FAULT}")
    assert out.split("\n")[1:3] == ["  3 | 中文 So $\\foo$ is.", "    |          ^^^^"]


def test_colours_are_for_terminals(tmp_path: Path) -> None:
    assert "\033[31merror" in _run(tmp_path, "-", stdin=FAULT, colour=True)[1]
    assert "\033" not in _run(tmp_path, "-", stdin=FAULT)[1]


def test_folders_and_globs_are_searched_and_hidden_files_are_not(tmp_path: Path) -> None:
    for name in ("b.md", "a.txt", "deep/c.md", ".git/d.md", "e.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(FAULT)
    found = [item["path"] for item in json.loads(_run(tmp_path, str(tmp_path), output="json")[1])]
    assert found == [str(tmp_path / name) for name in ("a.txt", "b.md", "deep/c.md")]
    globbed = json.loads(_run(tmp_path, str(tmp_path / "**/*.md"), output="json")[1])
    assert [item["path"] for item in globbed] == [str(tmp_path / "b.md"), str(tmp_path / "deep/c.md")]


def test_a_folder_without_texts_is_wrong_use(tmp_path: Path) -> None:
    status, _, errors = _run(tmp_path, str(tmp_path))
    assert status == 2
    assert "no file to lint there" in errors


@pytest.mark.parametrize(
    ("select", "ignore", "codes"),
    [
        (("TEX",), (), {"TEX102"}),
        (("unclosed-emphasis",), (), {"FMT201"}),
        (("TEX102,FMT201",), (), {"TEX102", "FMT201"}),
        ((), ("TEX", "unclosed-emphasis"), set()),
        (("TEX",), ("TEX102",), set()),
    ],
)
def test_select_and_ignore_take_codes_prefixes_and_names(
    tmp_path: Path, select: tuple[str, ...], ignore: tuple[str, ...], codes: set[str]
) -> None:
    _, out, _ = _run(tmp_path, "-", stdin=f"{FAULT[:-1]} **so.", output="json", select=select, ignore=ignore)
    assert {item["code"] for item in json.loads(out)[0]["diagnostics"]} == codes


def test_a_selector_that_means_nothing_is_wrong_use(tmp_path: Path) -> None:
    status, _, errors = _run(tmp_path, "-", stdin="x", select=("XYZ",))
    assert status == 2
    assert "no rule is called 'XYZ'" in errors


def test_selecting_keeps_the_options_of_the_guide_and_takes_its_own_rules(tmp_path: Path) -> None:
    style = '{code: STY001, name: so, extends: existence, tokens: [so], message: "“{match}”"}'
    (tmp_path / "g.yaml").write_text(f"guide: g\ntitle: G\nlint: {{rules: {{LEN002: {{min: 50}}}}, style: [{style}]}}")
    for select, code in (("LEN002", "LEN002"), ("STY", "STY001")):
        _, out, _ = _run(tmp_path, "-", stdin="so", guide="g", output="json", select=(select,))
        assert [item["code"] for item in json.loads(out)[0]["diagnostics"]] == [code]


def test_unsafe_fixes_are_made_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("So **four.\n")
    _run(tmp_path, str(path), fix=True)
    assert path.read_text() == "So **four.\n"
    _run(tmp_path, str(path), fix=True, unsafe=True)
    assert path.read_text() == "So four.\n"


def test_diff_shows_the_change_and_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("One.\nSo $a \\textless b$.\n")
    status, out, _ = _run(tmp_path, str(path), diff=True)
    assert status == 1
    assert "-So $a \\textless b$.\n+So $a < b$.\n" in out
    assert "textless" in path.read_text()
    assert _run(tmp_path, "-", stdin="One.", diff=True)[:2] == (0, "")


def test_rows_that_hold_no_text_stay_in_a_file_that_is_fixed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('\nnot json\n{"response": "$a \\\\textless b$"}')
    assert _run(tmp_path, str(path), fix=True)[0] == 2
    assert path.read_text() == '\nnot json\n{"response": "$a < b$"}'
    assert list(tmp_path.iterdir()) == [path]


def test_statistics_count_by_rule(tmp_path: Path) -> None:
    _, out, _ = _run(tmp_path, "-", stdin=f"{FAULT} {FAULT} **so", statistics=True)
    assert out.split("\n")[0].split() == ["2", "TEX102", "unknown-command"]
    _, out, _ = _run(tmp_path, "-", stdin=FAULT, statistics=True, output="json")
    assert json.loads(out) == {"checked": 1, "rules": [{"code": "TEX102", "name": "unknown-command", "count": 1}]}


def test_a_baseline_hides_what_was_there_and_nothing_new(tmp_path: Path) -> None:
    path, known = tmp_path / "a.md", str(tmp_path / "known.json")
    path.write_text(FAULT)
    status, _, errors = _run(tmp_path, str(path), write_baseline=known)
    assert (status, "1 findings" in errors) == (0, True)
    path.write_text(f"Something in front.\n\n{FAULT}")
    assert _run(tmp_path, str(path), baseline=known)[0] == 0
    path.write_text(f"{FAULT}\n\n{FAULT}")
    assert _run(tmp_path, str(path), baseline=known)[0] == 1
    (tmp_path / "known.json").write_text("{}")
    assert _run(tmp_path, str(path), baseline=known)[0] == 2


def test_rows_come_from_standard_input_too(tmp_path: Path) -> None:
    rows = '{"response": "fine."}\n{"response": "So $\\\\foo$."}\n'
    _, out, _ = _run(tmp_path, "-", stdin=rows, stdin_name="in.jsonl", output="jsonl")
    assert [(item["path"], item["row"]) for item in map(json.loads, out.splitlines())] == [
        ("in.jsonl", 1),
        ("in.jsonl", 2),
    ]


@pytest.mark.slow
def test_several_processes_say_the_same_in_the_same_order(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    rows = [{"response": f"Row {number} $\\foo$ and **so." if number % 3 else "fine."} for number in range(100)]
    path.write_text("\n".join(map(json.dumps, rows)))
    one = _run(tmp_path, str(path), output="jsonl")
    two = _run(tmp_path, str(path), output="jsonl", jobs=2)
    assert one == two
    assert one[0] == 1


def test_sarif_has_what_its_schema_requires(tmp_path: Path) -> None:
    path = tmp_path / "a b.md"
    path.write_text(f"中 {FAULT}")
    (tmp_path / "r.jsonl").write_text('{"response": "So $\\\\foo$."}')
    log = json.loads(_run(tmp_path, str(path), str(tmp_path / "r.jsonl"), output="sarif")[1])
    assert log["version"] == "2.1.0"
    (run_,) = log["runs"]
    driver = run_["tool"]["driver"]
    assert driver["name"] == "goldsmith"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in ("none", "note", "warning", "error")
    assert run_["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    for result in run_["results"]:
        assert result["ruleId"] in ids
        assert result["message"]["text"]
        assert result["level"] in ("none", "note", "warning", "error")
        place = result["locations"][0]["physicalLocation"]
        assert " " not in place["artifactLocation"]["uri"]
        assert all(place["region"].get(key, 1) >= 1 for key in ("startLine", "startColumn"))
        assert all(isinstance(mark, str) for mark in result["partialFingerprints"].values())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"fix": True}, "cannot be fixed in place"),
        ({"unsafe": True}, "--unsafe belongs to"),
        ({"jobs": 0}, "--jobs counts"),
        ({"baseline": "absent.json"}, "the baseline absent.json cannot be read: no such file"),
        ({"write_baseline": "absent/b.json"}, "there is no folder absent"),
        ({"select": ("",)}, "--select names no rule"),
        ({"select": ("tex",)}, "did you mean 'TEX'?"),
        ({"ignore": ("unknown-comand",)}, "did you mean 'unknown-command'?"),
    ],
)
def test_options_that_do_not_go_together_are_wrong_use(tmp_path: Path, arguments: dict[str, object], said: str) -> None:
    status, out, errors = _run(tmp_path, "-", stdin="x", **arguments)
    assert (status, out) == (2, "")
    assert said in errors
