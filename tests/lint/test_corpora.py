"""Acceptance on real material; skipped where the corpora are not at hand."""

import os
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from server import lint
from server.lint import arithmetic, equivalence, final_answers, katex
from server.lint.document import Document
from server.lint.rules.tex import lost_row_break
from tests.lint import support
from tests.lint.support import RECOMMENDED

pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not support.CORPORA.is_dir(), reason="no corpora folder; set GOLDSMITH_CORPORA"),
]
EVERY = int(os.environ.get("GOLDSMITH_CORPORA_EVERY", "5"))
GOLD = ("gsm8k_gold", "math_test", "agieval_math", "gaokao_math_gold_zh")
TEXTS = (
    *GOLD,
    "gaokao_gpt4_outputs_zh",
    "tal_scq5k_zh",
    "llm_outputs_arena_hard",
    "oasst_human_en",
    "gsm8k_model_solutions",
)
KATEX_FAILS = {f"TEX10{digit}" for digit in range(1, 9)}


def _texts(*names: str, every: int = EVERY) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in names:
        for row in list(support.rows(name))[::every]:
            yield row["response"], row


def _context(row: dict[str, Any]) -> lint.LintContext:
    return lint.LintContext(prompt=str(row.get("prompt", "")), language=row.get("lang", ""))


@pytest.mark.parametrize("name", ["katex_valid_invalid", "wild_formulas", "mutated_formulas"])
def test_our_verdict_is_katex_s(name: str) -> None:
    rows = list(support.rows(name))
    verdicts = katex.check([(row["tex"], row["displayMode"]) for row in rows])
    wrong = [row for row, verdict in zip(rows, verdicts, strict=True) if (verdict.kind == "ok") != row["valid"]]
    assert wrong == []
    for row, verdict in zip(rows, verdicts, strict=True):
        if row.get("error_position_utf16") is not None:
            tex = row["tex"]
            assert verdict.start is not None
            assert len(tex[: verdict.start].encode("utf-16-le")) // 2 == row["error_position_utf16"]


def test_every_formula_is_cut_out_exactly() -> None:
    for text, _ in _texts(*TEXTS):
        for item in Document(text).formulas:
            assert text[item.start :].startswith(item.opener)
            assert text[: item.end].endswith(item.closer)
            if item.body.pieces:
                for index in range(0, len(item.tex), 7):
                    got = text[item.body.at(index)]
                    assert got == item.tex[index] or (got == "\n" and item.tex[index] == " ")


@pytest.mark.parametrize(("prefix", "shifts"), [("😀", (1, 2, 4))])
def test_spans_move_with_the_text(prefix: str, shifts: tuple[int, int, int]) -> None:
    for text, row in _texts(*TEXTS, every=EVERY * 4):
        if text[:1] in " \t#>-*+|`~$0123456789<[\n=\\_" or text[:4].strip() == "":
            continue  # in front of a block mark a character changes the block itself
        before = lint.lint(text, RECOMMENDED, _context(row)).diagnostics
        after = lint.lint(prefix + text, RECOMMENDED, _context(row)).diagnostics
        moved = [(item.code, item.span.codepoints, item.span.utf16, item.span.bytes) for item in after]
        for item in before:
            pairs = list(zip((item.span.codepoints, item.span.utf16, item.span.bytes), shifts, strict=True))
            spans = [(pair[0] + shift, pair[1] + shift) for pair, shift in pairs]
            whole = [(0, pair[1] + shift) for pair, shift in pairs] if item.span.codepoints[0] == 0 else spans
            assert (item.code, *spans) in moved or (item.code, *whole) in moved


def test_a_response_in_a_fence_has_no_diagnostics_of_text() -> None:
    for text, _ in _texts(*TEXTS, every=EVERY * 2):
        fence = "`" * (max((len(run) for run in _runs(text)), default=2) + 3)
        found = lint.lint(f"{fence}text\n{text}\n{fence}\n", RECOMMENDED).diagnostics
        assert not {item.code for item in found if item.code[:3] in ("DLM", "TEX", "ZHT", "BOI")}


def _runs(text: str) -> list[str]:
    return "".join(char if char == "`" else " " for char in text).split()


@pytest.mark.parametrize(("first", "rest"), [("> ", "> "), ("- ", "  ")])
def test_a_quote_or_a_list_item_changes_nothing(first: str, rest: str) -> None:
    for text, row in _texts("math_test", "agieval_math", "gaokao_gpt4_outputs_zh", "tal_scq5k_zh"):
        lines = text.strip().split("\n")
        nested = "\n".join([first + lines[0], *(rest + line if line else rest.rstrip() for line in lines[1:])])
        codes = [
            Counter(item.code for item in lint.lint(version, RECOMMENDED, _context(row)).diagnostics)
            for version in (text.strip(), nested)
        ]
        assert codes[0] == codes[1], text


def test_every_prefix_is_linted() -> None:
    for text, row in _texts(*TEXTS, every=EVERY * 30):
        for length in range(0, min(len(text), 1_500), 3):
            report = lint.lint(text[:length], RECOMMENDED, _context(row))
            assert all(item.code != "SUP900" for item in report.diagnostics)


@pytest.mark.parametrize("name", GOLD)
def test_gold_answers_raise_no_false_errors(name: str) -> None:
    rows = list(support.rows(name))
    errors = [
        (item.code, item.message, row["response"][:80])
        for row in rows
        for item in lint.lint(row["response"], RECOMMENDED, _context(row)).at("error")
        if item.code not in KATEX_FAILS
    ]
    assert len(errors) <= len(rows) / 1_000, errors


def test_money_is_not_mathematics() -> None:
    spans = sum(len(Document(row["text"]).formulas) for row in support.rows("currency_negatives"))
    assert spans <= 10


def test_safe_fixes_on_real_answers_come_to_rest_and_only_take_away_diagnostics() -> None:
    for text, row in _texts(*TEXTS):
        context = _context(row)

        def check(version: str, context: lint.LintContext = context) -> lint.Report:
            return lint.lint(version, RECOMMENDED, context)

        before = check(text)
        applied = lint.apply_fixes(text, check)
        assert applied.stable
        if applied.count:
            added = Counter(item.code for item in check(applied.text).diagnostics) - Counter(
                item.code for item in before.diagnostics
            )
            assert not added, text
            assert _parses(text) <= _parses(applied.text), text


def _parses(text: str) -> Counter[str]:
    """Count the formulas that compile; half-width and full-width signs say the same."""
    found = (item.tex for item, verdict in Document(text).judged() if verdict.kind == "ok")
    return Counter(unicodedata.normalize("NFKC", tex) for tex in found)


def test_most_failing_formulas_are_mended_by_the_table() -> None:
    failing = mended = 0
    for row in support.rows("tal_scq5k_zh"):
        report = lint.lint(row["response"], RECOMMENDED)
        for item in report.diagnostics:
            failing += item.code in KATEX_FAILS
            mended += item.code == "TEX102" and any(fix.safety == "safe" for fix in item.fixes)
    assert mended / failing > 0.8, (mended, failing)


def test_calculator_marks_of_good_answers_raise_no_alarm() -> None:
    marks = [mark for row in support.rows("gsm8k_gold") for mark in re.findall(r"<<([^<>]*)>>", row["response"])]
    claims = [claim for mark in marks for claim in arithmetic.claims(mark, 0, len(mark))]
    assert len(claims) > 0.95 * len(marks)
    assert [claim for claim in claims if not claim.holds] == []


def test_lost_row_breaks_are_found_and_right_formulas_are_left_alone() -> None:
    lost = [row for row in support.rows("mutated_formulas") if row["mutation"] == "lost_backslash"]
    assert sum(bool(lost_row_break.lost(row["tex"])) for row in lost) > 0.95 * len(lost)
    assert [row["original"] for row in lost if lost_row_break.lost(row["original"])] == []
    assert sum(bool(lost_row_break.lost(row["tex"])) for row in support.rows("wild_formulas")) <= 1  # a true one


@pytest.mark.parametrize("name", ["gsm8k_gold", "agieval_math", "gaokao_math_gold_zh", "tal_scq5k_zh"])
def test_a_right_final_answer_is_never_called_different(name: str) -> None:
    compared = 0
    for row in support.rows(name):
        found = final_answers.final(Document(row["response"]))
        if found and row.get("final_answer"):
            verdict = equivalence.compare(row["final_answer"], found.text, time.monotonic() + 60)
            assert verdict != "different", (row["final_answer"], found.text)
            compared += verdict == "same"
    assert compared > 150


def test_verdicts_on_known_pairs_of_answers() -> None:
    wrong = 0
    for row in support.rows("math_verify_cases"):
        pair = [text.strip("$") if text.count("$") == 2 else text for text in (row["gold"], row["pred"])]
        verdict = equivalence.compare(pair[0], pair[1], time.monotonic() + 60)
        wrong += (verdict, row.get("expected")) in (("different", 1), ("same", 0))
    assert wrong <= 3
