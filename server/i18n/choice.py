"""Which language a reader without a request speaks: what their settings say, else what their locale does."""

import os
import re

from server.config import Reader
from server.i18n import Speech

# the locale's variables in the order gettext asks them: the first that is set decides
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_ENGLISH = re.compile(r"en(-.*)?")
_CHINESE = re.compile(r"zh(-(hans|cn|sg)(-.*)?)?")
_ENCODING = re.compile(r"[.@].*")


def named(tag: str) -> str:
    """Return the language that a locale or a language tag names, en or zh_CN, and '' for any other.

    `zh` alone is Simplified Chinese; Traditional Chinese (`zh_TW`, `zh-Hant`) is another language.
    """
    tag = _ENCODING.sub("", tag).replace("_", "-").lower()
    if _CHINESE.fullmatch(tag):
        return "zh_CN"
    return "en" if _ENGLISH.fullmatch(tag) else ""


def of_environment() -> Speech:
    """Return the speech of who runs this process: GOLDSMITH_LANGUAGE decides, else the locale; English otherwise."""
    reader = Reader()  # type: ignore[call-arg]  # every field has a default
    wish = reader.language or next(filter(None, map(os.environ.get, VARIABLES)), "")
    return Speech(named(wish) or "en")
