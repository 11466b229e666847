"""Finding many phrases at once: literals by Aho-Corasick, patterns by RE2, both in linear time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


Hit = tuple[int, int, int]  # which literal (their number for a pattern), start, end
_NONE: tuple[Sequence[Hit], bool] = ((), False)


class Pool:
    """Looks for the literals and patterns of many rules in one pass each, for hardly any stands in a given text."""

    def __init__(self) -> None:
        self._searches: list[Search] = []
        self._ready: _Machines | None = None
        self.look = lru_cache(maxsize=4)(self._look)

    def add(self, search: "Search") -> int:
        """Take a rule's search in and return its number."""
        self._searches.append(search)
        self._ready = None
        return len(self._searches) - 1

    def _look(self, text: str) -> dict[int, tuple[list[Hit], bool]]:
        """Return, by number of search, its literals in `text`, overlapping ones too, and whether a pattern matches."""
        machines = self._ready = self._ready or self._built()
        found: dict[int, tuple[list[Hit], bool]] = {}
        if machines.literals is not None:
            looked = folded(text)
            for index, start, end in machines.literals.find_matches_as_indexes(looked, overlapping=True):
                if _whole(looked, start, end):
                    owner, which = machines.owners[index]
                    found.setdefault(owner, ([], False))[0].append((which, start, end))
        for index in (machines.patterns.Match(readable(text)) or ()) if machines.patterns is not None else ():
            owner = machines.whose[index]
            found[owner] = (found.get(owner, ([],))[0], True)
        return found

    def _built(self) -> "_Machines":
        owners, literals, whose = [], [], []
        options = re2.Options()
        options.max_mem = 64 << 20
        patterns = re2.Set.SearchSet(options)
        for number, search in enumerate(self._searches):
            for which, literal in enumerate(search.literals):
                owners.append((number, which))
                literals.append(literal)
            for text in search.sources:
                patterns.Add(f"(?i:{text})" if search.fold else text)
                whose.append(number)
        if whose:
            patterns.Compile()
        kind = ahocorasick_rs.MatchKind.Standard
        automaton = ahocorasick_rs.AhoCorasick(literals, matchkind=kind) if literals else None
        return _Machines(automaton, owners, patterns if whose else None, whose)


@dataclass(frozen=True, slots=True)
class _Machines:
    """What a pool looks with: an automaton with the search and the number of each literal, a set with the searches."""

    literals: Any
    owners: list[tuple[int, int]]
    patterns: Any
    whose: list[int]


class Search:
    """Literals and patterns of one rule. Literals match whole words; Chinese has no words, so anything goes there.

    Searches in a `pool` share its passes; there literals are looked for whatever their case.
    """

    def __init__(
        self, literals: Sequence[str], patterns: Sequence[str], *, ignore_case: bool = True, pool: Pool | None = None
    ) -> None:
        self.fold = ignore_case
        self.sources = patterns
        self.literals = [folded(text) if ignore_case else text for text in literals]
        singly = [compiled(text, ignore_case=ignore_case) for text in patterns]
        union = "|".join(f"(?:{text})" for text in patterns)  # one pass instead of many, as RE2 is built for
        self._pattern = compiled(union, ignore_case=ignore_case) if singly else None
        self._pool = pool if ignore_case or not literals else None
        self._number = self._pool.add(self) if self._pool else -1
        alone = self.literals and not self._pool
        kind = ahocorasick_rs.MatchKind.LeftmostLongest
        self._automaton = ahocorasick_rs.AhoCorasick(self.literals, matchkind=kind) if alone else None

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the hits in order of place, none overlapping another."""
        literals, may_match = self._pool.look(text).get(self._number, _NONE) if self._pool else self._literals(text)
        if not literals and not may_match:
            return
        found = [*literals]
        if may_match and self._pattern is not None:
            spans = (match.span() for match in self._pattern.finditer(readable(text)))
            found += [(len(self.literals), start, end) for start, end in spans if end > start]
        last = -1
        for item in sorted(found, key=lambda item: (item[1], -item[2])):
            if item[1] >= last:
                yield item
                last = item[2]

    def _literals(self, text: str) -> tuple[Sequence[Hit], bool]:
        if self._automaton is None:
            return (), True
        looked = folded(text) if self.fold else readable(text)
        hits = self._automaton.find_matches_as_indexes(looked)
        return [hit for hit in hits if _whole(looked, hit[1], hit[2])], True


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
