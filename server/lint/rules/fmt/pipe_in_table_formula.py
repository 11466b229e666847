r"""FMT403."""

import re
from collections.abc import Iterator, Sequence

from server.lint.diagnostic import Finding, Repair, Safety, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.rules.fmt import _tables

TORN = message("A “|” inside a formula ends the table cell.")
ESCAPED = message("“\\|” in a table is a single bar in some renderers and a double bar in others.")
WRITE = message("Write {command}")
WHY = message("A double bar may be meant: then it is \\Vert.")
_BAR = re.compile(r"\\\||(?<!\\)\|")
_ROWS = re.compile(r"^[ \t>]*\|[^\n\r]*\|[ \t]*\r?$", re.MULTILINE)


@rule(code="FMT403", name="pipe-in-table-formula", level="error")
def pipe_in_table_formula(document: Document, options: Options) -> Iterator[Finding]:
    r"""A bar stands in a formula in a table cell.

    The table takes `|` for the end of the cell, so the formula is torn in two. Escaped, it is an absolute value for
    one renderer and a norm for another.

    How to mend: write `\vert`, `\mid` or `\lvert … \rvert` for one bar and `\Vert` for two.

    Bad:
        | x | value |
        |---|---|
        | $|x|$ | 1 |
    Bad:
        | x |
        |---|
        | $\|x\|$ |
    Good:
        | x | value |
        |---|---|
        | $\vert x \vert$ | `a | b` |
    Good:
        Outside a table, $|x|$ is fine.
    """
    if "|" not in document.text:
        return
    for head, rows in _tables.tables(document):
        for row in (head, *rows):
            yield from _in_row(document, row)
    for leaf in document.leaves:
        if leaf.kind == "paragraph" and "---" in document.text[leaf.start : leaf.end]:
            for match in _ROWS.finditer(document.text, leaf.start, leaf.end):
                start = match.start() + len(match.group()) - len(match.group().lstrip(" \t>"))
                yield from _in_row(document, _tables.row_at(document, start))
    for item in document.formulas:
        if item.in_table and "\\|" in document.text[item.start : item.end]:
            bars = list(_BAR.finditer(document.text, item.start, item.end))
            repair = _repair(document, bars, "unsafe")
            yield from (Finding(*bar.span(), ESCAPED, repairs=(repair,)) for bar in bars)


def _in_row(document: Document, row: _tables.Row) -> Iterator[Finding]:
    for start, end in row.torn:
        bars = [bar for bar in _BAR.finditer(document.text, start, end) if bar.group() == "|"]
        repair = _repair(document, bars, "safe")
        yield from (Finding(*bar.span(), TORN, repairs=(repair,)) for bar in bars)


def _repair(document: Document, bars: Sequence[re.Match[str]], safety: Safety) -> Repair:
    """Write all bars of a formula as commands: with one of two it would still be torn."""
    edits = []
    for bar in bars:
        after = document.text[bar.end() : bar.end() + 1]
        command = "\\vert " if after.isascii() and after.isalpha() else "\\vert"
        edits.append((*bar.span(), command))
    return Repair(WRITE, safety, tuple(edits), WHY if safety == "unsafe" else "", {"command": "\\vert"})
