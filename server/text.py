"""Text as Goldsmith keeps it: one line ending, storable everywhere, hashed the same way."""

import hashlib
import json
import re
from typing import Any

REPLACEMENT = "\ufffd"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def normalise(text: str) -> str:
    """Return `text` with `\\n` line ends, and U+FFFD for NUL and lone surrogates, which no database can hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSTORABLE.sub(REPLACEMENT, text)


def normalise_json(value: Any) -> Any:
    """Apply `normalise` to every string inside a JSON value, keys included."""
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, list):
        return [normalise_json(item) for item in value]
    if isinstance(value, dict):
        return {normalise(str(key)): normalise_json(item) for key, item in value.items()}
    return value


def sha256(text: str) -> str:
    """Return the hex SHA-256 of `text` as UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def canonical_json(value: Any) -> str:
    """Return `value` as JSON with sorted keys and no spaces: the form that is hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def excerpt(text: str, length: int = 160) -> str:
    """Return the first `length` characters of `text` on one line, with an ellipsis where it was cut."""
    flat = " ".join(text[: length * 4].split())
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"


def message(sentence: str) -> str:
    """Return `sentence` as it is: a mark that it belongs in the catalogue, to be translated where it is shown."""
    return sentence
