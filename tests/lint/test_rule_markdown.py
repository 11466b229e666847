"""The Markdown of rules' pages."""

import re
from html import unescape

import pytest

from server.lint.parser import to_html
from server.lint.rule_markdown import code, fenced, literal, table


def plain(markdown: str) -> str:
    return unescape(re.sub(r"</?(?:span|p|code)[^>]*>|\n$", "", to_html(markdown)))


def test_words_are_shown_as_they_stand() -> None:
    words = "\\*a* _b_ `c` [d](e) #g |h| ~i~ ~~j~~ $k$ &amp; !l ![m](n) \\[o\\] \\(p\\) <q> {r}"
    assert plain(literal(words)) == words


@pytest.mark.parametrize("text", ["a ``` b", "````", "```\n~~~~~\n"])
def test_no_example_ends_its_block(text: str) -> None:
    fence, _, rest = fenced(text, "md").partition("md\n")
    assert rest == f"{text}\n{fence}"
    assert fence not in text


@pytest.mark.parametrize("text", ["a", "`", "a `` b", " ", "   ", " a", "a ", "`a", "a`", "``` `"])
def test_code_is_shown_as_it_stands(text: str) -> None:
    assert to_html(f"x{code(text)}y") == f"<p>x<code>{text}</code>y</p>\n"


def test_code_shows_its_line_ends() -> None:
    assert code("a\nb") == "`a⏎b`"


def test_a_bar_stays_in_its_cell() -> None:
    html = to_html(table(("a", "b"), [(code("x | y"), "z")]))
    assert "<td><code>x | y</code></td>" in html
    assert "<td>z</td>" in html
