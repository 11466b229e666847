"""Both languages say everything."""

import re

import pytest

from server.web import i18n
from tests import messages

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
