"""COD201."""

import json
import re
from collections.abc import Iterator

from server.lint.diagnostic import CannotCheck, Finding, Repair, message
from server.lint.document import CodeBlock, Document
from server.lint.registry import Options, rule
from server.lint.rules.cod import _json5
from server.lint.spans import edited

INVALID = message("This is not JSON: {reason}.")
REMOVE_COMMA = message("Remove the last comma")
WRITE = message("Write it as JSON")
WHY = message("It reads as JSON5; comments are lost.")
LAST_COMMA = message("a comma stands before the end of a list or an object")
COMMENT = message("JSON has no comments")
TOO_EARLY = message("it ends too early")
LINE_END = message("a line end or a tab inside a string is written \\n or \\t")
NO_VALUE = message("no value is written so")
# by the beginning of what Python's reader says, which differs between versions
REASONS = {
    "Expecting property name": message("a name in double quotes belongs here"),
    "Expecting value": NO_VALUE,
    "Expecting ':'": message("a colon belongs here"),
    "Expecting ','": message("a comma or a closing bracket belongs here"),
    "Extra data": message("the value ends before this"),
    "Unterminated string": message("this string never ends"),
    "Invalid \\": message("no escape begins so"),
    "Unexpected UTF-8": message("it begins with a byte order mark"),
}
_STRING = r'"(?:[^"\\\n]|\\.)*"?'  # also one that never ends: no quotation mark is tried twice
_NO_NUMBER = re.compile(rf"{_STRING}|(?P<name>-?\b(?:NaN|Infinity)\b)")
_MARKED = re.compile(r"(?P<comment>//[^\r\n]*|/\*|#[^\r\n]*)|'[^'\n]*'|[\w$.+-]+|.", re.DOTALL)


@rule(code="COD201", name="invalid-json", level="error")
def invalid_json(document: Document, options: Options) -> Iterator[Finding]:
    """A block tagged json is not JSON.

    Comments, single quotes, `…` and a comma after the last item are not JSON. Tag such a block `json5`, `jsonc` or
    `text`, or mend it. Several values on lines of their own are `jsonl`.

    Fix safety: unsafe for the last comma. Where the block reads as JSON5, the same in JSON is only shown.

    Bad:
        ```json
        {"answer": 4,}
        ```
    Good:
        ```json
        {"answer": 4}
        ```
    """
    for block in document.code_blocks:
        if block.closed and block.language == "json" and block.body.text.strip():
            yield from _in_block(block)


def _in_block(block: CodeBlock) -> Iterator[Finding]:
    try:
        if fault := _fault(block.body.text):
            start, end, reason = fault
            yield Finding(*block.body.span(start, end), INVALID, {"reason": reason}, tuple(_repairs(block)))
    except RecursionError as error:
        raise CannotCheck("JSON", "nesting", block.start, block.end) from error


def _fault(text: str) -> tuple[int, int, str] | None:
    """Return where and why `text` is not JSON."""
    try:
        json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        return _told(text, error)
    except ValueError:
        found = next(match for match in _NO_NUMBER.finditer(text) if match["name"])
        return (*found.span(), NO_VALUE)
    return None


def _refuse(name: str) -> None:
    raise ValueError(name)


def _told(text: str, error: json.JSONDecodeError) -> tuple[int, int, str]:
    last = len(text.rstrip())
    if error.pos >= last:
        return last - 1, last, TOO_EARLY
    if error.msg.startswith("Invalid control"):  # a line end alone is not seen
        return text.rfind('"', 0, error.pos), error.pos, LINE_END
    before = len(text[: error.pos].rstrip())
    if text[error.pos] in "]}" and text[before - 1 : before] == ",":
        return before - 1, before, LAST_COMMA
    if error.msg.startswith("Illegal trailing comma"):
        return error.pos, error.pos + 1, LAST_COMMA
    found = _MARKED.match(text, error.pos)
    end = found.end() if found else error.pos + 1
    if found and found["comment"]:
        return error.pos, end, COMMENT
    reason = next((said for start, said in REASONS.items() if error.msg.startswith(start)), error.msg)
    return error.pos, end, reason


def _repairs(block: CodeBlock) -> Iterator[Repair]:
    edits = _json5.edits(block.body.text)
    if edits and _fault(edited(block.body.text, edits)) is None:
        mended = tuple((*block.body.span(start, end), new) for start, end, new in edits)
        if all(block.body.text[start:end] == "," for start, end, _ in edits):
            yield Repair(REMOVE_COMMA, "unsafe", mended)
        else:
            yield Repair(WRITE, "display", mended, WHY)
