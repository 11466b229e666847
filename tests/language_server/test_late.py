"""Findings of the second tier while a text is being edited."""

from server import lint
from server.language_server.late import Late
from server.lint.spans import TextMap
from tests.lint import support

TEXT = "😀 We recieve it.\n\nAnd teh end."


def standing(text: str) -> list[lint.Diagnostic]:
    """Return what stands of the advice on TEXT once it became `text`."""
    found = lint.lint(TEXT, support.only("GRA101"), tiers=lint.BOTH).diagnostics
    assert len(found) == 2
    return [*Late(TEXT, found).standing(TextMap(text))]


def test_findings_move_with_their_words_and_their_fixes() -> None:
    text = f"😀😀 First.\n\n{TEXT}"
    moved, expected = standing(text), lint.lint(text, support.only("GRA101"), tiers=lint.BOTH).diagnostics
    assert moved == [*expected]
    assert all(finding.fixes for finding in moved)


def test_a_finding_goes_when_its_words_are_edited() -> None:
    assert [item.line for item in standing(TEXT.replace("recieve", "receive"))] == [3]
    assert [item.line for item in standing(TEXT.replace("teh", "the"))] == [1]


def test_nothing_is_kept_of_nothing() -> None:
    assert [*Late().standing(TextMap(TEXT))] == []
