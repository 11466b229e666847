"""Reports as text, json, jsonl, GitHub annotations, SARIF and JUnit."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from server.lint.diagnostic import Diagnostic, Level
from server.lint.engine import ENGINE_VERSION, Report
from server.lint.registry import rules


@dataclass(frozen=True, slots=True)
class Result:
    """The report on one text. `row` is the 1-based row of a JSONL file, None for a whole file."""

    path: str
    row: int | None
    report: Report


def _place(result: Result) -> str:
    return result.path if result.row is None else f"{result.path}#{result.row}"


def as_text(results: Iterable[Result]) -> Iterator[str]:
    """Yield `path:line:column: level CODE message`, then a line of totals."""
    counts: dict[Level, int] = {"error": 0, "warning": 0, "info": 0}
    texts = 0
    for result in results:
        texts += 1
        for item in result.report.diagnostics:
            counts[item.level] += 1
            hint = f" [{item.fixes[0].title}]" if item.fixes else ""
            yield f"{_place(result)}:{item.line}:{item.column}: {item.level} {item.code} {item.message}{hint}\n"
    yield f"{texts} checked: {counts['error']} errors, {counts['warning']} warnings, {counts['info']} notes\n"


def _entry(result: Result) -> dict[str, Any]:
    diagnostics = [item.to_dict() for item in result.report.diagnostics]
    return {"path": result.path, "row": result.row, "diagnostics": diagnostics}


def as_json(results: Iterable[Result]) -> Iterator[str]:
    """Yield one list of `{"path", "row", "diagnostics"}`."""
    separator = "[\n"
    for result in results:
        yield separator + json.dumps(_entry(result), ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def as_jsonl(results: Iterable[Result]) -> Iterator[str]:
    """Yield one `{"path", "row", "diagnostics"}` a line."""
    for result in results:
        yield json.dumps(_entry(result), ensure_ascii=False) + "\n"


def as_github(results: Iterable[Result]) -> Iterator[str]:
    """Yield workflow commands, which GitHub shows beside the lines."""
    verbs = {"error": "error", "warning": "warning", "info": "notice"}
    for result in results:
        for item in result.report.diagnostics:
            text = item.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
            path = result.path.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
            line = item.line if result.row is None else result.row
            yield f"::{verbs[item.level]} file={path},line={line},col={item.column},title={item.code}::{text}\n"


def as_sarif(results: Iterable[Result]) -> Iterator[str]:
    """Yield one SARIF 2.1.0 log."""
    found = [_sarif(result, item) for result in results for item in result.report.diagnostics]
    described = [
        {"id": rule.code, "name": rule.name, "shortDescription": {"text": rule.title}} for rule in rules().values()
    ]
    driver = {"name": "goldsmith", "version": ENGINE_VERSION, "rules": described}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": found}],
    }
    yield json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _sarif(result: Result, item: Diagnostic) -> dict[str, Any]:
    start, end = item.span.codepoints
    region: dict[str, Any] = {"startLine": item.line, "startColumn": item.column, "charOffset": start}
    if result.row is not None:
        region = {"startLine": result.row}
    else:
        region["charLength"] = end - start
    return {
        "ruleId": item.code,
        "level": "note" if item.level == "info" else item.level,
        "message": {"text": item.message},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": result.path}, "region": region}}],
        "partialFingerprints": {"goldsmith/v1": item.fingerprint},
    }


def as_junit(results: Iterable[Result]) -> Iterator[str]:
    """Yield one JUnit suite with a case a text; a text with errors has failed."""
    cases, failures, total = [], 0, 0
    for result in results:
        total += 1
        lines = [
            f"{item.line}:{item.column} {item.level} {item.code} {item.message}" for item in result.report.diagnostics
        ]
        failed = result.report.worst() == "error"
        failures += failed
        tag = "failure" if failed else "system-out"
        body = f"<{tag}>{escape(chr(10).join(lines))}</{tag}>" if lines else ""
        cases.append(f'  <testcase classname="goldsmith.lint" name={quoteattr(_place(result))}>{body}</testcase>\n')
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuite name="goldsmith lint" tests="{total}" failures="{failures}">\n'
    yield from cases
    yield "</testsuite>\n"


FORMATS: dict[str, Callable[[Iterable[Result]], Iterator[str]]] = {
    "text": as_text,
    "json": as_json,
    "jsonl": as_jsonl,
    "github": as_github,
    "sarif": as_sarif,
    "junit": as_junit,
}
