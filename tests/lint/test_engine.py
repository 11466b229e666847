"""The engine: spans, invariance, fixes, what happens when something fails."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server import lint
from server.lint import engine, parser, v8
from server.lint.diagnostic import CannotCheck
from tests.lint import support
from tests.lint.support import RECOMMENDED, codes, only

BROKEN = """# Title

### Deep

So $\\frac{1}{2$ and $a \\textless b$ but **never [Your Name] and \\(x.

| a | b |
| 1 | 2 |

```json
{"a": 1,}
```

1. 解 $\\left( x$ 后

   $$
   y \\foo
   $$
> quoted $x^$ over
> $\\begin{matrix} 1
> \\end{pmatrix}$ lines
"""


@pytest.mark.parametrize(("prefix", "shifts"), [("😀", (1, 2, 4)), ("é", (1, 1, 2)), ("中", (1, 1, 3))])
def test_a_character_in_front_moves_every_span_by_its_width_in_each_unit(
    prefix: str, shifts: tuple[int, int, int]
) -> None:
    text = "So " + BROKEN.removeprefix("# Title\n\n### Deep\n\nSo ")
    before = lint.lint(text, RECOMMENDED).diagnostics
    after = lint.lint(prefix + text, RECOMMENDED).diagnostics
    assert len(before) > 5
    for one, two in zip(before, after, strict=True):
        for unit, shift in zip(("codepoints", "utf16", "bytes"), shifts, strict=True):
            start, end = getattr(one.span, unit)
            assert getattr(two.span, unit) == (start + shift, end + shift)


def test_the_three_units_name_the_same_characters() -> None:
    text = f"😀 {BROKEN}"
    for item in lint.lint(text, RECOMMENDED).diagnostics:
        start, end = item.span.codepoints
        words = text[start:end]
        low, high = item.span.bytes
        assert text.encode()[low:high].decode() == words
        low, high = item.span.utf16
        assert text.encode("utf-16-le")[2 * low : 2 * high].decode("utf-16-le") == words


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("a $x \\foo y$", "TEX102", "\\foo"),
        ("> a $x +\n> \\foo y$", "TEX102", "\\foo"),
        ("1. a\n\n   $$\n   x + \\foo\n   $$", "TEX102", "\\foo"),
        ("| a |\n|---|\n| \\| $x \\foo$ |", "TEX102", "\\foo"),
        ("| a |\n|---|\n| $x \\| \\foo$ |", "TEX102", "\\foo"),
        ("中文 😀 $😀 \\foo$", "TEX102", "\\foo"),
        ("\r😀 $\\foo$", "TEX102", "\\foo"),
        ("[a]: b\n[c]:\n  <d> 'e'\n   a $x \\foo$", "TEX102", "\\foo"),
        ("> [a]: b\n> 中 $x \\foo$", "TEX102", "\\foo"),
        ("- [a]: b\n  a $x \\foo$\n- c", "TEX102", "\\foo"),
        ("- [a]: b\n  c\n  - d $x \\foo$", "TEX102", "\\foo"),
        ("$\\frac{1}{2$", "TEX105", "{"),
        ("$a \\left( b$", "TEX105", "\\left("),
        ("so $$ x", "DLM001", "$$"),
        ("- a\n  > b **c", "FMT201", "**"),
        ("```json\n{1: 2}\n```", "COD201", "1"),
        ("> ```json\n> {1: 2}\n> ```", "COD201", "1"),
        (" ```json\n\n $：", "COD302", "："),
        ("```python\nx = 1\n  y = (\n```", "COD202", "y = ("),
    ],
)
def test_the_very_words_are_marked(text: str, code: str, words: str) -> None:
    found = [item for item in lint.lint(text, RECOMMENDED).diagnostics if item.code == code]
    assert [text[slice(*item.span.codepoints)] for item in found][:1] == [words]


def test_lines_and_columns_count_from_one_and_all_line_ends_count() -> None:
    text = "a\r\nb\rc\nd $\\foo$"
    (item,) = lint.lint(text, support.only("TEX102")).diagnostics
    assert (item.line, item.column) == (4, 4)


def test_code_hides_what_only_concerns_text() -> None:
    fenced = "`````text\n" + BROKEN.replace("`````", "") + "\n`````"
    assert {code[:3] for code in codes(fenced)} <= {"COD"}


@pytest.mark.parametrize("prefixes", [("> ", "> "), ("- ", "  "), ("12. ", "    ")])
def test_a_quote_or_a_list_changes_nothing(prefixes: tuple[str, str]) -> None:
    first, rest = prefixes
    lines = BROKEN.split("\n")
    nested = "\n".join([first + lines[0], *(rest + line if line else rest.rstrip() for line in lines[1:])])
    assert codes(nested) == codes(BROKEN)


def test_every_prefix_is_linted_as_one_types() -> None:
    for length in range(len(BROKEN) + 1):
        report = lint.lint(BROKEN[:length], RECOMMENDED)
        assert all(item.code != "SUP900" for item in report.diagnostics), BROKEN[:length]


MARKS = st.sampled_from(
    ["$", "$$", "\\(", "\\)", "\\[", "\\]", "{", "}", "\\frac", "\\left(", "\\right", "\\begin{matrix}", "\\end{", "**",
     "_", "`", "```", "~~~", "\n", "\n\n", "> ", "- ", "1. ", "# ", "|", "|---|", "\t", "    ", "[", "](", "<b>",
     "<!--",
     "^", "&", "\\\\", "\\|", "5", "x", " ", "中", "，", "😀", "\u2028", "\x00", "\r", "\ud800", "\ufeff", "[^1]", ": "]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(MARKS, max_size=40).map("".join))
def test_nothing_that_can_be_typed_breaks_the_engine(text: str) -> None:
    report = lint.lint(text, RECOMMENDED)
    assert all(item.code != "SUP900" for item in report.diagnostics)
    for item in report.diagnostics:
        start, end = item.span.codepoints
        assert 0 <= start <= end <= len(text)
    assert lint.lint(text, RECOMMENDED) == report


@settings(max_examples=60, deadline=None)
@given(st.lists(MARKS, max_size=30).map("".join))
def test_safe_fixes_come_to_rest_and_add_nothing(text: str) -> None:
    def check(version: str) -> lint.Report:
        return lint.lint(version, RECOMMENDED)

    applied = lint.apply_fixes(text, check)
    assert applied.stable
    assert lint.apply_fixes(applied.text, check).text == applied.text
    assert len(check(applied.text).diagnostics) <= len(check(text).diagnostics)


def test_a_safe_fix_mends_the_formula_and_leaves_the_rest() -> None:
    applied = lint.apply_fixes("If $a \\textless{} b$, 费用 $5 和 $6。", lambda text: lint.lint(text, RECOMMENDED))
    assert applied.text == "If $a < b$, 费用 \\$5 和 \\$6。"
    assert applied.count == 2


def test_fixes_that_undo_each_other_stop() -> None:
    def flip(text: str) -> lint.Report:
        span = lint.Span((0, 1), (0, 1), (0, 1))
        fix = lint.Fix("Flip", "safe", (lint.Edit(span, "b" if text == "a" else "a"),))
        item = lint.Diagnostic("X", "x", "error", "x", {}, span, 1, 1, (fix,), "f")
        return lint.Report("g", (), {}, (item,))

    assert not lint.apply_fixes("a", flip).stable


def test_a_fingerprint_survives_edits_elsewhere_and_tells_twins_apart() -> None:
    text = "One. So $\\foo$ here.\n\nOne. So $\\foo$ here."
    before = [item.fingerprint for item in lint.lint(text, RECOMMENDED).diagnostics]
    after = [item.fingerprint for item in lint.lint("Some words in front.\n\n" + text, RECOMMENDED).diagnostics]
    assert before == after
    assert len(set(before)) == 2


def test_a_waived_fingerprint_no_longer_blocks() -> None:
    report = lint.lint("So $\\foo$.", RECOMMENDED)
    (item,) = report.at("error")
    assert report.at("error", waived={item.fingerprint}) == []


def test_text_behind_an_unclosed_fence_is_still_linted() -> None:
    assert codes("```\nSo $\\foo$ is.") == ["COD101", "TEX102"]
    assert codes('```python\nx = "$\\foo$"\n\nSo $\\qux$ is.') == ["COD101", "TEX102"]


def test_a_rule_that_fails_is_said_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[lint.Finding]:
        raise CannotCheck("the moon", "it is day", 0, 1)

    setting = RECOMMENDED.settings()[0]
    broken = [setting.__class__(_with_check(setting.rule, fail), "info", setting.options, False)]
    monkeypatch.setattr(lint.Guide, "settings", lambda *_: broken)
    (item,) = lint.lint("x", RECOMMENDED).diagnostics
    assert (item.code, item.level) == ("SUP900", "error")
    assert item.message == "Could not check the moon: it is day."


def _with_check(rule: lint.Rule, check: object) -> lint.Rule:
    from dataclasses import replace

    return replace(rule, check=check)


def test_a_formula_katex_cannot_hold_is_said_aloud() -> None:
    deep = "$" + "{" * 3900 + "$"
    long = "$" + "x" * 4001 + "$"
    assert codes(deep) == ["SUP900"]
    assert codes(long) == ["SUP900"]


def test_a_safe_fix_that_would_add_a_finding_is_left_out_and_found_in_few_looks() -> None:
    text = "It is even. \n\n" * 60 + "##Proof"  # as a heading with nothing under it, TYP105 would speak of it
    looks = 0

    def look(version: str) -> lint.Report:
        nonlocal looks
        looks += 1
        return lint.lint(version, RECOMMENDED)

    applied = lint.apply_fixes(text, look)
    assert applied.text == "It is even.\n\n" * 60 + "##Proof"
    assert (applied.count, applied.stable) == (60, True)
    assert looks < 30


def test_a_parser_that_fails_is_said_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(parser, "parse", fail)
    report = lint.lint("x\n\n" * 2, RECOMMENDED)
    assert {item.code: item.message for item in report.diagnostics} == {
        "FMT602": "The answer ends with blank lines or spaces.",
        "SUP900": "The text could not be read: the parser failed on it.",
    }
    assert report.counts["characters"] == 6


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("> " * 1_000 + "a", "its quotes, lists or emphasis are nested too deeply"),
        ("$a$ " * 25_000, "it has too many marks"),
        ("a@b.c " * 40_000, "it has too many marks"),
        ("\\(a " * 10_000, "too many formulas are opened and not closed"),
        ("|" + "a|" * 2_000 + "\n|" + "-|" * 2_000 + "\n", "a table has too many cells"),
    ],
)
def test_a_text_with_more_marks_than_anyone_writes_is_said_to_be_unread(text: str, reason: str) -> None:
    found = lint.lint(text, RECOMMENDED).diagnostics
    assert [item.message for item in found if item.code == "SUP900"] == [f"The text could not be read: {reason}."]


def test_a_long_text_may_have_many_marks() -> None:
    assert "SUP900" not in codes("$a$ and *b* follow from what we have seen so far.\n\n" * 12_000)


def test_what_could_not_be_checked_is_said_whether_asked_for_or_not() -> None:
    assert codes("$" + "{" * 3_000 + "$", only("TEX105")) == ["SUP900"]
    assert codes("> " * 1_000 + "a", only("TEX105")) == ["SUP900"]
    assert codes("$" + "{" * 3_000 + "$", only("FMT101")) == []


def test_of_each_rule_so_many_findings_are_listed_and_no_more() -> None:
    found = lint.lint("$x^$ " * 30, only("TEX101"), most=20).diagnostics
    assert [item.code for item in found] == ["TEX101"] * 20 + ["SUP900"]
    assert found[-1].message == "There are more than 20 findings of TEX101; the others are not listed."
    assert found[-1].level == "warning"
    assert found[-1].span.codepoints[0] == 102
    assert len(lint.lint("$x^$ " * 20, only("TEX101"), most=20).diagnostics) == 20


def test_several_texts_are_linted_as_each_alone() -> None:
    texts = [("$x^$", lint.LintContext()), ("> " * 1_000, lint.LintContext()), ("四 $\\foo$", lint.LintContext())]
    batch = engine.Batch(texts, RECOMMENDED)
    batch.judge()
    alone = [lint.lint(text, RECOMMENDED, context) for text, context in texts]
    assert list(batch.reports()) == [replace(report, counts={}) for report in alone]


def test_without_katex_formulas_are_unchecked_not_clean(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    v8.close()
    monkeypatch.setattr(v8, "SCRIPTS", tmp_path)
    assert codes("$x_{never seen before}$") == ["SUP900"]


def test_the_report_is_plain_data_of_the_agreed_shape() -> None:
    report = lint.lint("So $\\textless$.", RECOMMENDED).to_dict()
    assert set(report) == {"engine", "katex", "guide", "tiers", "counts", "diagnostics"}
    assert set(report["counts"]) == {"characters", "words", "cjk", "tokens", "formulas", "paragraphs"}
    (item,) = report["diagnostics"]
    assert set(item) == {
        "code", "name", "level", "message", "span", "line", "column", "fixes", "fingerprint", "doc_url"
    }  # fmt: skip
    assert item["span"] == {"codepoints": [4, 13], "utf16": [4, 13], "bytes": [4, 13]}
    assert set(item["fixes"][0]) == {"title", "safety", "edits", "why"}
    assert item["doc_url"] == "/rules/TEX102"


def test_counts_tell_words_chinese_characters_and_formulas_apart() -> None:
    counts = lint.lint("It's 三角形 $a b c$ and `code here`.\n\n- item", RECOMMENDED).counts
    assert (counts["words"], counts["cjk"], counts["formulas"], counts["paragraphs"]) == (3, 3, 1, 2)


def _all_fixes(text: str) -> str:
    return lint.apply_fixes(text, lambda version: lint.lint(version, RECOMMENDED), ("safe", "unsafe")).text


@pytest.mark.parametrize("text", ["As an AI, I cannot.", "<|endoftext|>", "作为AI助手，我不能。我只是一个AI，抱歉。"])
def test_no_fix_empties_an_answer(text: str) -> None:
    assert _all_fixes(text).strip()


def test_of_fixes_that_meet_the_safe_one_is_made() -> None:
    assert _all_fixes("| s | t |\n|---|---|\n| $\\left|x\\right|$ | 1 |") == (
        "| s | t |\n|---|---|\n| $\\left\\vert x\\right\\vert$ | 1 |"
    )
