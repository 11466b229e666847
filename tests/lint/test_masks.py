"""Where HTML stands in a text, found in one pass whatever the text is."""

import time

import pytest

from server import lint
from server.lint import masks

GUIDE = lint.parse_guide("guide: any\ntitle: Any\nlanguage: any\n", file="any")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a <b> c", ["<b>"]),
        ("<!-- <b> --> <i>", ["<!-- <b> -->", "<i>"]),
        ("<!-- open <b>", ["<b>"]),
        ("--> <b>", ["<b>"]),
        ('<a x="-->">', ['<a x="-->">']),
        ("<!-- a <!-- b --> c", ["<!-- a <!-- b -->"]),
        ("1 < 2 > 1", []),
    ],
)
def test_tags_and_comments_are_found(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in masks.inline_html(text)] == found


@pytest.mark.parametrize("piece", ["<!--", "<!-- -->", "<b ", "- a\n", "**a "])
def test_the_longest_answer_of_one_mark_is_linted_in_seconds(piece: str) -> None:
    began = time.process_time()
    lint.lint(piece * (200_000 // len(piece)), GUIDE, tiers=["first"])
    assert time.process_time() - began < 10  # looking for each comment's end to the last character took half a minute
