"""Chinese running text, a line at a time, as AutoCorrect would set it: found as small edits with exact offsets."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from pydantic import Field, field_validator
from rapidfuzz.distance import Levenshtein

from server.lint.document import Document
from server.lint.registry import Options

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
Profile = Literal["consistent", "zh-general", "zh-maths", "off"]
_LINE = re.compile(r"[^\s][^\n\r]*")
_HAN = re.compile(f"[{HAN}]")
_NARROW = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
LONGEST = 20_000


class Typography(Options):
    """How Chinese is set."""

    profile: Profile = Field(
        default="consistent",
        description="consistent: as the rest of the answer; zh-general: always; zh-maths: not beside formulas; off.",
    )

    @field_validator("profile", mode="before")
    @classmethod
    def off(cls, profile: object) -> object:
        """Take `off` as it is written: YAML reads false."""
        return "off" if profile is False else profile


@dataclass(frozen=True, slots=True)
class Change:
    """`start:end` of a line becomes `text`; `old` is what stands there."""

    start: int
    end: int
    old: str
    text: str


def lines(document: Document) -> list[tuple[int, str]]:
    """Return every line of running text that holds Chinese, with its offset; formulas and code are masked, and letters
    and digits of full width read as narrow ones."""
    return document.once("chinese lines", _lines)


def _lines(document: Document) -> list[tuple[int, str]]:
    if not document.han:
        return []
    masked, wide = document.masked, _WIDE.search(document.masked) is not None
    found = [
        (match.start(), match.group())
        for leaf in document.leaves
        for match in _LINE.finditer(masked, leaf.start, leaf.end)
        if _HAN.search(match.group())
    ]
    return [(at, line.translate(_NARROW)) for at, line in found] if wide else found


@lru_cache(maxsize=8192)
def changes(line: str) -> tuple[Change, ...]:
    """Return AutoCorrect's edits of one line, neighbouring ones joined."""
    import autocorrect_py

    if len(line) > LONGEST:
        return ()
    after = autocorrect_py.format(line)
    if after == line:
        return ()
    joined: list[list[int]] = []
    for code in Levenshtein.opcodes(line, after):
        if code.tag == "equal":
            continue
        if joined and joined[-1][1] == code.src_start and joined[-1][3] == code.dest_start:
            joined[-1][1], joined[-1][3] = code.src_end, code.dest_end
        else:
            joined.append([code.src_start, code.src_end, code.dest_start, code.dest_end])
    return tuple(Change(low, high, line[low:high], after[first:last]) for low, high, first, last in joined)
