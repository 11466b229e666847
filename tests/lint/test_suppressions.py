"""Directives: what they reach, what they leave alone, and how they leave a text."""

import pytest

from server import lint
from tests.lint import support
from tests.lint.support import RECOMMENDED, codes

D = "<!-- lint-disable-next-line"
FAULT = "So $\\foo$."


@pytest.mark.parametrize(
    "text",
    [
        f"{D} TEX102 -- our notation -->\n{FAULT}",
        f"{D} TEX102 -->\n\n{FAULT}",
        f"{D} TEX102 -- a reason\nthat runs on -->\n{FAULT}",
        f"{D} TEX -->\n{FAULT}",
        f"{D} unknown-command -->\n{FAULT}",
        f"{D} FMT201 -->\n{D} TEX102 -->\n{FAULT}",
        f"{D} TEX102 -->\n| a |\n|---|\n| $\\foo$ |",
        f"{D} TEX102 -->\n- one\n- $\\foo$",
        f"> {D} TEX102\n> -- why -->\n> {FAULT}",
        f"- one\n  {D} TEX102 -->\n  $\\foo$\n- two",
        f"Before.\n{D} TEX102 -->\n{FAULT}",
    ],
)
def test_a_directive_reaches_the_next_block(text: str) -> None:
    assert "TEX102" not in codes(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{D} TEX102 -->\nOne.\n\n{FAULT}",
        f"{FAULT}\n\n{D} TEX102 -->",
        f"{D} TEX103 -->\n{FAULT}",
        f"```\n{D} TEX102 -->\n```\n{FAULT}",
        f"- one\n  {D} TEX102 -->\n  two\n- $\\foo$",
        f"<!-- lint-disable TEX102 -->\n{FAULT}",
    ],
)
def test_and_nothing_but_the_next_block(text: str) -> None:
    assert "TEX102" in codes(text)


def test_what_could_not_be_checked_cannot_be_suppressed() -> None:
    assert "SUP900" in codes(f"{D} SUP900 -->\n$" + "x" * 4_001 + "$")


def test_a_directive_that_did_its_work_is_not_idle_but_its_idle_half_is() -> None:
    report = lint.lint(f"{D} TEX102, FMT201 -->\n{FAULT}", RECOMMENDED)
    (item,) = report.diagnostics
    assert (item.code, item.args["code"]) == ("SUP002", "FMT201")
    assert lint.apply_edits(f"{D} TEX102, FMT201 -->\n{FAULT}", item.fixes[0]) == f"{D} TEX102 -->\n{FAULT}"


def test_a_rule_of_a_tier_that_did_not_run_is_not_called_idle() -> None:
    second = next(rule.code for rule in lint.rules().values() if rule.tier == "second")
    text = f"{D} {second} -->\nAll is well."
    assert codes(text, support.only("SUP002")) == []
    report = lint.lint(text, support.only("SUP002"), tiers=("first", "second"))
    assert [item.code for item in report.diagnostics] == ["SUP002"]


def test_at_the_desk_directives_have_no_say() -> None:
    report = lint.lint(f"{D} TEX102 -->\n{FAULT}", RECOMMENDED, directives=False)
    assert "TEX102" in [item.code for item in report.diagnostics]


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        (f"One.\n{D} TEX102 -- why -->\nTwo.", "One.\nTwo."),
        (f"{D} TEX102\n-- why -->\n\nTwo.", "\nTwo."),
        (f"> {D} TEX102 -->\n> Two.", "> Two."),
        (f"A {D} TEX102 --> word.", "A  word."),
        (f"~~~\n{D} TEX102 -->\n~~~", f"~~~\n{D} TEX102 -->\n~~~"),
        ("<!-- plain -->", "<!-- plain -->"),
        ("No lint-ing here <b>", "No lint-ing here <b>"),
    ],
)
def test_directives_do_not_ship(text: str, stripped: str) -> None:
    assert lint.strip_suppressions(text) == stripped


def test_removing_an_idle_directive_keeps_paragraphs_apart() -> None:
    text = f"One.\n{D} TEX102 -->\nTwo."
    applied = lint.apply_fixes(text, lambda version: lint.lint(version, support.only("SUP002")))
    assert applied.text == "One.\n\nTwo."


@pytest.mark.parametrize("word", ["STY001", "STY", "no-so"])
def test_a_rule_of_the_guide_s_own_can_be_named(word: str) -> None:
    rule = {"code": "STY001", "name": "no-so", "extends": "existence", "message": "m", "tokens": ["so"]}
    of = support.guide(style=[rule])
    before = f"<!-- lint-disable-next-line {word} -- the title of a book -->\n"
    assert support.codes(f"{before}And so on.", of) == []
    assert support.codes(f"{before}And on.", of) == ["SUP002"]
