"""Lines and columns as editors count them."""

import pytest
from lsprotocol.types import Position, PositionEncodingKind, Range

from server.language_server.positions import Positions, line_end, meet, one_line_end

UTF8, UTF16, UTF32 = PositionEncodingKind.Utf8, PositionEncodingKind.Utf16, PositionEncodingKind.Utf32
TEXT = "a😀é\n中\ud800x\n"


@pytest.mark.parametrize(
    ("encoding", "columns"),
    [
        (UTF32, [0, 1, 2, 3, 0, 1, 2, 3, 0]),
        (UTF16, [0, 1, 3, 4, 0, 1, 2, 3, 0]),
        (UTF8, [0, 1, 5, 7, 0, 3, 6, 7, 0]),
    ],
)
def test_columns_count_units_of_the_encoding(encoding: str, columns: list[int]) -> None:
    found = [Positions(TEXT, encoding).at(index) for index in range(len(TEXT) + 1)]
    assert [at.character for at in found] == columns
    assert [at.line for at in found] == [0, 0, 0, 0, 1, 1, 1, 1, 2]


def test_utf16_is_what_editors_count_in_unless_they_say_otherwise() -> None:
    assert Positions("😀x").at(1) == Position(0, 2)


def test_a_line_is_marked_without_its_indent() -> None:
    places = Positions("one\n  key: 1  \n")
    assert places.line(1) == Range(Position(1, 2), Position(1, 8))
    assert places.line(9) == places.line(2) == Range(Position(2, 0), Position(2, 0))


@pytest.mark.parametrize(
    ("text", "end"), [("a\r\nb\n", "\r\n"), ("a\rb", "\r"), ("a\nb\r\n", "\n"), ("a\u2028b", "\n")]
)
def test_the_first_line_says_how_lines_end(text: str, end: str) -> None:
    assert line_end(text) == end


def test_line_ends_become_one_kind() -> None:
    assert one_line_end("a\r\nb\rc\n\r\n\u2028") == "a\nb\nc\n\n\u2028"


@pytest.mark.parametrize(
    ("start", "end", "together"), [(0, 1, False), (0, 2, True), (3, 3, True), (5, 9, True), (6, 9, False)]
)
def test_ranges_meet_when_they_touch(start: int, end: int, together: bool) -> None:
    one, other = Range(Position(0, 2), Position(0, 5)), Range(Position(0, start), Position(0, end))
    assert meet(one, other) == meet(other, one) == together
