"""What must hold of every answer: in other dress, half typed, mended, edited elsewhere. On answers of our own; the same
on real ones is in test_corpora.py."""

from collections import Counter

import pytest

from server import lint
from tests.lint import shapes, support
from tests.lint.shapes import ANSWERS, GUIDES, SHAPES

STYLES = {
    "zh-general": {code: {"profile": "zh-general"} for code in ("ZHT101", "ZHT103", "ZHT104")},
    "spaced": {code: {"spacing": "add"} for code in ("ZHT103", "ZHT104")},
    "unspaced": {code: {"spacing": "remove"} for code in ("ZHT103", "ZHT104")},
    "brackets": {"DLM002": {"inline": "bracket", "display": "bracket"}},
    "dollars": {"DLM002": {"inline": "dollar", "display": "dollar"}},
    "short": {"LEN002": {"min": 400}},
}
ALL = {**GUIDES, "recommended": support.RECOMMENDED, **{name: support.guide(rules=r) for name, r in STYLES.items()}}
of_answers = pytest.mark.parametrize("name", ANSWERS)


def found(text: str, guide: lint.Guide = support.RECOMMENDED) -> tuple[lint.Diagnostic, ...]:
    return lint.lint(text, guide).diagnostics


def codes(text: str, guide: lint.Guide) -> Counter[str]:
    return Counter(item.code for item in found(text, guide))


def test_the_answers_here_meet_most_rules() -> None:
    met = {item.code for text in ANSWERS.values() for item in found(text)}
    assert len(met) >= 45, sorted(met)
    assert GUIDES.keys() == {"general-en", "maths-en", "maths-zh"}


@of_answers
@pytest.mark.parametrize("shape", SHAPES)
def test_in_other_dress_an_answer_has_the_same_findings_at_the_same_places(shape: str, name: str) -> None:
    dressed = SHAPES[shape](ANSWERS[name])
    for guide in GUIDES.values():
        plain = shapes.plain(ANSWERS[name]).keys(found(ANSWERS[name], guide))
        assert dressed.keys(found(dressed.text, guide)) == plain


@of_answers
def test_an_emoji_in_front_moves_every_finding(name: str) -> None:
    text = ANSWERS[name]
    before, after = found(text), found("😀" + text)
    for unit, shift in (("codepoints", 1), ("utf16", 2), ("bytes", 4)):
        moved = [(item.code, *(at + shift for at in getattr(item.span, unit))) for item in before]
        assert [(item.code, *getattr(item.span, unit)) for item in after] == moved


@of_answers
@pytest.mark.parametrize("info", ["", "text", "markdown", "latex"])
@pytest.mark.parametrize("mark", ["`", "~"])
def test_in_a_fence_nothing_is_text(name: str, mark: str, info: str) -> None:
    for shape in (shapes.plain, SHAPES["a quote"], SHAPES["an item"]):
        text = shape(shapes.fenced(ANSWERS[name], mark, info)).text
        assert not {item.code for item in found(text) if item.code[:3] in ("DLM", "TEX", "ZHT", "BOI", "ARI", "TYP")}


@of_answers
def test_every_beginning_of_an_answer_is_linted(name: str) -> None:
    text = ANSWERS[name]
    for length in range(len(text)):
        for item in found(text[:length]):
            start, end = item.span.codepoints
            assert 0 <= start <= end <= length
            assert item.code != "SUP900"


@of_answers
@pytest.mark.parametrize("style", ALL)
def test_applied_safe_fixes_come_to_rest_and_add_nothing(style: str, name: str) -> None:
    guide, text = ALL[style], ANSWERS[name]
    applied = lint.apply_fixes(text, lambda version: lint.lint(version, guide))
    assert applied.stable
    assert not codes(applied.text, guide) - codes(text, guide)
    assert lint.apply_fixes(applied.text, lambda version: lint.lint(version, guide)).count == 0


@of_answers
def test_a_safe_fix_alone_adds_nothing_either(name: str) -> None:
    text = ANSWERS[name]
    for guide in GUIDES.values():
        before, report = codes(text, guide), found(text, guide)
        for fix in (fix for item in report for fix in item.fixes if fix.safety == "safe"):
            assert not codes(lint.apply_edits(text, fix), guide) - before, fix.title


def test_a_safe_fix_is_left_out_where_it_would_add_a_finding() -> None:
    def check(text: str) -> lint.Report:
        return lint.lint(text, support.guide(rules={"LEN002": {"min": 34}}))

    text = "So $a \\textless{} b$ it is in the\u200b end."
    applied = lint.apply_fixes(text, check)
    assert "\u200b" not in applied.text
    assert "textless" in applied.text  # without it the answer would be too short
    assert (applied.count, applied.stable) == (1, True)
    assert lint.apply_fixes("So $a \\textless{} b$ it is in the very long end.", check).count == 1


PLACED = ("TYP105", "BOI102", "BOI103", "BOI105", "BOI108")  # which speak of the beginning or of the end
WHOLE = ("REP101", "BOI106", *shapes.COUNTING)


@of_answers
def test_fingerprints_outlive_paragraphs_before_and_after(name: str) -> None:
    text, more = ANSWERS[name], "One more paragraph, with which nothing is wrong."
    kept = Counter(item.fingerprint for item in found(text) if item.code not in (*PLACED, *WHOLE))
    for version in (f"{more}\n\n{text}", f"{text}\n\n{more}"):
        assert not kept - Counter(item.fingerprint for item in found(version))


@of_answers
def test_fingerprints_outlive_a_change_of_another_line(name: str) -> None:
    text = ANSWERS[name]
    start = text.rindex("\n", 0, len(text) // 2) + 1
    changed = [item for item in found(text) if item.span.codepoints[1] < start - 1]
    version = text[:start] + text[start:].replace("e", "é")
    kept = Counter(item.fingerprint for item in changed if item.code not in WHOLE)
    assert not kept - Counter(item.fingerprint for item in found(version))


def test_a_fingerprint_changes_with_the_words_it_is_about() -> None:
    def prints(text: str) -> list[str]:
        return [item.fingerprint for item in found(text)]

    assert prints("So $a \\foo b$ it is.") != prints("So $a \\fooo b$ it is.")
    assert prints("We add 12 + 30 = 43.") != prints("We add 12 + 30 = 44.")
    assert prints("It is the the end of it.") != prints("It is the the beginning of it.")
    assert len(set(prints("So $a \\foo b$ and $a \\foo b$ it is."))) == 2
