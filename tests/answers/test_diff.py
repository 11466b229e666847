"""A word diff is exact, readable, harmless and quick."""

import time

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from server.answers import diff, words


def shown(old: str, new: str) -> str:
    marks = {"equal": "{}", "insert": "+[{}]", "delete": "-[{}]"}
    return "".join(marks[s.kind].format(s.text) for s in diff.between(old, new))


def old_of(segments: list[diff.Segment]) -> str:
    return "".join(s.text for s in segments if s.kind != "insert")


def new_of(segments: list[diff.Segment]) -> str:
    return "".join(s.text for s in segments if s.kind != "delete")


def test_equal_texts_are_one_equal_segment() -> None:
    assert diff.between("As it was.", "As it was.") == [diff.Segment("equal", "As it was.")]
    assert diff.between("", "") == []


def test_a_replaced_word_is_deleted_and_inserted() -> None:
    assert shown("The sum is even.", "The sum is odd.") == "The sum is -[even]+[odd]."


def test_words_apart_by_a_space_change_as_one_phrase() -> None:
    assert shown("We clearly see it.", "One may see it.") == "-[We clearly]+[One may] see it."


def test_chinese_changes_character_by_character() -> None:
    assert shown("三角形的内角和", "四边形的内角和") == "-[三角]+[四边]形的内角和"


def test_a_formula_changes_as_a_whole() -> None:
    assert shown("So $a = b$ holds.", "So $a = c$ holds.") == "So -[$a = b$]+[$a = c$] holds."
    assert shown(r"So \(a\) and \[b\].", r"So \(a\) and \[c\].") == r"So \(a\) and -[\[b\]]+[\[c\]]."


def test_money_is_not_a_formula() -> None:
    assert shown("It costs $5 and $6 now.", "It costs $5 or $6 now.") == "It costs $5 -[and]+[or] $6 now."


def test_an_equal_crumb_between_larger_changes_is_folded_into_them() -> None:
    assert shown("large red boxes", "small red cases") == "-[large red boxes]+[small red cases]"


def test_paragraphs_are_never_folded_into_one_change() -> None:
    segments = diff.between("One thing.\n\nAnother thing.", "Any word.\n\nSome other.")
    assert diff.Segment("equal", ".\n\n") in segments or any("\n\n" in s.text for s in segments if s.kind == "equal")


def test_counts_are_words_added_and_removed() -> None:
    assert diff.counts(diff.between("one two three", "one 四五 three $x$")) == (3, 1)


@given(st.text(alphabet="ab 中文$\\()\n.<", max_size=80), st.text(alphabet="ab 中文$\\()\n.<", max_size=80))
def test_both_texts_can_be_read_back(old: str, new: str) -> None:
    segments = diff.between(old, new)
    assert old_of(segments) == old
    assert new_of(segments) == new


def test_long_texts_can_be_read_back_too() -> None:
    old = "".join(f"Paragraph {i} says that {i * i} is a square.\n\n" for i in range(3_000))
    new = old.replace("Paragraph 7 says", "Section 7 states").replace("Paragraph 2999 ", "")
    segments = diff.between(old, new)
    assert old_of(segments) == old
    assert new_of(segments) == new
    assert sum(len(s.text) for s in segments if s.kind != "equal") < 100


def test_the_longest_answers_take_seconds_at_most() -> None:
    old = "".join(chr(0x4E00 + (i * 7919) % 20_000) for i in range(200_000))
    new = "".join(chr(0x4E00 + (i * 104_729) % 20_000) for i in range(200_000))
    started = time.perf_counter()
    diff.between(old, new)
    assert time.perf_counter() - started < 5


def test_hostile_delimiters_cost_no_more_than_words() -> None:
    for text in (r"\(" * 50_000, "$" * 99_999, "$$" + "a" * 99_000, r"\[" * 50_000, "$a " * 40_000):
        started = time.perf_counter()
        assert "".join(words.pieces(text)) == text
        assert time.perf_counter() - started < 2


def test_rendered_text_is_escaped() -> None:
    html = diff.render(diff.between("<b>", "<img src=x onerror=alert(1)>"))
    assert "<img" not in html
    assert "<b>" not in html
    assert "img src=x" in html


def test_changes_are_said_in_words_for_those_who_hear_the_page() -> None:
    html = diff.render(diff.between("even", "odd"), inserted="added:", deleted="removed:", end="done")
    assert html == Markup(
        '<del><span class="sr-only">removed: </span>even<span class="sr-only"> done </span></del>'
        '<ins><span class="sr-only">added: </span>odd<span class="sr-only"> done </span></ins>'
    )


def test_formulas_can_be_drawn_and_words_stay_escaped() -> None:
    html = diff.render(
        diff.between("<i> $x$", "<i> $y$"), formula=lambda source: Markup("<math>{}</math>").format(source)
    )
    assert "<math>$x$</math>" in html
    assert "&lt;i&gt;" in html


def test_spaces_on_both_sides_of_a_change_are_no_part_of_it() -> None:
    assert (
        shown("Add three cyclic ones here.", "Add two of them here.") == "Add -[three cyclic ones]+[two of them] here."
    )


def test_a_drawn_display_formula_ends_its_own_line() -> None:
    html = diff.render(diff.between("a\n$$b$$\n\nc", "a\n$$b$$\n\nc"), formula=lambda source: Markup("<p></p>"))
    assert html == "a\n<p></p>\nc"
    replaced = diff.render(diff.between("$$a$$\nc", "$$b$$\nc"), formula=lambda source: Markup("<p></p>"))
    assert replaced.endswith("</ins>c")
    assert diff.render(diff.between("$$b$$\nc", "$$b$$\nc"), formula=lambda source: None) == "$$b$$\nc"
