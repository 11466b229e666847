"""English and Simplified Chinese: which one a request speaks, and the catalogue it speaks from.

Message catalogues are read from their `.po` files when the process first needs them, so there is nothing to compile.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from babel.messages.pofile import read_po
from fastapi import Request

from server.config import PACKAGE
from server.errors import AppError
from server.text import message
from server.web import parsers

LANGUAGES = ("en", "zh_CN")
IN_CONTEXT = "\x04"  # between a context and its message id, as gettext itself has it
OR = message(" or ")
# values of a sentence that a parser or a checker wrote, in English
PARSED = ("what", "reason", "problem", "detail")
_language: ContextVar[str] = ContextVar("language", default="en")


@lru_cache
def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """Return {message id: translations by plural form} of a language; empty for English."""
    path = PACKAGE / "locale" / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return {}
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


def gettext(message: str) -> str:
    """Return `message` in the language in use."""
    return catalogue(_language.get()).get(message, (message,))[0]


def pgettext(context: str, message: str) -> str:
    """Return `message` in the language in use, where one English word has several meanings; `context` tells which."""
    return catalogue(_language.get()).get(f"{context}{IN_CONTEXT}{message}", (message,))[0]


def say(template: str, values: Mapping[str, Any]) -> str:
    """Return a sentence in the language in use, filled in; what parsers say inside it is translated too."""
    if not values:
        return gettext(template)
    told = dict(values)
    for name in PARSED:
        if isinstance(told.get(name), str):
            saying, parts = parsers.recognise(told[name])
            told[name] = gettext(saying).format(**parts) if parts else gettext(saying)
    if isinstance(told.get("expected"), str):
        told["expected"] = told["expected"].replace(" or ", gettext(OR)).replace(", ", gettext(", "))
    return gettext(template).format(**told)


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the form for `number`; Chinese has one form for all."""
    forms = catalogue(_language.get()).get(singular)
    if forms:
        return forms[0] if len(forms) == 1 or number == 1 else forms[1]
    return singular if number == 1 else plural


def current() -> str:
    """Return the language in use: en or zh_CN."""
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use `language` inside the block."""
    token = _language.set(language if language in LANGUAGES else "en")
    try:
        yield
    finally:
        _language.reset(token)


def language_of(request: Request) -> str:
    """Return the person's own setting, else the cookie's, else what the browser prefers."""
    user = getattr(request.state, "user", None)
    if user is not None:
        return str(user.language.value)
    chosen = request.cookies.get("goldsmith_language", "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("zh"):
            return "zh_CN"
        if tag.startswith("en"):
            return "en"
    return "en"


def sentence(request: Request, error: AppError) -> str:
    """Return what an error says, in the request's language."""
    with speaking(language_of(request)):
        return say(error.message, error.values)
