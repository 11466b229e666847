"""Docstrings of rules, cut for a page."""

from server import lint
from server.guides import changes, rule_help

BODY = """One paragraph
on two lines.

Bad (min: 20):
    Four.

    Still the example.
Good:
    Twenty words.

Another paragraph."""


def test_a_docstring_becomes_paragraphs_and_examples() -> None:
    assert rule_help.pieces(BODY) == [
        rule_help.Piece("text", "One paragraph on two lines."),
        rule_help.Piece("bad", "Four.\n\nStill the example.", "min: 20"),
        rule_help.Piece("good", "Twenty words."),
        rule_help.Piece("text", "Another paragraph."),
    ]


def test_two_examples_of_one_kind_stay_apart() -> None:
    body = "Bad:\n    One.\nBad:\n    Two."
    assert [piece.text for piece in rule_help.pieces(body)] == ["One.", "Two."]


def test_no_rule_has_an_example_left_in_its_text() -> None:
    for rule in lint.rules().values():
        texts = [piece.text for piece in rule_help.pieces(rule.help) if piece.kind == "text"]
        assert not [text for text in texts if "Bad:" in text or "Good:" in text], rule.code


def test_changes_keep_a_little_of_what_is_around() -> None:
    before = "\n".join(str(number) for number in range(20))
    lines = changes.between(before, before.replace("10", "ten"))
    assert [line.kind for line in lines] == ["gap", *["same"] * 3, "removed", "added", *["same"] * 3, "gap"]


def test_equal_texts_have_no_changes() -> None:
    assert [line.kind for line in changes.between("a\nb", "a\nb")] == ["gap"]
