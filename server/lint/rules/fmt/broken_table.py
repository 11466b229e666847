"""FMT401."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule

BROKEN = message("These {count} rows look like a table but are shown as text.")
_ROWS = re.compile(r"(?:^[ \t>]*\|[^\n\r]*\|[ \t]*\r?$[\r\n]*){2,}", re.MULTILINE)


@rule(code="FMT401", name="broken-table", level="warning")
def broken_table(document: Document, options: Options) -> Iterator[Finding]:
    """Rows with pipes do not make a table.

    A table needs a line of dashes under its head, with as many cells as the head.

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
    if "|" not in document.masked:
        return
    for leaf in document.leaves:
        if leaf.kind in ("paragraph", "item"):
            for match in _ROWS.finditer(document.masked[leaf.start : leaf.end]):
                rows, start = match.group().rstrip(), leaf.start + match.start()
                yield Finding(start, start + len(rows), BROKEN, {"count": rows.count("\n") + 1})
