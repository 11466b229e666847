"""Two texts on the page: words marked, formulas drawn, nothing of theirs alive."""

from server.answers.comparison import compare


def test_words_are_marked_and_counted() -> None:
    found = compare("It is even.", "It is odd, always.")
    assert "<del>" in found.html
    assert "<ins>" in found.html
    assert (found.added, found.removed) == (2, 1)
    assert not found.is_equal


def test_equal_texts_say_so() -> None:
    assert compare("As it was.", "As it was.").is_equal


def test_a_changed_space_is_a_change() -> None:
    assert not compare("a b", "a  b").is_equal


def test_formulas_are_drawn() -> None:
    html = compare("So $a$.", r"So $b$ and \[c\].").html
    assert html.count("katex") >= 3
    assert "$b$" not in html


def test_a_broken_formula_stays_source() -> None:
    assert r"$\frac{a$" in compare("", r"Here $\frac{a$ breaks.").html


def test_money_stays_words() -> None:
    assert "$5 and $6" in compare("", "It costs $5 and $6.").html


def test_hostile_text_is_inert() -> None:
    hostile = r"<script>alert(1)</script> $\href{javascript:alert(1)}{x}$ $<img src=x onerror=alert(1)>$"
    html = compare("<b onclick=x>", hostile).html
    assert "<script" not in html
    assert "<img" not in html
    assert "<b " not in html
    assert 'href="javascript' not in html
