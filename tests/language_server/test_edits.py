"""Edits between two texts, and where what was not edited stands."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.language_server.edits import Moves, between, changed

TEXTS = st.text(alphabet="ab \n😀\u2028", max_size=30)


def applied(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, words in reversed(edits):
        text = text[:start] + words + text[end:]
    return text


@given(TEXTS, TEXTS)
def test_edits_turn_the_old_text_into_the_new_one(old: str, new: str) -> None:
    edits = [*between(old, new)]
    assert applied(old, edits) == new
    assert all(one[1] < other[0] for one, other in pairwise(edits))


@given(TEXTS, TEXTS)
def test_one_edit_says_it_all(old: str, new: str) -> None:
    edit = changed(old, new)
    assert (edit is None) == (old == new)
    assert applied(old, [edit] if edit else []) == new


def test_far_changes_are_apart_and_small() -> None:
    old = "First line.\nSecond.\nThird line.\n"
    assert [*between(old, "First  line.\nSecond.\nThird.\n")] == [(6, 6, " "), (25, 30, "")]


@given(TEXTS, TEXTS, st.integers(0, 30), st.integers(0, 5))
def test_what_moved_is_what_it_was(old: str, new: str, start: int, length: int) -> None:
    start, end = min(start, len(old)), min(start + length, len(old))
    by = Moves(old, new).of(start, end)
    if by is not None:
        assert new[start + by : end + by] == old[start:end]


@pytest.mark.parametrize(
    ("new", "by"),
    [
        ("We recieve it.", 0),
        ("Now. We recieve it.", 5),
        ("We recieve it, too.", 0),
        ("We, recieve it.", 1),
        ("We recieve, it.", 0),
        ("We recieved it.", None),
        ("We ärecieve it.", None),
        ("We receive it.", None),
        ("It.", None),
    ],
)
def test_a_word_stays_until_it_is_touched(new: str, by: int | None) -> None:
    assert Moves("We recieve it.", new).of(3, 10) == by


def test_what_stands_between_two_changes_stays() -> None:
    assert Moves("one\ntwo\nthree", "One\ntwo\nThree, four").of(4, 7) == 0
