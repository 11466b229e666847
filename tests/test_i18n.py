"""Both languages say everything."""

import html
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from server import i18n
from server.i18n import choice, parsers
from server.models import Language, User
from tests import factories, messages
from tests.factories import Cast

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w+\}(?!\})")


@pytest.fixture(scope="module")
def collected() -> dict[messages.Message, list[str]]:
    return messages.collect()


def test_sentences_are_found(collected: dict[messages.Message, list[str]]) -> None:
    assert len(collected) > 300
    assert "Only an administrator can manage people." in collected


def test_every_sentence_has_its_chinese(collected: dict[messages.Message, list[str]]) -> None:
    catalogue = i18n.catalogue("zh_CN")
    assert [m for m in collected if (m if isinstance(m, str) else m[0]) not in catalogue] == []


def test_the_catalogue_holds_nothing_else(collected: dict[messages.Message, list[str]]) -> None:
    keys = {m if isinstance(m, str) else m[0] for m in collected}
    assert [k for k in i18n.catalogue("zh_CN") if k not in keys] == []


def test_translations_name_the_same_things(collected: dict[messages.Message, list[str]]) -> None:
    wrong = []
    for message in collected:
        key = message if isinstance(message, str) else message[1]
        text = i18n.catalogue("zh_CN").get(message if isinstance(message, str) else message[0], ("",))[0]
        if set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(key)):
            wrong.append(key)
    assert wrong == []


def test_a_count_is_said_in_the_language_in_use() -> None:
    with i18n.speaking("en"):
        assert i18n.ngettext("%(num)d word", "%(num)d words", 1) == "%(num)d word"
        assert i18n.ngettext("%(num)d word", "%(num)d words", 2) == "%(num)d words"


def test_one_english_word_can_have_two_translations() -> None:
    with i18n.speaking("zh_CN"):
        assert i18n.gettext("Name") != i18n.pgettext("person", "Name")
    assert i18n.pgettext("person", "Name") == "Name"


def test_what_a_parser_says_is_translated_where_it_is_known() -> None:
    template = "KaTeX cannot read this formula: {reason}."
    with i18n.speaking("zh_CN"):
        assert "Expected" not in i18n.say(template, {"reason": "Expected 'EOF', got '}'"})
        assert "EOF" in i18n.say(template, {"reason": "Expected 'EOF', got '}'"})
        assert "closed" not in i18n.say("This is not Python: {reason}.", {"reason": "'(' was never closed"})
        assert "Never heard" in i18n.say(template, {"reason": "Never heard of it"})
    assert i18n.say(template, {"reason": "Extra data"}) == "KaTeX cannot read this formula: Extra data."


def test_a_template_means_one_brace_by_two_whether_or_not_something_fills_it() -> None:
    with i18n.speaking("zh_CN"):
        assert i18n.fill("Wrap in \\text{{…}}", {}) == "放入 \\text{…}"
    assert i18n.fill("Wrap in \\text{{…}}", {}) == "Wrap in \\text{…}"
    assert i18n.say("A text that stands as it is: {{x}}.", {}) == "A text that stands as it is: {{x}}."


def test_who_reads_english_does_not_wait_for_the_catalogue() -> None:
    code = "import sys; from server import i18n; i18n.gettext('Name'); i18n.fill('{x}', {'x': 1}); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=messages.ROOT, capture_output=True, text=True, check=True)
    assert "server.i18n" in run.stdout
    assert "babel" not in run.stdout


def test_lists_and_names_of_characters_are_said_in_the_language_in_use() -> None:
    assert all(unicodedata.lookup(name) for name in parsers.CHARACTERS)
    with i18n.speaking("zh_CN"):
        assert i18n.fill("known here: {names}", {"names": "a, b"}) == "这里可用：a、b"
        assert i18n.fill("Input should be {expected}", {"expected": "'a', 'b' or 'c'"}).endswith("'a'、'b' 或 'c'")
        assert i18n.fill("{name}", {"name": "soft hyphen"}) == "软连字符"
        assert i18n.fill("{name}", {"name": "a soft hyphen"}) == "a soft hyphen"
    assert i18n.fill("{name}: {names}", {"name": "soft hyphen", "names": "a, b"}) == "soft hyphen: a, b"


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh_CN.UTF-8", "zh_CN"),
        ("zh_CN@pinyin", "zh_CN"),
        ("zh_SG", "zh_CN"),
        ("zh-Hans", "zh_CN"),
        ("zh-Hans-CN", "zh_CN"),
        ("zh-cn", "zh_CN"),
        ("zh", "zh_CN"),
        ("en_GB.UTF-8", "en"),
        ("en", "en"),
        ("zh_TW.UTF-8", ""),
        ("zh-Hant", ""),
        ("zha_CN", ""),
        ("C.UTF-8", ""),
        ("fr_FR", ""),
        ("", ""),
    ],
)
def test_a_tag_names_a_language_or_none(tag: str, language: str) -> None:
    assert choice.named(tag) == language


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "", "LC_ALL": ""}, "zh_CN"),
        ({"LC_ALL": "en_US.UTF-8", "GOLDSMITH_LANGUAGE": "zh"}, "zh_CN"),
        ({"LC_ALL": "zh_CN.UTF-8", "GOLDSMITH_LANGUAGE": "en"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "GOLDSMITH_PORT": "no number"}, "zh_CN"),
    ],
)
def test_settings_decide_before_the_locale_and_its_variables_in_order(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GOLDSMITH_LANGUAGE", *choice.VARIABLES):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert choice.of_environment().language == language


def pieces(message: messages.Message) -> list[str]:
    """Return the stretches of more than three words that a page would show of a message."""
    texts = [message] if isinstance(message, str) else list(message)
    found = [piece.strip() for text in texts for piece in PLACEHOLDER.split(text.split(i18n.IN_CONTEXT)[-1])]
    return [piece for piece in found if len(piece.split()) > 3]


@pytest.fixture
def reading(db: Session, cast: Cast) -> list[tuple[User, str]]:
    """People who read Chinese, and the pages each of them opens."""
    for user in (cast.wren, cast.rosa, cast.lea, cast.ada):
        user.language = Language.CHINESE
        db.add(user)
    task, other = factories.task(db, cast), factories.task(db, cast)
    factories.draft(db, task)
    version = factories.version(db, cast, other, text="So $x^$ and $\\foo$.")
    project, desk = f"/projects/{cast.project.slug}", f"/tasks/{task.id}"
    rooms = ["", "/tasks", "/reviews", "/golden", "/exports", "/import", "/members", "/edit"]
    pages = [(cast.lea, project + room) for room in rooms]
    pages += [
        (cast.lea, path)
        for path in ("/guides", "/guides/house", "/guides/new", "/rules", "/rules/TEX105", "/endpoints")
    ]
    pages += [(cast.wren, path) for path in ("/", desk, f"/tasks/{other.id}", "/account", "/guides/new", "/nowhere")]
    pages += [(cast.rosa, path) for path in ("/reviews", f"/versions/{version.id}", f"/tasks/{other.id}/versions")]
    pages += [(cast.ada, path) for path in ("/people", f"/people/{cast.wren.id}", "/projects/new")]
    db.commit()
    return pages


def test_a_chinese_speaker_meets_no_english_sentence(
    reading: list[tuple[User, str]],
    as_user: Callable[[User], TestClient],
    collected: dict[messages.Message, list[str]],
) -> None:
    english = {piece for message in collected for piece in pieces(message)}
    met = []
    for user, path in reading:
        answer = as_user(user).get(path, headers={"Accept": "text/html"})
        assert '<html lang="zh-CN"' in answer.text, path
        shown = html.unescape(answer.text)
        met += [(path, piece) for piece in english if piece in shown]
    assert met == []


def test_a_visitor_is_met_in_the_language_of_the_browser(client: TestClient) -> None:
    assert "登录" in client.get("/sign-in", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}).text
    assert "Sign in" in client.get("/sign-in", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
