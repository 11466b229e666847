"""Reports as one SARIF 2.1.0 log, the format code scanning services read."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import indent
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from server.lint.diagnostic import Diagnostic, Fix, Level, message
from server.lint.engine import ENGINE_VERSION
from server.lint.registry import Rule, rules
from server.lint.rule_page import pieces
from server.lint.spans import Span, TextMap
from server.lint.voice import ENGLISH, Voice

if TYPE_CHECKING:
    from server.lint.outputs import Result

_REASONED = message("{title}. {why}")
_SENTENCE = message("{words}.")
_HEADING = message("{words}:")
_HEADINGS = {"bad": message("Bad"), "good": message("Good")}
_DRIVE = re.compile(r"[A-Za-z]:/")


def log(results: "Iterable[Result]", house: Sequence[Rule] = (), voice: Voice = ENGLISH) -> Iterator[str]:
    """Yield one SARIF log. `house` are the rules of the guide's own, which are described like the engine's; `voice`
    describes them.

    In a file of rows the row is the line, and the place within the answer is told in properties; the fixes of rows are
    left to `--fix`, as the text stands there escaped.
    """
    described = {rule.code: rule for rule in (*rules().values(), *house)}
    places = {code: index for index, code in enumerate(described)}
    driver = {
        "name": "goldsmith",
        "semanticVersion": ENGINE_VERSION,
        "version": ENGINE_VERSION,
        "rules": [_described(rule, voice) for rule in described.values()],
    }
    spoken = "en-US" if voice.language == "en" else voice.language.replace("_", "-")
    yield '{\n"$schema": "https://json.schemastore.org/sarif-2.1.0.json",\n"version": "2.1.0",\n'
    yield f'"runs": [{{"tool": {_written({"driver": driver})},\n"language": "{spoken}",\n'
    yield '"columnKind": "unicodeCodePoints",\n"results": ['
    separator = "\n"
    for result in results:
        for each in _found(result, places, voice):
            yield separator + _written(each)
            separator = ",\n"
    yield "\n]}]\n}\n"


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")


def _described(rule: Rule, voice: Voice) -> dict[str, Any]:
    title = voice.gettext(rule.title)
    whole = voice.fill(_SENTENCE, {"words": title})
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": whole},
        "defaultConfiguration": {"level": _level(rule.level)},
        "help": {
            "text": "\n\n".join([whole, *_help(rule, voice, "{}\n")]),
            # a line of words and an indented one are one paragraph; with a blank line between, the second is code
            "markdown": "\n\n".join([whole, *_help(rule, voice, "**{}**\n\n")]),
        },
    }


def _help(rule: Rule, voice: Voice, heading: str) -> Iterator[str]:
    """Yield the parts of a rule's help; `heading` is how the words over an example are set."""
    for piece in pieces(rule.help):
        if piece.kind == "text":
            yield voice.gettext(piece.text)
            continue
        given = f" ({piece.given})" if piece.given else ""
        words = voice.fill(_HEADING, {"words": voice.gettext(_HEADINGS[piece.kind]) + given})
        yield heading.format(words) + indent(piece.text, "    ")


def _message(text: str) -> dict[str, str]:
    """Return a message object: in its text `{0}` would be filled in from arguments, and `{{` means a brace (§3.11.5).

    The texts that describe a rule have no arguments and are shown as they stand.
    """
    return {"text": text.replace("{", "{{").replace("}", "}}")}


def _level(level: Level) -> str:
    return "note" if level == "info" else level


def _found(result: "Result", places: Mapping[str, int], voice: Voice) -> Iterator[dict[str, Any]]:
    text_map, artifact = TextMap(result.text), {"uri": uri(result.path)}
    for item in result.report.diagnostics:
        found = _result(result, item, places[item.code], artifact, text_map)
        offered = [fix for fix in item.fixes if fix.safety != "display" and _can_be_written(fix)]
        if result.row is None and offered:
            found["fixes"] = [_fix(fix, artifact, text_map, voice) for fix in offered]
        yield found


def _result(
    result: "Result", item: Diagnostic, index: int, artifact: dict[str, str], text_map: TextMap
) -> dict[str, Any]:
    region = {"startLine": result.row} if result.row is not None else _region(item.span, text_map)
    found: dict[str, Any] = {
        "ruleId": item.code,
        "ruleIndex": index,
        "level": _level(item.level),
        "message": _message(item.message),
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "partialFingerprints": {"goldsmith/v1": item.fingerprint},
    }
    if result.row is not None:
        return found | {"properties": {"row": result.row, "line": item.line, "column": item.column}}
    return found


def _region(span: Span, text_map: TextMap) -> dict[str, int]:
    """Return a span by lines and by characters, with its end: a region without one goes on to the end of its line."""
    start, end = span.codepoints
    (line, column), (last, after) = text_map.line_column(start), text_map.line_column(end)
    lines = {"startLine": line, "startColumn": column, "endLine": last, "endColumn": after}
    return lines | {"charOffset": start, "charLength": end - start}


def _fix(fix: Fix, artifact: dict[str, str], text_map: TextMap, voice: Voice) -> dict[str, Any]:
    said = voice.fill(_REASONED, {"title": fix.title, "why": fix.why}) if fix.why else fix.title
    replacements = [
        {"deletedRegion": _region(edit.span, text_map), "insertedContent": {"text": edit.text}} for edit in fix.edits
    ]
    return {
        "description": _message(said),
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
        "properties": {"safety": fix.safety},
    }


def _can_be_written(fix: Fix) -> bool:
    """Say whether UTF-8 can hold what a fix inserts: half a surrogate pair would come out as something else."""
    try:
        "".join(edit.text for edit in fix.edits).encode()
    except UnicodeEncodeError:
        return False
    return True


def uri(path: str) -> str:
    """Return a path as a URI reference; that of a Windows path is the same whichever way its slashes lean."""
    path = path.replace("\\", "/")
    before = ""
    if _DRIVE.match(path):
        before, path = "file:///" + path[:2], path[2:]
    elif path.startswith("//"):
        before, path = "file:", path
    # a colon in the first part of a relative path would make a scheme of what stands before it
    return before + quote(os.fsencode(path), safe="/@!$&'()*+,;=~-._")
