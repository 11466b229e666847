"""What can be wrong in a guide, said so that it can be translated."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.lint.diagnostic import message
from server.lint.voice import ENGLISH, Saying, Voice

UNKNOWN_KEY = message("unknown key")
NO_RULE = message("no rule is called {name}")
NO_SUCH_RULE = message("no such rule")
SEVERAL_RULES = message("names several rules; options belong to one")
NOT_A_MAPPING = message("a guide is a mapping; it starts with `guide: name`")
NOT_YAML = message("is not YAML: {reason}")
CANNOT_READ = message("cannot be read: {reason}")
OTHER_NAME = message("is {name}, but the file is named {stem}; they must agree")
MEANT = message("did you mean {near}?")
KNOWN = message("known here: {names}")
GIVEN_TWICE = message("the key {key} is given twice")
RULE_TWICE = message("sets the same rule as {key}")
OWN_RULE = message("is a rule of the guide's own: its level stands under `style`, and a profile can only ignore it")
NAME_TWICE = message("the name {name} is another rule's already")
HINTED = message("{said}; {hint}")

# by pydantic's error type; {…} comes from the error's own context
_SAID = {
    "missing": message("is missing"),
    "string_type": message("Input should be a valid string"),
    "int_type": message("Input should be a valid integer"),
    "float_type": message("Input should be a valid number"),
    "bool_type": message("Input should be true or false"),
    "tuple_type": message("Input should be a list"),
    "list_type": message("Input should be a list"),
    "dict_type": message("Input should be a mapping"),
    "model_type": message("Input should be a mapping"),
    "literal_error": message("Input should be {expected}"),
    "string_pattern_mismatch": message("String should match pattern {pattern}"),
    "string_too_short": message("needs at least {min_length} characters"),
    "too_short": message("needs at least {min_length} entries"),
    "greater_than": message("should be greater than {gt}"),
    "greater_than_equal": message("should be {ge} or more"),
    "less_than_equal": message("should be {le} or less"),
    "scale_must_rise": message("scale values must rise, each once"),
    "bad_pattern": message("RE2 refuses {pattern}: {reason}"),
    "empty_pattern": message("{pattern} matches nothing at all"),
    "nothing_to_find": message("give tokens, patterns or both"),
    "no_limit": message("give max, min or both"),
    "min_above_max": message("min {min} is above max {max}"),
    "union_tag_invalid": message("Input should be {expected_tags}"),
    "union_tag_not_found": message("is missing"),
    "unknown_fill": message("{name} is not filled in; known: {known}"),
    "unknown_measure": message("no measure is called {name}; known: {known}"),
    "not_style": message("{code}: codes of a guide's own rules begin with STY"),
    "id_twice": message("{list}: the id {id} is used twice"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a guide: where (dotted path, 1-based line; 0 when unknown), what, and perhaps a hint."""

    path: str
    line: int
    what: Saying
    hint: Saying | None = None

    @property
    def message(self) -> str:
        return self.told(ENGLISH)

    def told(self, voice: Voice) -> str:
        """Return what is wrong, and the hint, as `voice` says it."""
        whole = Saying(HINTED, {"said": self.what, "hint": self.hint}) if self.hint else self.what
        return whole.told(voice)


def reason(error: Exception) -> str:
    """Return what went wrong, in the words of whoever found it and without the place."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    words = error.strerror if isinstance(error, OSError) else getattr(error, "msg", "")
    words = str(words or error)
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def said(error: Mapping[str, Any]) -> Saying:
    """Return what one pydantic error says; pydantic's own words where there are none of ours."""
    template = _SAID.get(error["type"])
    return Saying(template, error.get("ctx") or {}) if template else Saying("{reason}", {"reason": error["msg"]})


def near(word: str, known: Sequence[str]) -> Saying | None:
    """Return the hint for a mistyped `word`: the nearest known one, else all of them when they are few."""
    capitals = word.upper()
    if word and word != capitals and any(name.startswith(capitals) for name in known):
        return Saying(MEANT, {"near": repr(capitals)})
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return Saying(MEANT, {"near": repr(close[0])})
    return Saying(KNOWN, {"names": ", ".join(known)}) if len(known) < 15 else None
