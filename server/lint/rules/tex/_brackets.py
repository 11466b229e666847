r"""Braces, `\left…\right` and `\begin…\end`: which has no partner."""

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"\\(?P<side>left|right)(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|[^\\{}])?"
    r"|\\(?P<edge>begin|end)\s*\{(?P<name>[^{}]*)\}"
    r"|\\(?:[A-Za-z]+|.)|(?P<brace>[{}])|%[^\n]*",
    re.DOTALL,
)
_OPENS = {"{", "left", "begin"}
_PARTNER = {"}": "{", "right": "left", "end": "begin"}


@dataclass(frozen=True, slots=True)
class Bracket:
    """One bracket at `start:end` of the formula; `kind` is `{ } left right begin end`, `name` an environment."""

    kind: str
    name: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Imbalance:
    """An opener without closer, a closer without opener, or two that do not belong together."""

    opener: Bracket | None
    closer: Bracket | None


@lru_cache(4096)
def imbalances(tex: str) -> tuple[Imbalance, ...]:
    """Return every imbalance of `tex`, in the order of reading."""
    stack: list[Bracket] = []
    found: list[Imbalance] = []
    for bracket in _brackets(tex):
        if bracket.kind in _OPENS:
            stack.append(bracket)
        elif stack and _partners(stack[-1], bracket):
            stack.pop()
        elif any(_partners(opener, bracket) for opener in stack):
            while not _partners(stack[-1], bracket):
                found.append(Imbalance(stack.pop(), bracket))
            stack.pop()
        elif stack and bracket.kind == "end" and stack[-1].kind == "begin":
            found.append(Imbalance(stack.pop(), bracket))
        else:
            found.append(Imbalance(None, bracket))
    return (*found, *(Imbalance(opener, None) for opener in stack))


def _brackets(tex: str) -> list[Bracket]:
    return [
        Bracket(kind, (match["name"] or "").strip(), match.start(), match.end(), match.group())
        for match in _TOKEN.finditer(tex)
        if (kind := match["side"] or match["edge"] or match["brace"])
    ]


def _partners(opener: Bracket, closer: Bracket) -> bool:
    return _PARTNER[closer.kind] == opener.kind and opener.name == closer.name
