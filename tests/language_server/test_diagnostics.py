"""What an editor is shown of a text while it is written."""

from collections.abc import Iterator

import pytest
from lsprotocol import types

from server import lint
from tests.language_server.conftest import LIMIT
from tests.language_server.editor import Editor, codes
from tests.lint import support

TRICKY = [
    "😀 and 😀 $\\foo$.",
    "One.\r\n\r\n😀 $\\foo$ and 中文 $\\foo$.\r\n",
    "One.\r\rTwo 😀 $\\foo$.\r",
    "A line\u2028that goes on\u0085 and on\x0b 😀 $\\foo$.",
    "Half a pair \ud83d, the other \ude00, and $\\foo$.",
    "\x00 😀 $\\foo$",
]


@pytest.fixture(scope="module", params=["utf-16", "utf-8", "utf-32"])
def counting(request: pytest.FixtureRequest) -> Iterator[Editor]:
    """An editor that counts columns in one of the three encodings."""
    editor = Editor(encodings=[request.param])
    yield editor
    assert editor.leave() == 0


def test_a_finding_is_shown_with_all_that_is_known_of_it(editor: Editor) -> None:
    text = "So $\\foo$."
    uri = editor.open("all.md", text)
    [found] = editor.until(uri, lambda now: codes(now) == ["TEX102"])
    [engine] = lint.lint(text, support.RECOMMENDED).diagnostics
    assert found == types.Diagnostic(
        types.Range(types.Position(0, 4), types.Position(0, 8)),
        "KaTeX does not know \\foo.",
        types.DiagnosticSeverity.Error,
        "TEX102",
        source="goldsmith",
        data={"fingerprint": engine.fingerprint},
    )


def test_every_level_has_its_severity(editor: Editor) -> None:
    uri = editor.open("levels.md", "So $\\foo$ and **so on.  \n\nCertainly I hope this helps!")
    found = editor.until(uri, lambda now: "TEX102" in codes(now))
    levels = {item.code: lint.rules()[str(item.code)].level for item in found}
    names = {"error": "Error", "warning": "Warning", "info": "Information"}
    assert {item.code: item.severity and item.severity.name for item in found} == {
        code: names[level] for code, level in levels.items()
    }
    assert set(levels.values()) == {"error", "warning", "info"}


def test_an_edit_changes_what_is_shown(editor: Editor) -> None:
    uri = editor.open("edit.md", "So $\\foo$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    editor.change(uri, "So $\\foo$ and $x^$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102", "TEX101"])
    editor.change(uri, "So $x$.")
    editor.until(uri, lambda now: now == [])


def test_a_text_without_findings_is_said_to_have_none(editor: Editor) -> None:
    uri = editor.open("clean.md", "So $x$.")
    editor.until(uri, lambda now: now == [])


def test_nothing_is_shown_of_an_older_version_in_a_newer_one(editor: Editor) -> None:
    uri = editor.open("fast.md", "")
    text = "We have $\\foo$ and $\\bar$ here, and $\\foo$ there."
    typed = {editor.versions[uri]: ""}
    for end in range(1, len(text) + 1):
        editor.change(uri, text[:end])
        typed[editor.versions[uri]] = text[:end]
    editor.until(uri, lambda now: codes(now).count("TEX102") == 2)
    versions = [each.version or 0 for each in editor.published[uri]]
    assert versions == sorted(versions)
    for each in editor.published[uri]:
        editor.texts[uri] = typed[each.version or 0]
        words = [editor.words(uri, item.range) for item in each.diagnostics if item.code == "TEX102"]
        expected = lint.lint(editor.texts[uri], support.RECOMMENDED).diagnostics
        spans = [item.span.codepoints for item in expected if item.code == "TEX102"]
        assert words == [editor.texts[uri][start:end] for start, end in spans]


@pytest.mark.parametrize("text", TRICKY, ids=ascii)
def test_ranges_are_exact_in_every_encoding(counting: Editor, text: str) -> None:
    uri = counting.open("ranges.md", text)
    found = counting.until(uri, lambda now: "TEX102" in codes(now))
    unknown = [item for item in found if item.code == "TEX102"]
    assert [counting.words(uri, item.range) for item in unknown] == ["\\foo"] * text.count("\\foo")
    assert unknown[0].range == counting.range_of(uri, "\\foo")


def test_the_encodings_count_differently(counting: Editor) -> None:
    uri = counting.open("units.md", "😀 $\\foo$")
    [found] = counting.until(uri, lambda now: codes(now) == ["TEX102"])
    assert found.range.start.character == {"utf-16": 4, "utf-8": 6, "utf-32": 3}[counting.encoding]


def test_the_second_tier_comes_later_and_stays_while_one_types_elsewhere(editor: Editor) -> None:
    uri = editor.open("late.md", "We recieve 😀 it.\n\nSo.")
    [found] = editor.until(uri, lambda now: codes(now) == ["GRA101"])
    assert editor.words(uri, found.range) == "recieve"
    editor.change(uri, "😀 First.\n\nWe recieve 😀 it.\n\nSo $\\foo$.")
    editor.until(uri, lambda now: codes(now) == ["GRA101", "TEX102"])
    editor.change(uri, "😀 First.\n\nWe receive 😀 it.\n\nSo $\\foo$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    shown = [each for each in editor.published[uri] if each.version == 2]
    assert {tuple(codes(each.diagnostics)) for each in shown} == {("GRA101", "TEX102")}


def test_a_text_is_read_again_when_it_is_saved(editor: Editor) -> None:
    uri = editor.open("saved.md", "So $\\foo$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    before = len(editor.published[uri])
    editor.save(uri)
    editor.wait(lambda: True if len(editor.published[uri]) > before else None)
    assert codes(editor.published[uri][-1].diagnostics) == ["TEX102"]


def test_closing_a_text_takes_its_findings_away(editor: Editor) -> None:
    uri = editor.open("closed.md", "So $\\foo$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    editor.close(uri)
    editor.wait(lambda: True if not editor.published[uri][-1].diagnostics else None)
    assert editor.hover(uri, "\\foo") == ""


@pytest.mark.parametrize(
    ("name", "language", "is_read"),
    [
        ("a.md", "markdown", True),
        ("b", "plaintext", True),
        ("c.txt", "text", True),
        ("d.markdown", "quarto", True),
        ("e.py", "python", False),
        ("f.jsonl", "jsonl", False),
    ],
)
def test_markdown_and_plain_text_are_read(editor: Editor, name: str, language: str, is_read: bool) -> None:
    uri = editor.open(f"kind-{name}", "So $\\foo$.", language)
    after = editor.open(f"after-{name}", "So $\\foo$.")
    editor.until(after, lambda now: codes(now) == ["TEX102"])
    if is_read:
        editor.until(uri, lambda now: codes(now) == ["TEX102"])
    assert (uri in editor.published) == is_read


def test_a_text_beyond_the_limit_is_said_not_to_be_read(editor: Editor) -> None:
    uri = editor.open("long.md", "So $\\foo$. " * LIMIT)
    [found] = editor.until(uri, lambda now: codes(now) == ["SUP900"])
    assert found.message == f"This text has {11 * LIMIT:,} characters; at most {LIMIT:,} fit."
    editor.change(uri, "So $\\foo$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])


@pytest.mark.parametrize(
    "text", ["$" * 999, "```\n" * 300, "> " * 999 + "x", "$x^" + "{" * 999, "<!--" * 500, "\r\n\ud800\x00" * 99]
)
def test_hostile_texts_are_read_like_any_other(editor: Editor, text: str) -> None:
    uri = editor.open("hostile.md", text)
    plain = text.replace("\r\n", "\n")
    expected = [item.code for item in lint.lint(plain, support.RECOMMENDED, tiers=lint.BOTH).diagnostics]
    editor.until(uri, lambda now: codes(now) == expected)


def test_the_same_is_said_of_a_text_whatever_ends_its_lines(editor: Editor) -> None:
    text = "| a | b |\n|---|---|\n| $x$ | **y |\n\nSo $a\n\nb$ and \\(c.\n"
    unix = editor.open("unix.md", text)
    windows = editor.open("windows.md", text.replace("\n", "\r\n"))
    expected = [item.code for item in lint.lint(text, support.RECOMMENDED).diagnostics]
    assert expected
    ours, theirs = (editor.until(uri, lambda now: codes(now) == expected) for uri in (unix, windows))
    assert [item.range for item in ours] == [item.range for item in theirs]


def test_diagnostics_are_not_offered_a_second_way(editor: Editor) -> None:
    assert editor.server.capabilities.diagnostic_provider is None
