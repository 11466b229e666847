"""English and Simplified Chinese: which one a request speaks, and the catalogue it speaks from.

Message catalogues are read from their `.po` files when the process first needs them, so there is nothing to compile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from babel.messages.pofile import read_po
from fastapi import Request

from server.config import PACKAGE
from server.errors import AppError

LANGUAGES = ("en", "zh_CN")
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
        text = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        if key and text and all(text):
            found[key] = text
    return found


def gettext(message: str) -> str:
    """Return `message` in the language in use."""
    return catalogue(_language.get()).get(message, (message,))[0]


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
        text = gettext(error.message)
    return text.format(**error.values) if error.values else text
