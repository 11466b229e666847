"""What `--format` writes for machines: each reads back as its readers read it, whatever the text and the path hold."""

import io
import json
import os
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest

from server import lint
from server.lint import outputs, sarif
from server.lint.command import Wishes, run
from server.lint.diagnostic import Diagnostic, Edit, Fix
from server.lint.spans import LINE_END, TextMap

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT / "node_modules" / "@microsoft" / "jest-sarif" / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json"
# RFC 3986: the characters of a URI reference, and a first part without a colon where there is no scheme
REFERENCE = re.compile(r"(?:[a-z][a-z0-9+.-]*:(?=/)|(?![^/?#]*:))(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-F]{2})*")
MANY = (
    "# Top\r\n\r\n### Skipped\r\n\r\nSo $\\foo$ and $a \\textless b$ and $\\frca{1}{2}$. 😀 中文,半角 is **bold.\r\n"
    "It is important to note that and and $ x $ costs.\r\n\r\n```\r\ncode"
)
TEXTS = {
    "many": MANY,
    "clean": "Four.",
    "empty": "",
    "blank": " \n\n",
    "lone surrogate": "So \ud800 $\\foo\udfff$ and \udc80.",
    "controls": "So \x00\x1b[31m $x^\x07$ $\\foo$\x0c\u2028]]> & <b> \ufffe.",
    "commands": "::error::x\nSo $\\foo%,:$.",
}
HOUSE = """guide: house
title: House
lint:
  style:
    - {code: STY001, name: plain-words, extends: substitution, swap: {utilize: use}, message: "{replacement}"}
    - {code: STY002, name: long-words, extends: metric, formula: words, min: 500, message: "{value} words"}
"""


def linted(output: str, *texts: str, path: str = "a.md", rows: bool = False, guide: str = "") -> str:
    """Return what the format writes about texts, as whole files or as rows of one file."""
    of = lint.parse_guide(guide) if guide else lint.Guide(guide="recommended", title="Recommended rules")
    results = [
        outputs.Result(path, number if rows else None, lint.lint(text, of), text)
        for number, text in enumerate(texts, 1)
    ]
    written = "".join(outputs.FORMATS[output](results, False, of.lint.house))
    return written.encode("utf-8", "replace").decode("utf-8")


@pytest.fixture(scope="module")
def schema() -> Any:
    if not SCHEMA.is_file():
        pytest.skip("browser libraries are not installed")
    found = json.loads(SCHEMA.read_text("utf-8"))
    validator = jsonschema.validators.validator_for(found)
    validator.check_schema(found)
    return validator(found)


def checked(schema: Any, log: str) -> list[dict[str, Any]]:
    """Hold a log against SARIF's own schema and what the schema cannot say; return its results."""
    whole = json.loads(log)
    assert [f"{list(error.path)}: {error.message}" for error in schema.iter_errors(whole)] == []
    (only,) = whole["runs"]
    ids = [rule["id"] for rule in only["tool"]["driver"]["rules"]]
    assert len(ids) == len(set(ids))
    found: list[dict[str, Any]] = only["results"]
    assert all(ids[each["ruleIndex"]] == each["ruleId"] for each in found)
    for each in re.findall(r'"uri": "([^"]*)"', log):
        assert REFERENCE.fullmatch(each), each
    return found


def test_the_schema_can_say_no(schema: Any) -> None:
    log = json.loads(linted("sarif", "So $\\foo$."))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert list(schema.iter_errors(log))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("rows", [False, True], ids=["file", "rows"])
def test_sarif_validates_whatever_the_text(schema: Any, text: str, rows: bool) -> None:
    found = checked(schema, linted("sarif", text, MANY, rows=rows))
    assert {"TEX102", "COD101"} <= {each["ruleId"] for each in found}


def test_sarif_of_nothing_validates(schema: Any) -> None:
    assert checked(schema, linted("sarif")) == []
    assert checked(schema, linted("sarif", "Four.")) == []


def test_sarif_describes_every_rule_and_those_of_the_guide_s_own(schema: Any) -> None:
    log = linted("sarif", "We utilize it.", guide=HOUSE)
    found = checked(schema, log)
    assert [each["ruleId"] for each in found] == ["STY002", "STY001"]
    rules = {rule["id"]: rule for rule in json.loads(log)["runs"][0]["tool"]["driver"]["rules"]}
    assert set(rules) == {*lint.rules(), "STY001", "STY002"}
    assert rules["STY001"]["name"] == "PlainWords"
    text, markdown = rules["TEX105"]["help"]["text"], rules["TEX105"]["help"]["markdown"]
    assert "Bad:\n    So $\\frac{1}{2$." in text
    assert "**Bad:**\n\n    So $\\frac{1}{2$." in markdown
    assert all(rule["help"]["text"] and "helpUri" not in rule for rule in rules.values())


PATHS = [
    ("a b.md", "a%20b.md"),
    ("答案/第一 份.md", "%E7%AD%94%E6%A1%88/%E7%AC%AC%E4%B8%80%20%E4%BB%BD.md"),
    ("data\\sub\\a.md", "data/sub/a.md"),
    ("C:\\my data\\a.md", "file:///C:/my%20data/a.md"),
    ("\\\\server\\share\\a.md", "file://server/share/a.md"),
    ("10:30.md", "10%3A30.md"),
    ("100%#?[1].md", "100%25%23%3F%5B1%5D.md"),
    ("<stdin>", "%3Cstdin%3E"),
    (os.fsdecode(b"caf\xe9.md"), "caf%E9.md"),
    ("/tmp/a.md", "/tmp/a.md"),
]


@pytest.mark.parametrize(("path", "uri"), PATHS, ids=[uri for _, uri in PATHS])
def test_a_path_is_a_uri_that_leads_back_to_it(schema: Any, path: str, uri: str) -> None:
    assert sarif.uri(path) == uri
    parts = urlsplit(uri)
    back = unquote(parts.netloc + parts.path, errors="surrogateescape")
    assert back.removeprefix("/").endswith(path.replace("\\", "/").lstrip("/"))
    assert checked(schema, linted("sarif", MANY, path=path))
    assert checked(schema, linted("sarif", MANY, path=path, rows=True))


def at(text: str, line: int, column: int) -> int:
    """Return where a line and column, both from 1, lie in a text."""
    return [0, *(match.end() for match in LINE_END.finditer(text))][line - 1] + column - 1


def stretch(text: str, region: dict[str, int]) -> tuple[int, int]:
    """Return a region's start and end, told the same by lines and by characters."""
    start, end = region["charOffset"], region["charOffset"] + region["charLength"]
    assert (at(text, region["startLine"], region["startColumn"]), at(text, region["endLine"], region["endColumn"])) == (
        start,
        end,
    )
    return start, end


@pytest.mark.parametrize("text", [text for text in TEXTS.values() if "\udc80" not in text])
def test_regions_and_fixes_are_those_of_the_report(schema: Any, text: str) -> None:
    report = lint.lint(text, lint.Guide(guide="recommended", title="Recommended rules"))
    found = checked(schema, linted("sarif", text))
    for item, each in zip(report.diagnostics, found, strict=True):
        region = each["locations"][0]["physicalLocation"]["region"]
        assert stretch(text, region) == item.span.codepoints
        offered = [fix for fix in item.fixes if fix.safety != "display"]
        told = each.get("fixes", [])
        assert [fix["properties"]["safety"] for fix in told] == [fix.safety for fix in offered]
        for one, other in zip(told, offered, strict=True):
            assert other.title in one["description"]["text"]
            assert mended(text, one) == lint.apply_edits(text, other)


def mended(text: str, fix: dict[str, Any]) -> str:
    (change,) = fix["artifactChanges"]
    edits = [(stretch(text, one["deletedRegion"]), one["insertedContent"]["text"]) for one in change["replacements"]]
    for (start, end), words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return text


def shown(message: dict[str, Any]) -> str:
    """Return a message as SARIF has its readers show it (§3.11.5): `{0}` is an argument's place, two braces are one."""
    return str(message["text"]).format(*message.get("arguments", ()))


@pytest.mark.parametrize("text", ["So $\\frac{1}{2$.", "Give [{0}] and {Your Name}.", "$中文$ and $\\foo{{1}}$", MANY])
def test_sarif_s_readers_show_braces_as_they_stand(schema: Any, text: str) -> None:
    report = lint.lint(text, lint.Guide(guide="recommended", title="Recommended rules"))
    found = checked(schema, linted("sarif", text))
    assert [shown(each["message"]) for each in found] == [item.message for item in report.diagnostics]
    titles = [fix.title for item in report.diagnostics for fix in item.fixes if fix.safety != "display"]
    described = [shown(fix["description"]) for each in found for fix in each.get("fixes", [])]
    assert all(said.startswith(title) for said, title in zip(described, titles, strict=True))


def test_fixes_come_of_both_kinds_and_those_only_shown_do_not(schema: Any) -> None:
    found = checked(schema, linted("sarif", MANY))
    safeties = [fix["properties"]["safety"] for each in found for fix in each.get("fixes", [])]
    assert set(safeties) == {"safe", "unsafe"}
    (misspelt,) = [each for each in found if "frca" in each["message"]["text"]]
    assert "fixes" not in misspelt


def test_rows_are_lines_and_keep_their_fixes_to_themselves(schema: Any) -> None:
    found = checked(schema, linted("sarif", "Four.", MANY, rows=True))
    assert {each["locations"][0]["physicalLocation"]["region"]["startLine"] for each in found} == {2}
    assert not any("fixes" in each for each in found)
    assert {"row": 2, "line": 3, "column": 1} in [each["properties"] for each in found]


def test_a_fix_that_utf8_cannot_hold_is_left_out(schema: Any) -> None:
    span = TextMap("abc").span(0, 1)
    fixes = tuple(Fix("Write", "safe", (Edit(span, words),)) for words in ("x", "\ud800"))
    item = Diagnostic("TEX102", "unknown-command", "error", "Said", {}, span, 1, 1, fixes, "f" * 16)
    report = lint.Report("g", ("first",), {}, (item,))
    (found,) = checked(schema, "".join(sarif.log([outputs.Result("a.md", None, report, "abc")])))
    assert [fix["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] for fix in found["fixes"]] == ["x"]


@pytest.mark.parametrize("path", [path for path, _ in PATHS])
@pytest.mark.parametrize("rows", [False, True], ids=["file", "rows"])
def test_junit_reads_back_with_what_a_ci_server_counts(path: str, rows: bool) -> None:
    suite = ElementTree.fromstring(linted("junit", *TEXTS.values(), path=path, rows=rows))
    assert suite.tag == "testsuite"
    cases = list(suite)
    failed = [case for case in cases if case.find("failure") is not None]
    counts = {key: suite.attrib[key] for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": str(len(TEXTS)), "failures": str(len(failed)), "errors": "0", "skipped": "0"}
    assert 0 < len(failed) < len(cases)
    for case in cases:
        assert case.attrib["classname"]
        assert case.attrib["name"]
    for failure in (case[0] for case in failed):
        assert failure.attrib["message"].startswith(failure.attrib["type"])
        assert failure.attrib["type"] in (failure.text or "")


def test_a_junit_suite_of_nothing_is_a_suite() -> None:
    assert ElementTree.fromstring(linted("junit")).attrib["tests"] == "0"


def commands(written: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as GitHub's runner does."""
    found = []
    for line in written.splitlines():
        match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        assert match, line
        properties = dict(each.split("=", 1) for each in match[2].split(","))
        found.append((match[1], {key: _read(value) for key, value in properties.items()}, _read(match[3])))
    return found


def _read(text: str) -> str:
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, char)
    return text


@pytest.mark.parametrize("path", ["a,b:c\n::error::d\r%2C.md", *(path for path, _ in PATHS)])
def test_github_reads_back_the_path_the_place_and_the_message(path: str) -> None:
    text = TEXTS["commands"]
    report = lint.lint(text, lint.Guide(guide="recommended", title="Recommended rules"))
    verbs = {"error": "error", "warning": "warning", "info": "notice"}
    shown = path.encode("utf-8", "replace").decode("utf-8")
    assert commands(linted("github", text, path=path)) == [
        (
            verbs[item.level],
            {"file": shown, "line": str(item.line), "col": str(item.column), "title": f"{item.code} {item.name}"},
            item.message,
        )
        for item in report.diagnostics
    ]


def test_github_places_a_row_on_its_line_of_the_file() -> None:
    found = commands(linted("github", "Four.", MANY, rows=True))
    assert {(told["line"], "col" in told) for _, told, _ in found} == {("2", False)}


@pytest.mark.parametrize("output", list(outputs.FORMATS))
def test_every_format_survives_every_text_and_every_path(tmp_path: Path, output: str) -> None:
    folder = tmp_path / "目录 one"
    folder.mkdir()
    rows = [json.dumps({"response": text}) for text in TEXTS.values()]
    (folder / os.fsdecode(b"caf\xe9.jsonl")).write_text("\n".join(rows))
    (folder / "a,b.md").write_text(MANY, newline="")
    out, errors = io.StringIO(), io.StringIO()
    wishes = Wishes(tmp_path, output=output, stdin_name="in.jsonl")
    half = io.StringIO('{"response": "\\ud800"}')
    status = run([str(folder), "-"], wishes, stdin=half, stdout=out, stderr=errors)
    assert (status, errors.getvalue()) == (1, "")
    assert out.getvalue().encode("utf-8")
