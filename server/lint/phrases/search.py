"""Finding many phrases at once: literals by Aho-Corasick, patterns by RE2, both in linear time."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import ahocorasick_rs
import re2
from pydantic_core import PydanticCustomError

from server.lint import parser

_FOLD = {"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\n": " ", "\r": " "}
_UNSUPPORTED = {
    "invalid perl operator: (?=": "look-ahead is not supported",
    "invalid perl operator: (?!": "look-ahead is not supported",
    "invalid perl operator: (?<": "look-behind is not supported",
    "invalid escape sequence: \\": "this escape, or a back-reference, is not supported",
    "invalid repetition size": "counts go up to 1000",
}


def compiled(pattern: str, *, ignore_case: bool = True) -> Any:
    """Compile with RE2. Raises PydanticCustomError with the reason, which names what linear time rules out."""
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = not ignore_case
    try:
        found = re2.compile(pattern, options)
    except re2.error as error:
        raw = error.args[0] if error.args else str(error)
        reason = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
        plain = next((text for start, text in _UNSUPPORTED.items() if reason.startswith(start)), "")
        reason = f"{plain} ({reason})" if plain else reason
        said = {"pattern": pattern, "reason": reason}
        raise PydanticCustomError("bad_pattern", "RE2 refuses {pattern}: {reason}", said) from error
    if found.search("") is not None:
        raise PydanticCustomError("empty_pattern", "{pattern} matches nothing at all", {"pattern": pattern})
    return found


@lru_cache(maxsize=8)
def folded(text: str) -> str:
    """Return `text` in small letters, with plain quotation marks, one for one: offsets hold."""
    small = text.lower()
    if len(small) != len(text):
        small = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    for char, plain in _FOLD.items():  # many times faster than str.translate on text that is not ASCII
        small = small.replace(char, plain)
    return parser.readable(small)


@lru_cache(maxsize=8)
def readable(text: str) -> str:
    """Return `text` as RE2 takes it."""
    return parser.readable(text)


class Search:
    """Literals and patterns of one rule. Literals match whole words; Chinese has no words, so anything goes there."""

    def __init__(self, literals: Sequence[str], patterns: Sequence[str], *, ignore_case: bool = True) -> None:
        self.fold = ignore_case
        self.literals = [folded(text) if ignore_case else text for text in literals]
        singly = [compiled(text, ignore_case=ignore_case) for text in patterns]
        union = "|".join(f"(?:{text})" for text in patterns)  # one pass instead of many, as RE2 is built for
        self.patterns = [compiled(union, ignore_case=ignore_case)] if len(singly) > 1 else singly
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self._automaton = ahocorasick_rs.AhoCorasick(self.literals, matchkind=kind) if self.literals else None

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield `(which, start, end)` in order of place; `which` counts literals, and is their number for a pattern."""
        found: list[tuple[int, int, int]] = []
        if self._automaton is not None:
            looked = folded(text) if self.fold else readable(text)
            for which, start, end in self._automaton.find_matches_as_indexes(looked):
                if _whole(looked, start, end):
                    found.append((which, start, end))
        for pattern in self.patterns:
            which, spans = len(self.literals), (match.span() for match in pattern.finditer(readable(text)))
            found += [(which, start, end) for start, end in spans if end > start]
        last = -1
        for item in sorted(found, key=lambda item: (item[1], -item[2])):
            if item[1] >= last:
                yield item
                last = item[2]


def _whole(text: str, start: int, end: int) -> bool:
    """Say whether the match is not part of a longer word."""
    before, first, last, after = (
        text[start - 1 : start] if start else "",
        text[start],
        text[end - 1],
        text[end : end + 1],
    )
    return not (_joins(before, first) or _joins(last, after))


def _joins(left: str, right: str) -> bool:
    return bool(left and right) and all(char.isalnum() and not "\u2e80" <= char <= "\uffdc" for char in (left, right))
