"""Which guide a text is read by, and guides that are written in the editor."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.language_server.guides import Guides, is_guide
from server.language_server.server import settings_in
from tests.language_server.editor import Editor, codes

SHORT = "guide: {name}\ntitle: Short\nlint:\n  extends: none\n  rules:\n    LEN002: {{min: {least}, max: 9000}}\n"
BROKEN = "guide: short\ntitle: Short\nlint:\n  rules:\n    LEN002: {{mn: 5}}\n".replace("{{", "{").replace("}}", "}")
TEXT = "So $\\foo$."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answers")
    (folder / "guides").mkdir()
    written(folder, "short", 50)
    written(folder, "long", 500)
    (folder / "guides" / "broken.yaml").write_text(BROKEN)
    return folder


@pytest.fixture(scope="module")
def writer(folder: Path) -> Iterator[Editor]:
    """An editor that works in `folder` under the guide `short`, which counts 50 characters."""
    options = {"guide": "guides/short.yaml"}
    editor = Editor(
        "--guide", "maths-zh", folder=folder, options=options, env={"GOLDSMITH_PUBLIC_URL": "https://desk/"}
    )
    yield editor
    assert editor.leave() == 0


def written(folder: Path, name: str, least: int) -> Path:
    path = folder / "guides" / f"{name}.yaml"
    path.write_text(SHORT.format(name=name, least=least))
    return path


def shown(editor: Editor, words: str) -> str:
    """Wait until a message with these words is shown, and return it."""
    return editor.wait(lambda: next((each for each in editor.shown if words in each), None))


def test_the_editor_chooses_the_guide_before_the_command_line(writer: Editor) -> None:
    uri = writer.open("short.md", TEXT)
    [found] = writer.until(uri, lambda now: codes(now) == ["LEN002"])
    assert found.code_description is not None
    assert found.code_description.href == "https://desk/rules/LEN002"
    assert writer.shown == []


def test_a_changed_setting_changes_the_guide_of_open_texts(writer: Editor) -> None:
    uri = writer.open("changed.md", TEXT)
    writer.until(uri, lambda now: codes(now) == ["LEN002"])
    writer.configure({"goldsmith": {"guide": "maths-zh"}})
    writer.until(uri, lambda now: codes(now) == ["TEX102"])
    writer.configure({"goldsmith": {"guide": ""}})
    writer.until(uri, lambda now: codes(now) == ["LEN002"])


def test_settings_that_say_nothing_change_nothing(writer: Editor) -> None:
    writer.configure({})
    writer.configure(None)
    writer.configure({"other": {"guide": "maths-zh"}})
    uri = writer.open("nothing.md", TEXT)
    writer.until(uri, lambda now: codes(now) == ["LEN002"])


def test_a_wrong_guide_is_said_and_the_last_good_one_stays(writer: Editor) -> None:
    writer.configure({"goldsmith": {"guide": "guides/broken.yaml"}})
    said = shown(writer, "broken.yaml")
    assert "broken.yaml:5: lint.rules.LEN002.mn: unknown key; did you mean 'min'?" in said
    assert "lint goes by “short”" in said
    uri = writer.open("wrong.md", TEXT)
    writer.until(uri, lambda now: codes(now) == ["LEN002"])
    writer.configure({"goldsmith": {"guide": "guides/nowhere.yaml"}})
    assert "no guide called 'guides/nowhere.yaml'" in shown(writer, "nowhere.yaml")
    writer.configure({"goldsmith": {"guide": ["a", "list"]}})
    shown(writer, "is the name of a guide")
    writer.configure({"goldsmith": {"guide": "guides/short.yaml"}})
    writer.until(uri, lambda now: codes(now) == ["LEN002"])


def test_saving_the_guide_reads_open_texts_again(writer: Editor, folder: Path) -> None:
    path = folder / "guides" / "long.yaml"
    writer.configure({"goldsmith": {"guide": "guides/long.yaml"}})
    guide = writer.open("", path.read_text(), "yaml", path.as_uri())
    uri = writer.open("saved.md", "x" * 100)
    writer.until(uri, lambda now: codes(now) == ["LEN002"])
    written(folder, "long", 5)
    writer.save(guide)
    writer.until(uri, lambda now: now == [])
    writer.configure({"goldsmith": {"guide": ""}})


def test_a_guide_written_elsewhere_is_read_with_the_next_change(writer: Editor, folder: Path) -> None:
    written(folder, "long", 5)
    writer.configure({"goldsmith": {"guide": "guides/long.yaml"}})
    uri = writer.open("elsewhere.md", "x" * 100)
    writer.until(uri, lambda now: now == [])
    written(folder, "long", 5_000)
    writer.change(uri, "x" * 101)
    writer.until(uri, lambda now: codes(now) == ["LEN002"])
    writer.configure({"goldsmith": {"guide": ""}})


def test_a_guide_in_the_editor_is_checked_when_it_is_saved(writer: Editor, folder: Path) -> None:
    path = folder / "guides" / "mended.yaml"
    path.write_text("# 😀\n" + BROKEN)
    guide = writer.open("", path.read_text(), "yaml", path.as_uri())
    [found] = writer.until(guide, lambda now: len(now) == 1)
    assert found.message == "lint.rules.LEN002.mn: unknown key; did you mean 'min'?"
    assert writer.words(guide, found.range) == "LEN002: {mn: 5}"
    path.write_text(SHORT.format(name="mended", least=5))
    writer.save(guide)
    writer.until(guide, lambda now: now == [])
    path.write_text("guide: other\ntitle: Other\n")
    writer.change(guide, path.read_text())
    writer.save(guide)
    [found] = writer.until(guide, lambda now: len(now) == 1)
    assert found.message == "guide: is 'other', but the file is named 'mended'; they must agree"
    writer.close(guide)
    writer.wait(lambda: True if not writer.published[guide][-1].diagnostics else None)


def test_an_editor_is_asked_for_its_settings() -> None:
    editor = Editor(settings={"guide": "nowhere"}, options={"goldsmith": {"guide": "maths-zh"}})
    shown(editor, "no guide called 'nowhere'")
    editor.settings = {"guide": "maths-en"}
    uri = editor.open("asked.md", "Four.")
    editor.configure(None)
    editor.until(uri, lambda now: "LEN002" in codes(now))
    assert "Until that is mended, lint goes by “maths-zh”." in editor.shown[0]
    assert editor.leave() == 0


@pytest.mark.parametrize(
    ("sent", "settings"),
    [
        ({"guide": "a"}, {"guide": "a"}),
        ({"goldsmith": {"guide": "a"}}, {"guide": "a"}),
        ({"goldsmith": {}}, {}),
        ({"goldsmith": None}, None),
        ({"other": 1}, None),
        ({}, None),
        (None, None),
        ([1], None),
    ],
)
def test_settings_stand_alone_or_under_a_name(sent: Any, settings: Any) -> None:
    assert settings_in(sent) == settings


@pytest.mark.parametrize(
    ("name", "language", "text", "found"),
    [
        ("a.yaml", "", "title: x\nguide: a\n", True),
        ("a.yml", "", "guide : a", True),
        ("a", "yaml", "guide: a", True),
        ("a.yaml", "yaml", "services:\n  guide: a\n", False),
        ("a.md", "markdown", "guide: a", False),
    ],
)
def test_a_guide_is_yaml_that_names_one(name: str, language: str, text: str, found: bool) -> None:
    assert is_guide(name, language, text) == found


@pytest.mark.parametrize("wish", ["x" * 5_000, "a\x00b", "~nobody-of-this-name/x", "/", ".", "../.."])
def test_an_impossible_name_is_only_wrong(wish: str, tmp_path: Path) -> None:
    guides = Guides()
    assert guides.begin(tmp_path, wish).endswith("lint goes by “recommended”.")
    assert not guides.outdated()


def test_paths_count_from_the_folder_of_the_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "guides").mkdir()
    path = written(tmp_path, "short", 5)
    guides = Guides()
    assert guides.begin(tmp_path, "guides/short.yaml") == ""
    assert guides.current.guide == "short"
    monkeypatch.setenv("HOME", os.fspath(tmp_path))
    assert guides.want("~/guides/short.yaml") == guides.want(str(path)) == ""
    assert guides.want("guides/nowhere.yaml") != ""
    assert guides.current.guide == "short"
