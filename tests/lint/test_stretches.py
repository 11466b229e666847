"""Sets of stretches: the same answers as asking each of them."""

from hypothesis import given
from hypothesis import strategies as st

from server.lint.document import Document
from server.lint.phrases import scopes
from server.lint.stretches import Stretches

PLACES = st.integers(0, 30)
SPANS = st.lists(st.tuples(PLACES, PLACES))


@given(SPANS, PLACES)
def test_a_place_lies_in_a_set_when_it_lies_in_one_of_the_stretches(spans: list[tuple[int, int]], place: int) -> None:
    assert (place in Stretches(spans)) == any(start <= place < end for start, end in spans)


@given(st.lists(PLACES, unique=True).map(sorted), PLACES, PLACES)
def test_a_stretch_is_held_when_one_of_those_apart_holds_it(edges: list[int], start: int, end: int) -> None:
    spans = list(zip(edges[::2], edges[1::2], strict=False))
    start, end = min(start, end), max(start, end)
    if start < end:
        assert Stretches(spans).hold(start, end) == any(low <= start and end <= high for low, high in spans)


def test_the_sentences_around_a_place_reach_from_end_to_end() -> None:
    text = "One is here. Two is there! 三在此。四呢？ Five"
    document = Document(f"Before.\n\n{text}")

    def around(words: str, length: int | None = None) -> str:
        start = document.text.index(words)
        low, high = scopes.sentence(document, start, start + (length or len(words)))
        return document.text[low:high]

    assert around("is here") == "One is here. "
    assert around("there") == "Two is there! "
    assert around("在") == "三在此。"
    assert around("Five") == "Five"
    assert around("here. Two") == "One is here. Two is there! "
