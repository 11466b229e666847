"""Phrase rules as data: the verbs, the scopes, what is refused, and rules of a guide's own."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from server import lint
from server.lint import phrases
from tests.lint import support

BASE = {"code": "STY001", "name": "house", "message": "“{match}”"}


def guide(**rule: Any) -> lint.Guide:
    return support.guide(extends="none", style=[{**BASE, **rule}])


def found(text: str, *, context: lint.LintContext | None = None, **rule: Any) -> list[str]:
    """Return the words a rule of these settings marks in a text."""
    report = lint.lint(text, guide(**rule), context)
    return [text[slice(*item.span.codepoints)] for item in report.diagnostics]


def mended(text: str, **rule: Any) -> str:
    return lint.apply_fixes(text, lambda version: lint.lint(version, guide(**rule)), ("safe", "unsafe")).text


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("We utilize it, and Utilize it.", ["utilize", "Utilize"]),
        ("We reutilize it.", []),
        ("`utilize` and $utilize$", []),
        ("| utilize |\n|---|\n| x |", ["utilize"]),
    ],
)
def test_existence_finds_whole_words_in_any_case_outside_code_and_formulas(text: str, marked: list[str]) -> None:
    assert found(text, extends="existence", tokens=["utilize"]) == marked


def test_chinese_words_are_found_within_a_sentence_and_curly_quotes_are_quotes() -> None:
    assert found("于是显然成立", extends="existence", tokens=["显然"]) == ["显然"]
    assert found("It’s so", extends="existence", tokens=["it's"]) == ["It’s"]


def test_the_longer_of_two_words_wins() -> None:
    assert found("in order to go", extends="existence", tokens=["in order", "in order to"]) == ["in order to"]


def test_patterns_run_on_re2_and_places_hold_behind_an_emoji() -> None:
    assert found("😀 中 item 12 and 3", extends="existence", patterns=[r"\d+"]) == ["12", "3"]


def test_substitution_keeps_the_capital_and_mends() -> None:
    rule = {"extends": "substitution", "swap": {"utilize": "use"}, "message": "“{match}”: write “{replacement}”"}
    assert mended("Utilize it; we utilize it.", **rule) == "Use it; we use it."


@pytest.mark.parametrize(("text", "count"), [("very much", 0), ("very very very", 1), ("very, very", 0)])
def test_occurrence_counts(text: str, count: int) -> None:
    rule = {"extends": "occurrence", "tokens": ["very"], "max": 2, "message": "{count} of {max}"}
    assert len(found(text, **rule)) == count


def test_occurrence_as_a_density_grows_with_the_text() -> None:
    rule = {"extends": "occurrence", "tokens": ["very"], "max": 1, "per_words": 10, "message": "{count}"}
    assert len(found("very good, very bad", **rule)) == 1
    assert found("very good, very bad" + " and so on" * 5, **rule) == []


def test_occurrence_misses_what_must_be_there() -> None:
    rule = {"extends": "occurrence", "tokens": ["therefore"], "min": 1, "message": "{count} of {min}"}
    assert found("Four.", **rule) == [""]
    assert found("Therefore four.", **rule) == []


def test_repetition_finds_the_word_that_came_back() -> None:
    rule = {"extends": "repetition", "patterns": [r"(?m)^\w+ we"], "max": 2}
    assert found("Then we go.\nThen we stop.\nThen we rest.", **rule) == ["Then we"]


def test_consistency_marks_the_rarer_spelling() -> None:
    rule = {"extends": "consistency", "either": {"colour": "color"}, "message": "“{match}”, elsewhere “{other}”"}
    assert found("colour, colour, color", **rule) == ["color"]
    assert mended("colour, colour, color", **rule) == "colour, colour, colour"
    assert found("colour, colour", **rule) == []


def test_conditional_asks_for_what_explains() -> None:
    rule = {
        "extends": "conditional",
        "first": r"\b([A-Z]{3,5})\b",
        "second": r"\(([A-Z]{3,5})\)",
        "exceptions": ["USA"],
    }
    assert found("The WHO of the USA says. The WHO.", **rule) == ["WHO"]
    assert found("World Health Organization (WHO). The WHO says.", **rule) == []


def test_metric_computes_and_divides_by_zero_calmly() -> None:
    rule = {"extends": "metric", "formula": "words / sentences", "max": 3, "message": "{value} of {max}"}
    assert found("One two three four five.", **rule) == [""]
    assert found("One two. Three.", **rule) == []
    assert found("x", **{**rule, "formula": "1 / links"}) == []


def test_sequence_wants_its_steps_in_order() -> None:
    rule = {
        "extends": "sequence",
        "scope": "heading",
        "steps": ["given", "proof"],
        "message": "“{match}” comes too early",
    }
    assert found("# Given\n\n# Proof", **rule) == []
    assert found("# Proof\n\n# Given", **rule) == ["Proof"]


@pytest.mark.parametrize(
    ("scope", "count"),
    [
        ("prose", 6),
        ("prose.first_block", 2),
        ("prose.last_block", 1),
        ("heading", 1),
        ("list", 1),
        ("table.cell", 1),
        ("link.text", 1),
        ("math", 1),
        ("code", 2),
        ("text", 8),
        ("all", 10),
    ],
)
def test_a_scope_is_where_a_rule_looks(scope: str, count: int) -> None:
    text = (
        "# word\n\nword [word](https://katex.org/word)\n\n- word\n\n| word |\n|---|\n| a |\n\n"
        "$word$ `word`\n\n```text\nword\n```\n\nLast word."
    )
    assert found(text, extends="existence", tokens=["word"], scope=scope) == ["word"] * count


def test_a_language_a_limit_a_prompt_and_quotation_marks_hold_a_rule_back() -> None:
    rule = {"extends": "existence", "tokens": ["so"]}
    assert found("so 和 so 一二三四", **rule, lang=["en"]) == []
    assert found("so so", **rule, limit=1) == ["so"]
    assert found("so", **rule, unless_prompted=True, context=lint.LintContext(prompt="Why so?")) == []
    assert found("“so” so", **rule, unless_quoted=True) == ["so"]


def test_a_fix_removes_the_word_or_its_sentence() -> None:
    rule = {"extends": "existence", "tokens": ["sadly"]}
    assert mended("One. Sadly two. Three.", **rule, fix={"kind": "delete_sentence"}) == "One. Three."
    assert mended("So sadly two.", **rule, fix={"kind": "delete"}) == "So two."
    assert mended("So sadly two.", **rule, fix={"kind": "replace", "text": "gladly"}) == "So gladly two."


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"extends": "existence", "patterns": ["(?=a)b"]}, "RE2 refuses (?=a)b: look-ahead is not supported"),
        ({"extends": "existence", "patterns": ["(?<!a)b"]}, "look-behind is not supported"),
        ({"extends": "existence", "patterns": ["(a)\\1"]}, "back-reference"),
        ({"extends": "existence", "patterns": ["a*"]}, "matches nothing at all"),
        ({"extends": "existence", "patterns": ["("]}, "missing )"),
        ({"extends": "existence"}, "give tokens, patterns or both"),
        ({"extends": "existence", "tokens": ["a"], "message": "{word}"}, "word is not filled in"),
        ({"extends": "occurrence", "tokens": ["a"]}, "give max, min or both"),
        ({"extends": "metric", "formula": "wrods", "max": 1}, "no measure is called wrods"),
        ({"extends": "metric", "formula": "__import__('os')", "max": 1}, "numbers, measures and"),
        ({"extends": "metric", "formula": "words ** 9", "max": 1}, "numbers, measures and + - * /"),
        ({"extends": "existance", "tokens": ["a"]}, "did you mean 'existence'?"),
        ({"extends": "existence", "tokens": ["a"], "tokns": ["b"]}, "unknown key"),
        ({"extends": "existence", "tokens": ["a"], "code": "BOI101"}, "begin with STY"),
        ({"extends": "existence", "tokens": ["a"], "level": "fatal"}, "'error', 'warning' or 'info'"),
    ],
)
def test_a_wrong_rule_of_a_guide_is_refused_with_the_reason(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(lint.GuideError, match="lint.style") as caught:
        guide(**rule)
    assert said in str(caught.value)


def test_a_guide_can_ignore_its_own_rule_in_a_profile() -> None:
    rule = {**BASE, "extends": "existence", "tokens": ["so"]}
    of = support.guide(extends="none", style=[rule], profiles=[{"when": {"tags": ["poem"]}, "ignore": ["STY001"]}])
    assert support.codes("so", of) == ["STY001"]
    assert support.codes("so", of, lint.LintContext(tags=("poem",))) == []


def test_a_file_that_is_no_rule_names_itself_and_the_place(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(yaml.safe_dump({**BASE, "extends": "existence", "patterns": ["(?=a)"]}))
    with pytest.raises(phrases.PhraseError, match=r"x\.yaml: patterns|x\.yaml: : RE2|look-ahead"):
        phrases.from_file(path)


def test_a_removed_rule_is_not_loaded_and_a_preview_is_not_recommended(tmp_path: Path) -> None:
    for name, stage in (("one", "removed"), ("two", "preview")):
        (tmp_path / "sty").mkdir(exist_ok=True)
        rule = {**BASE, "name": name, "extends": "existence", "tokens": ["a"], "status": {"stage": stage}}
        (tmp_path / "sty" / f"{name}.yaml").write_text(yaml.safe_dump(rule))
    (rule,) = phrases.built_in(tmp_path)
    assert (rule.name, rule.standard) == ("two", False)


def test_lone_surrogates_and_odd_capitals_do_not_move_a_place() -> None:
    assert found("\ud800 İİ so", extends="existence", tokens=["so"]) == ["so"]
    assert found("\ud800 İİ so", extends="existence", patterns=["so"]) == ["so"]
