"""The edge cases of each rule, written as Markdown that reads as its specification.

`tests/lint/rules/<CODE>.md`: under a heading that says what is meant stands one fenced text, `md` or `markdown`, and
under it lines that start with `→`: what the rule alone says of it. The first is `silent`, or the words marked, in
backticks and in order, with `; ` between them and, where it matters, the level in brackets; `⏎` is a line end. More
may follow: a message in “…”; `no fix`; the title of a fix and its safety in brackets, with the text it leaves in a
fence of its own (made wherever it is offered). Options stand after the fence's language: `md {min: 3}`; `prompt`,
`reference` and `language` are the context. What is not seen is written out: `␠`, `⟨U+00A0⟩`, and so is what is too
long to see: `⟨x × 5000⟩`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from server import lint
from server.lint.diagnostic import Diagnostic
from tests.lint import support

FOLDER = Path(__file__).parent / "rules"
FENCE = re.compile(r"(?P<fence>`{3,}|~{3,})(?:md|markdown)[ ]*(?P<options>.*)")
ITEM = re.compile(r"(?P<ticks>`+) ?(?P<words>.*?) ?(?P=ticks)(?: \((?P<level>error|warning|info)\))?(?:; |$)")
FIX = re.compile(r"(?P<title>.+) \((?P<safety>safe|unsafe|display)\)")


@dataclass
class Case:
    code: str
    title: str
    options: dict[str, Any]
    text: str
    expected: str = ""
    said: list[str] = field(default_factory=list)
    fixes: list[tuple[str, str, str]] = field(default_factory=list)
    without_fix: bool = False

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"

    def report(self, text: str | None = None) -> lint.Report:
        options = dict(self.options)
        context = {key: options.pop(key) for key in ("prompt", "reference", "language") if key in options}
        guide = support.only(self.code, **options)
        tiers = (lint.rules()[self.code].tier,)
        given = self.text if text is None else text
        return lint.lint(given, guide, lint.LintContext(**context), tiers=tiers)

    def found(self, text: str | None = None) -> list[Diagnostic]:
        return [item for item in self.report(text).diagnostics if item.code == self.code]


def pieces(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield `("heading" | "fence" | "arrow", its text, the options of a fence)` in order."""
    lines = iter(text.split("\n"))
    for line in lines:
        if opening := FENCE.fullmatch(line):
            inside = list(iter(lambda: next(lines), opening["fence"]))
            yield "fence", support.spelt("\n".join(inside)), opening["options"]
        elif line.startswith("#"):
            yield "heading", line.lstrip("# "), ""
        elif line.startswith("→ "):
            yield "arrow", line[2:].strip(), ""


def cases_of(code: str, text: str) -> Iterator[Case]:
    title, case, fix = "", None, None
    for kind, value, options in pieces(text):
        if kind == "heading":
            title = value
        elif kind == "fence" and case and fix:
            case.fixes.append((fix["title"], fix["safety"], value))
            fix = None
        elif kind == "fence":
            assert case is None or case.expected, f"{code}: {case} has no arrow"
            assert not fix, f"{code}: the text that a fix leaves is missing under {title}"
            if case:
                yield case
            case = Case(code, title, yaml.safe_load(options or "{}"), value)
        else:
            assert case, f"{code}: an arrow without a text under {title}"
            fix = _take(case, value)
    assert case, f"{code}: no case"
    assert case.expected, f"{code}: {case} has no arrow"
    assert not fix, f"{code}: the text that a fix leaves is missing under {title}"
    yield case


def _take(case: Case, line: str) -> re.Match[str] | None:
    """Note one line with an arrow; return the fix whose text follows, if one is named."""
    if not case.expected:
        case.expected = line
    elif line.startswith("“"):
        case.said.append(line[1:-1])
    elif line == "no fix":
        case.without_fix = True
    else:
        fix = FIX.fullmatch(line)
        assert fix, f"{case}: {line}"
        return fix
    return None


CASES = [case for path in sorted(FOLDER.glob("*.md")) for case in cases_of(path.stem, path.read_text("utf-8"))]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_says_what_its_specification_says(case: Case) -> None:
    found = case.found()
    wanted = [] if case.expected == "silent" else list(ITEM.finditer(case.expected))
    assert case.expected == "silent" or wanted, "write `silent`, or the words marked between backticks"
    marked = [case.text[slice(*item.span.codepoints)].replace("\n", "⏎") for item in found]
    assert marked == [support.spelt(item["words"]) for item in wanted]
    assert [item.level for item in found] == [w["level"] or f.level for w, f in zip(wanted, found, strict=True)]
    assert set(case.said) <= {item.message for item in found}
    assert not (case.without_fix and [fix.title for item in found for fix in item.fixes])


@pytest.mark.parametrize("case", [case for case in CASES if case.fixes], ids=str)
def test_its_fixes_leave_the_text_the_specification_shows(case: Case) -> None:
    offered = [fix for item in case.found() for fix in item.fixes]
    for title, safety, wanted in case.fixes:
        meant = [fix for fix in offered if fix.title == title]
        assert {fix.safety for fix in meant} == {safety}, [fix.title for fix in offered]
        edits = {(*edit.span.codepoints, edit.text) for fix in meant for edit in fix.edits}
        after = case.text
        for start, end, text in sorted(edits, reverse=True):
            after = after[:start] + text + after[end:]
        assert after == wanted


def test_a_fix_ends_its_lines_as_the_text_does() -> None:
    for case in CASES:
        if "\r" in case.text or lint.rules()[case.code].tier != "first":
            continue
        text = case.text.replace("\n", "\r\n")
        for fix in (fix for item in case.found(text) for fix in item.fixes):
            mended = lint.apply_edits(text, fix).replace("\r\n", "")
            assert not {*"\r\n"} & {*mended}, (str(case), fix.title)


def test_line_ends_of_two_characters_change_nothing() -> None:
    for case in CASES:
        if "\r" in case.text or lint.rules()[case.code].tier != "first":
            continue
        marked = []
        for text in (case.text, case.text.replace("\n", "\r\n")):
            marked.append([text[slice(*item.span.codepoints)].replace("\r\n", "\n") for item in case.found(text)])
        assert marked[0] == marked[1], str(case)


def test_spans_of_every_case_are_the_same_words_in_all_three_units() -> None:
    for case in CASES:
        for item in case.found():
            words = case.text[slice(*item.span.codepoints)]
            start, end = item.span.utf16
            assert case.text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le") == words
            assert case.text.encode("utf-8", "surrogatepass")[slice(*item.span.bytes)].decode() == words


def test_safe_fixes_of_every_case_come_to_rest_and_add_no_finding() -> None:
    for case in CASES:
        applied = lint.apply_fixes(case.text, _recommended)
        assert applied.stable, str(case)
        if applied.count:
            codes = [{item.code for item in _recommended(text).diagnostics} for text in (applied.text, case.text)]
            # a heading that is none yet is no open ending either
            assert codes[0] - codes[1] <= {"TYP105"}, str(case)


def _recommended(text: str) -> lint.Report:
    return lint.lint(text, support.RECOMMENDED)


def test_every_rule_has_a_specification_with_cases_of_both_kinds() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == set(lint.rules())
    kinds = {(case.code, case.expected == "silent") for case in CASES}
    assert [code for code in lint.rules() if not {(code, True), (code, False)} <= kinds] == []
