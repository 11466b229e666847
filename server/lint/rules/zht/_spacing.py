"""Spaces between Chinese and what is not: where they are missing, where they are too many."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.rules.zht import _lines
from server.lint.stretches import Stretches

MISSING = message("A space is missing between “{left}” and “{right}”.")
EXTRA = message("The space between “{left}” and “{right}” is out of step with the rest.")
INSERT = message("Insert a space")
REMOVE = message("Remove the space")


class Spacing(_lines.Typography):
    """How Chinese stands beside letters and digits."""

    spacing: Literal["profile", "add", "remove"] = Field(
        default="profile", description="add or remove spaces whatever the rest does; profile: as the profile says."
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """What stands beside Chinese: `boundary` matches where they meet, with the space between them if there is one;
    `exempt` says of a line and the boundary's place that no space is wanted there."""

    boundary: re.Pattern[str]
    exempt: re.Pattern[str]


def kind(word: str, exempt: str) -> Kind:
    """Build a kind from a character class and a pattern of what needs no space; it is matched over the boundary."""
    han = f"[{_lines.HAN}]"
    return Kind(re.compile(f"(?<={han}) ?(?=[{word}])|(?<=[{word}]) ?(?={han})"), re.compile(exempt))


def check(document: Document, options: Spacing, of: Kind, *, lenient: bool) -> Iterator[Finding]:
    """Find the boundaries that differ from what is wanted; `lenient` leaves the exempt ones alone."""
    if options.profile == "off" or not document.han:
        return
    tight: list[Finding] = []
    loose: list[Finding] = []
    for offset, line in _lines.lines(document):
        places = [match.span() for match in of.boundary.finditer(line)]
        if lenient and places:
            free = Stretches((match.start(), match.end() + 1) for match in of.exempt.finditer(line))
            places = [place for place in places if place[0] not in free]
        loose += [_finding(offset, line, *place, EXTRA) for place in places if place[0] < place[1]]
        if close := [place for place in places if place[0] == place[1]]:
            wanted = {change.start for change in _lines.changes(line) if change.text == " " and not change.old}
            tight += [_finding(offset, line, *place, MISSING) for place in close if place[0] in wanted]
    yield from _chosen(options, tight, loose)


def _chosen(options: Spacing, tight: list[Finding], loose: list[Finding]) -> list[Finding]:
    if options.spacing != "profile":
        return tight if options.spacing == "add" else loose
    if options.profile != "consistent":
        return tight
    if not tight or not loose:
        return []
    return tight if len(loose) >= len(tight) else loose


def _finding(offset: int, line: str, low: int, high: int, template: str) -> Finding:
    title, text = (INSERT, " ") if template is MISSING else (REMOVE, "")
    start, end = offset + low, offset + high
    repair = Repair(title, "safe", ((start, end, text),))
    return Finding(start - 1, end + 1, template, {"left": line[low - 1], "right": line[high]}, (repair,))
