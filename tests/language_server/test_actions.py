"""What an editor offers to do about findings, and what becomes of the text."""

from collections.abc import Iterator

import pytest
from lsprotocol import types
from lsprotocol.types import Position

from server import lint
from server.language_server.actions import suppression
from server.language_server.positions import Positions
from server.language_server.texts import Version
from tests.language_server.editor import Editor, Stale, codes
from tests.lint import support

FIX_ALL = "source.fixAll.goldsmith"


@pytest.fixture(scope="module")
def unversioned() -> Iterator[Editor]:
    """An editor that does not take edits bound to a version."""
    editor = Editor(versioned=False, encodings=["utf-8"])
    yield editor
    assert editor.leave() == 0


def titled(actions: list[types.CodeAction], words: str) -> types.CodeAction:
    """Return the one action whose title begins with `words`."""
    [found] = [action for action in actions if action.title.startswith(words)]
    return found


def test_a_safe_fix_is_preferred_and_mends(editor: Editor) -> None:
    uri = editor.open("fix.md", "😀 So $a \\textless b$.\r\n")
    [found] = editor.until(uri, lambda now: codes(now) == ["TEX102"])
    action = titled(editor.actions(uri, "\\textless"), "Replace with <")
    assert (action.kind, action.is_preferred, action.diagnostics) == ("quickfix", True, (found,))
    editor.apply(action)
    assert editor.texts[uri] == "😀 So $a < b$.\r\n"
    editor.until(uri, lambda now: now == [])


def test_an_unsafe_fix_is_offered_with_its_doubt(editor: Editor) -> None:
    uri = editor.open("unsafe.md", "The answer is 4. I hope this helps!")
    editor.until(uri, lambda now: codes(now) == ["BOI103"])
    [finding] = lint.lint(editor.texts[uri], support.RECOMMENDED).diagnostics
    [fix] = finding.fixes
    action = titled(editor.actions(uri, "hope"), fix.title)
    assert action.title == f"{fix.title} — {fix.why.rstrip('.')}"
    assert not action.is_preferred
    editor.apply(action)
    assert editor.texts[uri].rstrip() == "The answer is 4."


def test_what_only_shows_the_way_is_not_offered(editor: Editor) -> None:
    uri = editor.open("display.md", "So $\\frca{1}{2}$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    [finding] = lint.lint(editor.texts[uri], support.RECOMMENDED).diagnostics
    assert [fix.safety for fix in finding.fixes] == ["display"]
    assert [action.title for action in editor.actions(uri, "frca")] == ["Let TEX102 pass in this block, with a comment"]


def test_several_lines_go_in_as_the_text_ends_its_lines(editor: Editor) -> None:
    uri = editor.open("list.md", "These are:\r\n2) one\r\n3) two\r\n")
    editor.until(uri, lambda now: "FMT302" in codes(now))
    fix = next(action for action in editor.actions(uri, "one") if action.kind == "quickfix")
    editor.apply(fix)
    assert editor.texts[uri] == "These are:\r\n\r\n2) one\r\n3) two\r\n"


def test_fixing_all_mends_what_is_safe_and_nothing_else(editor: Editor) -> None:
    text = "#Title\r\n\r\nSo $a \\textless b$, 😀.   \r\n\r\nIt is $\\foo$.   x \r\n\r\n\r\n"
    uri = editor.open("all.md", text)
    editor.until(uri, lambda now: "FMT103" in codes(now))
    [action] = editor.actions(uri, only=["source.fixAll"])
    assert (action.title, action.kind) == ("Fix all safe", FIX_ALL)
    editor.apply(action)
    mended = lint.apply_fixes(text.replace("\r\n", "\n"), lambda now: lint.lint(now, support.RECOMMENDED)).text
    assert editor.texts[uri] == mended.replace("\n", "\r\n")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    assert editor.actions(uri, only=["source.fixAll"]) == []


def test_fixing_all_leaves_the_lines_between_alone(editor: Editor) -> None:
    uri = editor.open("apart.md", "First.   x  \n\nSecond.\n\n😀 $a \\textless b$\n")
    editor.until(uri, lambda now: "TEX102" in codes(now))
    [action] = editor.actions(uri, only=[FIX_ALL])
    assert action.edit is not None
    assert action.edit.document_changes is not None
    [change] = action.edit.document_changes
    assert isinstance(change, types.TextDocumentEdit)
    assert sorted({edit.range.start.line for edit in change.edits}) == [0, 4]


def test_fixing_all_is_not_offered_to_a_moving_cursor(editor: Editor) -> None:
    uri = editor.open("cursor.md", "So $a \\textless b$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    kinds = [
        {action.kind for action in editor.actions(uri, "less", automatic=is_moving)} for is_moving in (True, False)
    ]
    assert kinds == [{"quickfix"}, {"quickfix", FIX_ALL}]


@pytest.mark.parametrize(
    ("only", "kinds"),
    [
        (["quickfix"], {"quickfix"}),
        (["source"], {FIX_ALL}),
        (["source.fixAll.goldsmith"], {FIX_ALL}),
        (["source.fixAll.other", "refactor"], set()),
        ([""], {"quickfix", FIX_ALL}),
    ],
)
def test_only_the_wanted_kinds_are_offered(editor: Editor, only: list[str], kinds: set[str]) -> None:
    uri = editor.open("only.md", "So $a \\textless b$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    assert {action.kind for action in editor.actions(uri, "less", only=only)} == kinds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nSo $\\foo$.\n", "One.\n\n{comment}\nSo $\\foo$.\n"),
        ("One.\r\n\r\n  So\r\n$\\foo$.\r\n", "One.\r\n\r\n{comment}\r\n  So\r\n$\\foo$.\r\n"),
        ("- one\n- two $\\foo$\n", "{comment}\n- one\n- two $\\foo$\n"),
        ("One.\n\n> > $\\foo$", "One.\n\n{comment}\n> > $\\foo$"),
        ("| a |\n|---|\n| $\\foo$ |\n", "{comment}\n| a |\n|---|\n| $\\foo$ |\n"),
        ("One.\n# $\\foo$\n", "One.\n{comment}\n# $\\foo$\n"),
    ],
)
def test_a_comment_lets_a_finding_pass(editor: Editor, text: str, expected: str) -> None:
    uri = editor.open("pass.md", text)
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    editor.apply(titled(editor.actions(uri, "\\foo"), "Let TEX102"))
    assert editor.texts[uri] == expected.format(comment="<!-- lint-disable-next-line TEX102 -- reason -->")
    editor.until(uri, lambda now: now == [])


def test_a_second_finding_of_a_block_may_pass_too(editor: Editor) -> None:
    uri = editor.open("both.md", "So $\\foo$ and $x^$.\n")
    editor.until(uri, lambda now: codes(now) == ["TEX102", "TEX101"])
    editor.apply(titled(editor.actions(uri, "\\foo"), "Let TEX102"))
    editor.apply(titled(editor.actions(uri, "^"), "Let TEX101"))
    editor.until(uri, lambda now: now == [])


def test_advice_of_the_second_tier_may_pass_too(editor: Editor) -> None:
    uri = editor.open("advice.md", "We recieve it.\n")
    editor.until(uri, lambda now: codes(now) == ["GRA101"])
    editor.apply(titled(editor.actions(uri, "recieve"), "Let GRA101"))
    editor.until(uri, lambda now: now == [])


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("<hr class='x'>\n\nSo.\n", "FMT501", "<hr"),
        ("So $" + "x" * 4_001 + "$.\n", "SUP900", "xxx"),
        ("<!-- lint-disable-next-line TEX102 -->\nSo.\n", "SUP002", "TEX102"),
    ],
    ids=["not a block", "not checked", "of a comment"],
)
def test_a_comment_is_offered_only_where_it_works(editor: Editor, text: str, code: str, words: str) -> None:
    uri = editor.open("cannot.md", text)
    editor.until(uri, lambda now: code in codes(now))
    assert [action.title for action in editor.actions(uri, words) if action.title.startswith("Let")] == []


def test_a_finding_about_the_whole_text_gets_no_comment() -> None:
    guide = support.only("FMT102", required=["Answer"])
    places = Positions("# Title\n\nFour.")
    version = Version(1, places, "\n", guide, lint.lint(places.text, guide).diagnostics)
    [finding] = version.at(Position(0, 5))
    assert (finding.code, finding.span.codepoints) == ("FMT102", (0, 0))
    assert version.at(Position(2, 0)) == []
    assert suppression(version, finding) is None


def test_an_edit_for_an_older_version_is_refused(editor: Editor) -> None:
    uri = editor.open("stale.md", "So $a \\textless b$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    action = titled(editor.actions(uri, "\\textless"), "Replace with <")
    editor.change(uri, "Now so $a \\textless b$.")
    with pytest.raises(Stale):
        editor.apply(action)


def test_actions_are_about_the_text_as_it_is_now(editor: Editor) -> None:
    uri = editor.open("now.md", "So $a$.")
    for text in ("Soon $a$.", "Sooner $a \\textless b$."):
        editor.change(uri, text)
    editor.apply(titled(editor.actions(uri, "\\textless"), "Replace with <"))
    assert editor.texts[uri] == "Sooner $a < b$."


def test_an_editor_that_names_findings_is_offered_their_fixes(editor: Editor) -> None:
    uri = editor.open("named.md", "So $a \\textless b$, and more.")
    found = editor.until(uri, lambda now: codes(now) == ["TEX102"])
    assert editor.actions(uri, "more", only=["quickfix"]) == []
    assert editor.actions(uri, "more", only=["quickfix"], about=found)[0].title == "Replace with <"


def test_edits_go_without_a_version_where_an_editor_takes_none(unversioned: Editor) -> None:
    uri = unversioned.open("plain.md", "😀中 $a \\textless b$.")
    unversioned.until(uri, lambda now: codes(now) == ["TEX102"])
    action = titled(unversioned.actions(uri, "\\textless"), "Replace with <")
    assert action.edit is not None
    assert action.edit.document_changes is None
    unversioned.apply(action)
    assert unversioned.texts[uri] == "😀中 $a < b$."
