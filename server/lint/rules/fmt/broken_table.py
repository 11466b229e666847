"""FMT401."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.rules.fmt import _tables

NO_RULE = message("These {count} rows are shown as text: a table needs a line like |---|---| under its head.")
UNEVEN = message(
    "These {count} rows are shown as text: the head and the line of dashes differ in their cells, {cells} and {dashes}."
)
LOOSE = message("A blank line ends the table: what follows it is shown as text.")
BROKEN = message("These {count} rows look like a table but are shown as text.")
ADD = message("Add a line of dashes")
MEND = message("Mend the line of dashes")
REMOVE = message("Remove the blank lines")
WHY = message("The first row may be no head.")
_ROW = re.compile(r"^[ \t]*(?P<row>\|.*\||\+[-=+]{2,}\+)[ \t]*\r?$", re.MULTILINE)
_RULE = re.compile(r"\|?[ \t]*:?[-–—=]+:?[ \t]*(?:[|+][ \t]*:?[-–—=]+:?[ \t]*)*\|?")
_BLANK_LINE = re.compile(r"\n[ \t>\r]*(?=\n)")
Rows = Sequence[tuple[int, int]]


@rule(code="FMT401", name="broken-table", level="warning")
def broken_table(document: Document, options: Options) -> Iterator[Finding]:
    """Rows with pipes do not make a table.

    A table needs a line of dashes under its head, with as many cells as the head, and no blank line between its rows.

    Fix safety: unsafe, for the first row may be no head.

    Bad:
        | n | n² |
        | 1 | 1 |
        | 2 | 4 |
    Bad:
        | n | n² |
        |---|
        | 1 | 1 |
    Good:
        | n | n² |
        |---|---|
        | 1 | 1 |
    Good:
        |x| is the absolute value,
        |x| ≥ 0.
    """
    if "|" not in document.masked:  # the pipes of tables are not in it
        return
    ends = [node.end for node in document.nodes if node.tag == "table"]
    for rows in _groups(document):
        start, end = rows[0][0], rows[-1][1]
        above = ends[at - 1] if (at := bisect_right(ends, start)) else start
        above = start if document.masked[above:start].strip() else above
        if (len(rows) == 1 and above == start) or not _meant(document, rows, above):
            continue
        template, args, repairs = _told(document, rows, above)
        yield Finding(start, end, template, {"count": len(rows), **args}, repairs)


def _groups(document: Document) -> Iterator[Rows]:
    """Yield the rows that stand together: line under line, or else each in a paragraph of its own."""
    masked = document.masked
    group: list[tuple[int, int]] = []
    loose = False
    for span in (match.span("row") for match in _ROW.finditer(masked)):
        between = masked[group[-1][1] : span[0]] if group else ""
        apart = between.count("\n") > 1
        if group and (between.strip() or (len(group) > 1 and apart != loose)):
            yield group
            group = []
        group.append(span)
        loose = apart
    if group:
        yield group


def _meant(document: Document, rows: Rows, above: int) -> bool:
    """Say whether the rows were to be a table: `|x| ≤ |y|` is none. Bars in a formula of the head are for FMT403."""
    text = document.text
    if _tables.row_at(document, rows[0][0]).torn:
        return False
    if any(text[start] == "+" or _RULE.fullmatch(text[start:end]) for start, end in rows):
        return True
    apart = _BLANK_LINE.search(text, rows[0][0], rows[-1][1])  # lines of music are set apart on purpose
    spaced = all(text[start + 1].isspace() for start, _ in rows) or _cells_of_words(document, rows)
    return spaced and (above < rows[0][0] or not apart)


def _cells_of_words(document: Document, rows: Rows) -> bool:
    """Say whether tight rows, as `|a|b|`, have as many cells each, two at least, and a word in every one."""
    cells = [_tables.row_at(document, start).cells for start, _ in rows]
    words = (any(map(str.isalnum, document.text[start:end])) for row in cells for start, end in row)
    return len(rows) > 1 and len({len(row) for row in cells}) == 1 and len(cells[0]) > 1 and all(words)


def _told(document: Document, rows: Rows, above: int) -> tuple[str, dict[str, int], tuple[Repair, ...]]:
    text, (head, rule) = document.text, (*rows[:2], rows[0])[:2]
    blank = tuple((*match.span(), "") for match in _BLANK_LINE.finditer(text, above, rows[-1][1]))
    if blank:
        return LOOSE, {}, (Repair(REMOVE, "unsafe", blank),)
    if text[head[0]] == "+" or _RULE.fullmatch(text[slice(*head)]):
        return BROKEN, {}, ()
    cells, found = (len(_tables.row_at(document, start).cells) for start in (head[0], rule[0]))
    dashes = "|" + "---|" * cells
    if not _RULE.fullmatch(text[slice(*rule)]):
        return NO_RULE, {}, (_add(document, head[0], dashes),)
    mend = (Repair(MEND, "unsafe", ((*rule, dashes),)),)
    return (BROKEN, {}, mend) if found == cells else (UNEVEN, {"dashes": found, "cells": cells}, mend)


def _add(document: Document, row: int, dashes: str) -> Repair:
    start, end = document.line(row)
    margin = re.sub(r"[^\s>]", " ", document.text[start:row])
    return Repair(ADD, "unsafe", ((end, end, f"{document.newline}{margin}{dashes}"),), WHY)
