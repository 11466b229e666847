"""COD201."""

import json
import re
from collections.abc import Iterator

from server.lint.diagnostic import CannotCheck, Finding, Repair, message
from server.lint.document import CodeBlock, Document
from server.lint.registry import Options, rule

INVALID = message("This is not JSON: {reason}.")
REMOVE_COMMA = message("Remove the last comma")
_TRAILING = re.compile(r",(?=\s*[\]}])")


@rule(code="COD201", name="invalid-json", level="error")
def invalid_json(document: Document, options: Options) -> Iterator[Finding]:
    """A block tagged json is not JSON.

    Comments, single quotes, `…` and a comma after the last item are not JSON. Tag such a block `json5`, `jsonc` or
    `text`, or mend it. Several values on lines of their own are `jsonl`.

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
        json.loads(block.body.text)
    except json.JSONDecodeError as error:
        at = min(error.pos, len(block.body.text.rstrip()) - 1)
        start, end = block.body.span(at, at + 1)
        yield Finding(start, end, INVALID, {"reason": error.msg}, tuple(_repairs(block)))
    except RecursionError as error:
        raise CannotCheck("JSON", "nesting", block.start, block.end) from error


def _repairs(block: CodeBlock) -> Iterator[Repair]:
    commas = [block.body.span(*match.span()) for match in _TRAILING.finditer(block.body.text)]
    try:
        json.loads(_TRAILING.sub("", block.body.text))
    except (json.JSONDecodeError, RecursionError):
        return
    yield Repair(REMOVE_COMMA, "unsafe", tuple((start, end, "") for start, end in commas))
