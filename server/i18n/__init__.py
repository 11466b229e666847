"""English and Simplified Chinese: the catalogue, what is said from it, and the language in use.

Message catalogues are read from their `.po` files when the process first needs them, so there is nothing to compile.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from server.config import PACKAGE
from server.i18n import parsers
from server.text import message

LANGUAGES = ("en", "zh_CN")
IN_CONTEXT = "\x04"  # between a context and its message id, as gettext itself has it
OR = message(" or ")
# values of a sentence that a parser or a checker wrote, in English
PARSED = ("what", "reason", "problem", "detail", "advice")
# values that list words, in English
LISTED = ("expected", "forms", "known", "names")


@lru_cache
def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """Return {message id: translations by plural form} of a language; empty for English."""
    path = PACKAGE / "locale" / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return {}
    from babel.messages.pofile import read_po  # slow to import, and of no use to who reads English

    with path.open("rb") as file:
        entries = read_po(file, locale=language)
    found: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        key = entry.id if isinstance(entry.id, str) else entry.id[0]
        key = f"{entry.context}{IN_CONTEXT}{key}" if entry.context else key
        text = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        if key and text and all(text):
            found[key] = text
    return found


@dataclass(frozen=True, slots=True)
class Speech:
    """Says everything in one language."""

    language: str = "en"

    def gettext(self, message: str) -> str:
        """Return `message` in this language."""
        return catalogue(self.language).get(message, (message,))[0]

    def pgettext(self, context: str, message: str) -> str:
        """Return `message`, where one English word has several meanings; `context` tells which."""
        return catalogue(self.language).get(f"{context}{IN_CONTEXT}{message}", (message,))[0]

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the form for `number`; Chinese has one form for all."""
        forms = catalogue(self.language).get(singular)
        if forms:
            return forms[0] if len(forms) == 1 or number == 1 else forms[1]
        return singular if number == 1 else plural

    def say(self, template: str, values: Mapping[str, Any]) -> str:
        """Return a sentence, filled in where there are values; without any it is a text that stands as it is."""
        return self.fill(template, values) if values else self.gettext(template)

    def fill(self, template: str, values: Mapping[str, Any]) -> str:
        """Return a template filled in, `{{` becoming `{`; what parsers say inside it is said in this language too."""
        if not catalogue(self.language):
            return template.format(**values)
        told = dict(values)
        for name in PARSED:
            if isinstance(told.get(name), str):
                saying, parts = parsers.recognise(told[name])
                told[name] = self.gettext(saying).format(**parts) if parts else self.gettext(saying)
        for name in LISTED:
            if isinstance(told.get(name), str):
                told[name] = told[name].replace(" or ", self.gettext(OR)).replace(", ", self.gettext(", "))
        if told.get("name") in parsers.CHARACTERS:
            told["name"] = self.gettext(told["name"])
        return self.gettext(template).format(**told)


ENGLISH = Speech()
_speech: ContextVar[Speech] = ContextVar("speech", default=ENGLISH)


def gettext(message: str) -> str:
    """Return `message` in the language in use."""
    return _speech.get().gettext(message)


def pgettext(context: str, message: str) -> str:
    """Return `message` in the language in use, where one English word has several meanings; `context` tells which."""
    return _speech.get().pgettext(context, message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the form for `number` in the language in use."""
    return _speech.get().ngettext(singular, plural, number)


def say(template: str, values: Mapping[str, Any]) -> str:
    """Return a sentence in the language in use, as `Speech.say` does."""
    return _speech.get().say(template, values)


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Return a template filled in, in the language in use."""
    return _speech.get().fill(template, values)


def current() -> str:
    """Return the language in use: en or zh_CN."""
    return _speech.get().language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use `language` inside the block."""
    token = _speech.set(Speech(language) if language in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _speech.reset(token)
