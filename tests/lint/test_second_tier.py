"""The second tier: what it may take, what it says when it came too late, and a process that can be killed."""

import time

import pytest

from server import lint
from server.lint import equivalence, final_answers, grammar
from server.lint.document import Document
from tests.lint import support

ANSWERS = support.guide(extends="none", select=["ANS003", "GRA101"])
REFERENCE = lint.LintContext(reference="\\frac{x^2 + 1}{2}", language="en")
TEXT = "We recieve $\\boxed{\\frac{x^2 - 1}{2}}$."


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equivalence._verifier, "_kept", type(equivalence._verifier._kept)())
    monkeypatch.setattr(grammar._reader, "_kept", type(grammar._reader._kept)())


def endless(reference: str, answer: str) -> str:
    while True:
        pass


def until(seconds: float = 20) -> float:
    return time.monotonic() + seconds


def test_the_first_tier_alone_says_nothing_of_the_second() -> None:
    report = lint.lint(TEXT, ANSWERS, REFERENCE)
    assert (report.tiers, report.diagnostics) == (("first",), ())


def test_both_tiers_say_the_same_as_each_alone() -> None:
    guide = support.guide(select=["ANS"], ignore=["ANS001"])
    text = f"{TEXT} But $x^$ is broken."
    alone = [lint.lint(text, guide, REFERENCE, tiers=(tier,)).diagnostics for tier in lint.BOTH]
    both = lint.lint(text, guide, REFERENCE, tiers=lint.BOTH)
    assert both.tiers == ("first", "second")
    assert sorted(item.code for item in both.diagnostics) == sorted(item.code for part in alone for item in part)


def test_what_comes_too_late_is_said_and_blocks_nobody() -> None:
    report = lint.lint(TEXT, ANSWERS, REFERENCE, tiers=lint.BOTH, seconds=0.0)
    assert {(item.code, item.level) for item in report.diagnostics} == {("SUP900", "warning"), ("SUP900", "info")}


def test_an_endless_comparison_is_killed_and_the_next_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    assert equivalence.compare("x + 1", "1 + x", until()) == "same"
    monkeypatch.setattr(equivalence, "SECONDS", 0.2)
    monkeypatch.setattr(equivalence, "judge", endless)
    before = time.monotonic()
    with pytest.raises(equivalence.Late):
        equivalence.compare("x + 2", "2 + x", until())
    assert time.monotonic() - before < 10
    monkeypatch.undo()
    assert equivalence.compare("x + 2", "2 + x", until()) == "same"


def test_the_child_may_die_and_is_started_again() -> None:
    equivalence.close()
    assert equivalence.compare("z + 1", "1 + z", until()) == "same"


@pytest.mark.parametrize(
    ("reference", "answer", "verdict"),
    [
        ("18", "18.0", "same"),
        ("1,000", "1000", "same"),
        ("1000", "1\\,000", "same"),
        ("\\frac12", "0.5", "same"),
        ("\\frac{1}{3}", "0.333", "same"),
        ("\\frac{1}{3}", "0.3334", "different"),
        ("25\\%", "0.25", "same"),
        ("25", "25\\%", "same"),
        ("45", "45 \\text{ apples}", "same"),
        ("90^\\circ", "90", "same"),
        ("\\$20", "20", "same"),
        ("3万", "3", "undecided"),
        ("18", "17", "different"),
        ("C", "\\text{(C)}", "same"),
        ("A, C", "CA", "same"),
        ("C", "B", "different"),
        ("C", "4", "undecided"),
        ("\\{1, 3\\}", "\\{3, 1\\}", "same"),
        ("(1, 2, 3)", "(1, 2, 4)", "different"),
        ("(1, 2]", "1 < x \\le 2", "same"),
        ("x^2 - 1", "(x-1)(x+1)", "same"),
        ("x^2 - 1", "x^2 + 1", "different"),
        ("x", "7", "undecided"),
        ("5^{5^{5^5}}", "x", "undecided"),
        ("yes", "no", "undecided"),
        ("\\frac{", "x", "undecided"),
    ],
)
def test_verdicts(reference: str, answer: str, verdict: str) -> None:
    assert equivalence.compare(reference, answer, until()) == verdict


@pytest.mark.parametrize(
    ("text", "answer", "form"),
    [
        ("So $\\boxed{\\frac{1}{2}}$.", "\\frac{1}{2}", "boxed"),
        ("The answer is 3.\n\n$$\\boxed{4}$$", "4", "boxed"),
        ("x\n#### 1,200", "1,200", "hashes"),
        ("The final answer is $\\frac{1}{2}$.", "\\frac{1}{2}", "phrase"),
        ("**Answer:** 12 apples.", "12 apples", "phrase"),
        ("The correct option is (B).", "(B)", "phrase"),
        ("故选：$\\text{C}$．", "$\\text{C}$", "phrase"),
        ("【答案】: D", "D", "phrase"),
        ("故答案为：$-1$。", "-1", "phrase"),
        ("> 所以答案是 12。", "12", "phrase"),
    ],
)
def test_the_final_answer_is_found_where_people_put_it(text: str, answer: str, form: str) -> None:
    found = final_answers.final(Document(text))
    assert found is not None
    assert (found.text, found.form) == (answer, form)
    assert answer in text[found.start : found.end]


@pytest.mark.parametrize("text", ["", "There are four.", "`\\boxed{4}`", "\\boxed{4", "We choose a basis."])
def test_no_final_answer_is_found_where_there_is_none(text: str) -> None:
    assert final_answers.final(Document(text)) is None


def test_grammar_is_read_a_paragraph_at_a_time_and_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    grammar.read(["One paragraph.", "We recieve it."], "american", until())
    asked: list[str] = []
    plain = grammar._reader._advice
    monkeypatch.setattr(grammar._reader, "_advice", lambda dialect, text: (asked.append(text), plain(dialect, text))[1])
    grammar.read(["One paragraph.", "We recieve them."], "american", until())
    assert asked == ["We recieve them."]


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from server import lint; lint.lint('We $x$.', lint.Guide(guide='g', title='G'));"
        "print([name for name in ('harper', 'sympy', 'math_verify', 'pebble') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
