"""Rows of JSONL: what a member holds, also one inside others (`messages.1.content`), and where it stands."""

import json
import re
from typing import Any

_BLANK = re.compile(r"\s*")
_KEY = re.compile(r'\s*("(?:[^"\\]|\\.)*")\s*:\s*')
_DECODER = json.JSONDecoder()


def steps(row: dict[str, Any], name: str) -> list[str]:
    """Return the way to a member: its name where the row has it, else the parts between the dots."""
    return [name] if name in row else name.split(".")


def member(row: dict[str, Any], name: str) -> Any:
    """Return what a member holds. Raises KeyError."""
    value: Any = row
    for step in steps(row, name):
        try:
            value = value[int(step) if isinstance(value, list) else step]
        except (IndexError, ValueError, TypeError) as error:
            raise KeyError(step) from error
    return value


def place(line: str, name: str) -> tuple[int, int]:
    """Return where the value of a member stands in a line that has it; of several of one name the last counts."""
    start = line.index("{")
    end = len(line)
    for step in steps(dict.fromkeys(key for key, _, _ in _entries(line, start)), name):
        entries = _entries(line, start)
        if line[start] == "[":
            _, start, end = entries[int(step)]
        else:
            start, end = [(first, last) for key, first, last in entries if key == step][-1]
    return start, end


def _entries(line: str, start: int) -> list[tuple[str, int, int]]:
    """Return the key and the place of each value of the object or the list that starts at `start`."""
    found: list[tuple[str, int, int]] = []
    head, at = _KEY if line[start] == "{" else _BLANK, start + 1
    while (match := head.match(line, at)) and line[match.end()] not in "]}":
        _, end = _DECODER.raw_decode(line, match.end())
        found.append((json.loads(match[1]) if head is _KEY else "", match.end(), end))
        at = _BLANK.match(line, end).end()  # type: ignore[union-attr]
        if line[at] != ",":
            break
        at += 1
    return found
