"""Markdown on the page: the same formulas as lint, and nothing of anyone's that acts."""

import re

import pytest

from server.web.markdown import excerpt, render


def test_formulas_are_drawn_by_katex_inline_and_display() -> None:
    html = render("a $x$ b \\(y\\)\n\n$$z$$\n\n\\[w\\]")
    assert html.count('<span class="formula inline">') == 2
    assert html.count('<span class="formula display">') == 2
    assert "katex-html" in html


def test_a_failed_formula_shows_its_source_and_the_reason() -> None:
    html = render("a $\\frac{<b>$ b")
    assert re.search(r'<code class="formula-error" title="[^"]+">\\frac\{&lt;b&gt;</code>', html)


@pytest.mark.parametrize("after", [".", "，", "）。"])
def test_a_formula_keeps_the_punctuation_that_follows_it(after: str) -> None:
    html = str(render(f"So $a+b${after} next"))
    assert re.search(
        rf'<span class="unbroken"><span class="formula inline">.*</span>{re.escape(after)}</span> next', html
    )
    assert "unbroken" not in render("So $a+b$ next")
    assert "unbroken" not in render(f"$$\na+b\n$$\n\n{after}")


def test_currency_stays_text() -> None:
    assert "katex" not in render("It costs $5 on the first day and $ then.")
    assert "$125 on the bricks. He will spend 500*$" in render("It is $125 on the bricks. He will spend 500*$2.")
    assert "A place of $$ or $$$." in render("A place of $$ or $$$.")
    assert "katex" in render("\\(5 apples and pears\\)")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "![x](javascript:alert(1))",
        '![x](http://e.x/" onload="alert(1))',
        '[x](http://e.x "\\" onmouseover=\\"alert(1)")',
        "<javascript:alert(1)>",
        "$\\href{javascript:alert(1)}{x}$",
        "$\\text{<img src=x onerror=alert(1)>}$",
        "$\\htmlStyle{background:url(http://e.x)}{x}$",
        "$\\includegraphics{http://e.x/a.png}$",
        '<span data-math-style="inline">\\x</span>',
        '```"><script>alert(1)</script>\nx\n```',
        "[^<script>]: x\n\n[^<script>]",
        "<style>*{display:none}</style><form action=http://e.x><input name=a></form><iframe src=//e.x>",
        "<svg onload=alert(1)><math><mtext></mtext></math>",
    ],
)
def test_hostile_text_is_inert(text: str) -> None:
    html = render(text)
    tags = re.findall(r"<[^>]*>", html)
    assert not any(
        re.match(r"</?(?:script|img|iframe|form|style|svg|object|embed|link|meta)\b", tag, re.I) for tag in tags
    )
    assert not any(re.search(r"\son\w+\s*=", re.sub(r'"[^"]*"', '""', tag)) for tag in tags)
    assert not any(re.search(r'href="(?!https?:|mailto:|#|")', tag) for tag in tags)
    assert not re.search(r"url\(", html.replace("&", "")) or "formula" in html


@pytest.mark.parametrize("text", ["> " * 1_000 + "<b>", "\\(<b> " * 10_000])
def test_a_text_with_too_many_marks_is_shown_as_it_was_written(text: str) -> None:
    html = render(text)
    assert html.startswith("<p>This text is shown as it was written: ")
    assert html.count("&lt;b&gt;") == text.count("<b>")
    assert 0 < len(excerpt(text)) <= 160


def test_pictures_become_links() -> None:
    assert '<a class="image" href="https://e.x/a.png"' in render("![A cat](https://e.x/a.png)")


def test_code_keeps_its_language_and_is_not_read() -> None:
    assert '<pre><code class="language-python">x = "$a$ &lt;b&gt;"\n</code></pre>' in render(
        '```python title\nx = "$a$ <b>"\n```'
    )


def test_bold_beside_chinese_punctuation_is_bold() -> None:
    assert "<strong>注意：</strong>中文" in render("**注意：**中文")


def test_footnotes_of_two_texts_on_one_page_stay_apart() -> None:
    one, two = render("a[^1]\n\n[^1]: b"), render("c[^1]\n\n[^1]: d")
    ids = [set(re.findall(r' id="([^"]+)"', html)) for html in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert set(re.findall(r'href="#([^"]+)"', one)) == ids[0]


def test_lint_directives_are_not_shown() -> None:
    assert render("<!-- lint-disable-next-line TEX101 -- why -->\n\nHi") == "<p>Hi</p>\n"


@pytest.mark.parametrize("text", ["", "\x00", "\ud800 $\ud800$", "$" * 999, "{" * 9999, "\\(" * 500])
def test_odd_texts_render_without_an_exception(text: str) -> None:
    render(text)


def test_an_excerpt_is_plain_prose_of_one_line() -> None:
    assert excerpt("# Head\n\n- **bold** $x^2$, `code` <b>") == "Head bold x^2, code <b>"
    assert excerpt("word " * 100, 20) == "word word word word…"
