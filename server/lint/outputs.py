"""Reports as text, json, jsonl, GitHub annotations, SARIF and JUnit.

A format takes the results, told in the reader's words, whether to colour, the rules of the guide's own, and the voice
for what is said besides.
"""

import json
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from server.lint import sarif
from server.lint.diagnostic import LEVEL_WORDS, Diagnostic, Level, message
from server.lint.engine import Report
from server.lint.registry import Rule
from server.lint.spans import LINE_END
from server.lint.voice import ENGLISH, Saying, Voice


@dataclass(frozen=True, slots=True)
class Result:
    """The report on one text. `row` is the 1-based row of a JSONL file, None for a whole file."""

    path: str
    row: int | None
    report: Report
    text: str = ""


_SUM = message("{texts} checked: {errors}, {warnings}, {notes}")
_SUMS: dict[Level, tuple[str, str]] = {
    "error": (message("{number} error"), message("{number} errors")),
    "warning": (message("{number} warning"), message("{number} warnings")),
    "info": (message("{number} note"), message("{number} notes")),
}
_CHECKED = message("{texts} checked")
_COLOURS = {"error": "31", "warning": "33", "info": "36"}
_WIDTH = 110  # columns
_MOST = 2 * _WIDTH  # characters: some take no column
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _place(result: Result) -> str:
    return result.path if result.row is None else f"{result.path}#{result.row}"


def as_text(
    results: Iterable[Result], colour: bool = False, house: Sequence[Rule] = (), voice: Voice = ENGLISH
) -> Iterator[str]:
    """Yield `path:line:column: level CODE message`, the line with a mark under it, and at last a line of totals."""
    counts: dict[Level, int] = {"error": 0, "warning": 0, "info": 0}
    texts = 0
    for result in results:
        texts += 1
        lines: list[str] = []
        for item in result.report.diagnostics:
            lines = lines or LINE_END.split(result.text)
            counts[item.level] += 1
            hint = f" [{item.fixes[0].title}]" if item.fixes else ""
            level = _painted(voice.gettext(LEVEL_WORDS[item.level]), _COLOURS[item.level], colour)
            code = _painted(item.code, "1", colour)
            yield f"{_place(result)}:{item.line}:{item.column}: {level} {code} {item.message}{hint}\n"
            yield from _excerpt(item, lines, colour)
    errors, warnings, notes = (_counted(counts[level], *words) for level, words in _SUMS.items())
    total = Saying(_SUM, {"texts": f"{texts:,}", "errors": errors, "warnings": warnings, "notes": notes})
    yield f"{total.told(voice)}\n"


def _counted(number: int, one: str, several: str) -> Saying:
    return Saying(one if number == 1 else several, {"number": f"{number:,}"})


def _painted(text: str, code: str, colour: bool) -> str:
    return f"\033[{code}m{text}\033[0m" if colour else text


def _excerpt(item: Diagnostic, lines: list[str], colour: bool) -> Iterator[str]:
    """Yield the source line, cut to what surrounds the place, and carets under what is marked."""
    line = lines[item.line - 1] if item.line <= len(lines) else ""
    if not line.strip():
        return
    start, (low, high) = item.column - 1, item.span.codepoints
    first, last = _window(line, start)
    shown = "".join(char if char.isprintable() else " " for char in line[first:last])
    marked = line[start : min(last, start + max(1, high - low))]
    before, under = columns(line[first:start]), max(1, columns(marked))
    number = str(item.line)
    yield f"  {number} | {'…' if first else ''}{shown}{'…' if last < len(line) else ''}\n"
    indent = before + (1 if first else 0)
    yield f"  {' ' * len(number)} | {' ' * indent}{_painted('^' * under, _COLOURS[item.level], colour)}\n"


def _window(line: str, start: int) -> tuple[int, int]:
    """Return which part of a line is shown for a mark at `start`: all of it, or what a terminal has columns for."""
    if len(line) <= _WIDTH and columns(line) <= _WIDTH:
        return 0, len(line)
    first = start - _fitting(line[max(0, start - _MOST) : start][::-1], _WIDTH // 2)
    return first, first + _fitting(line[first : first + _MOST], _WIDTH)


def _fitting(text: str, room: int) -> int:
    """Return how many characters of `text` fit into so many columns."""
    for count, width in enumerate(accumulate(map(columns, text))):
        if width > room:
            return count
    return len(text)


def columns(text: str) -> int:
    """Return how many columns of a terminal `text` takes; Chinese takes two a character."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 for char in text)


def padded(text: str, width: int) -> str:
    """Return `text` filled up with spaces to `width` columns."""
    return text + " " * (width - columns(text))


def statistics(counts: Mapping[tuple[str, str], int], texts: int, output: str, voice: Voice = ENGLISH) -> Iterator[str]:
    """Yield how often each rule spoke, the most talkative first; as JSON where the format is of that kind."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    if output in ("json", "jsonl"):
        rows = [{"code": code, "name": name, "count": count} for (code, name), count in ordered]
        yield json.dumps({"checked": texts, "rules": rows}, ensure_ascii=False) + "\n"
        return
    for (code, name), count in ordered:
        yield f"{count:>8,}  {code}  {name}\n"
    yield voice.fill(_CHECKED, {"texts": f"{texts:,}"}) + "\n"


def _entry(result: Result) -> dict[str, Any]:
    diagnostics = [item.to_dict() for item in result.report.diagnostics]
    return {"path": result.path, "row": result.row, "diagnostics": diagnostics}


def as_json(results: Iterable[Result], *_: object) -> Iterator[str]:
    """Yield one list of `{"path", "row", "diagnostics"}`."""
    separator = "[\n"
    for result in results:
        yield separator + json.dumps(_entry(result), ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def as_jsonl(results: Iterable[Result], *_: object) -> Iterator[str]:
    """Yield one `{"path", "row", "diagnostics"}` a line."""
    for result in results:
        yield json.dumps(_entry(result), ensure_ascii=False) + "\n"


def as_github(results: Iterable[Result], *_: object) -> Iterator[str]:
    """Yield workflow commands, which GitHub shows beside the lines; a row of a file of rows is one line of it."""
    verbs = {"error": "error", "warning": "warning", "info": "notice"}
    for result in results:
        for item in result.report.diagnostics:
            place = {"line": item.line, "col": item.column} if result.row is None else {"line": result.row}
            told = {"file": result.path, **place, "title": f"{item.code} {item.name}"}
            properties = ",".join(f"{key}={_property(str(value))}" for key, value in told.items())
            yield f"::{verbs[item.level]} {properties}::{_data(item.message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(
    results: Iterable[Result], colour: bool = False, house: Sequence[Rule] = (), voice: Voice = ENGLISH
) -> Iterator[str]:
    """Yield one SARIF 2.1.0 log."""
    yield from sarif.log(results, house, voice)


def as_junit(results: Iterable[Result], *_: object) -> Iterator[str]:
    """Yield one JUnit suite with a case a text; a text with errors has failed."""
    failures = total = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace", newline="") as cases:
        for result in results:  # the counts stand in front of the cases
            failed = result.report.worst() == "error"
            total, failures = total + 1, failures + failed
            cases.write(_case(result, failed))
        cases.seek(0)
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield f'<testsuite name="goldsmith lint" tests="{total}" failures="{failures}" errors="0" skipped="0">\n'
        while piece := cases.read(1 << 16):
            yield piece
    yield "</testsuite>\n"


def _case(result: Result, failed: bool) -> str:
    found = result.report.diagnostics
    lines = [f"{item.line}:{item.column} {item.level} {item.code} {item.message}" for item in found]
    body = escape(_xml("\n".join(lines)))
    if failed:
        first = next(item for item in found if item.level == "error")
        said = quoteattr(_xml(f"{first.code} {first.message}"))
        body = f'<failure type="{first.code}" message={said}>{body}</failure>'
    elif lines:
        body = f"<system-out>{body}</system-out>"
    return f'  <testcase classname="goldsmith.lint" name={quoteattr(_xml(_place(result)))}>{body}</testcase>\n'


def _xml(text: str) -> str:
    """Return `text` without what XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


FORMATS: dict[str, Callable[[Iterable[Result], bool, Sequence[Rule], Voice], Iterator[str]]] = {
    "text": as_text,
    "json": as_json,
    "jsonl": as_jsonl,
    "github": as_github,
    "sarif": as_sarif,
    "junit": as_junit,
}
