"""FMT402."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.rules.fmt import _tables

TOO_MANY = message("This row has {found} cells, the head {wanted}: what is too much is not shown.")
TOO_FEW = message("This row has {found} cells, the head {wanted}.")


@rule(code="FMT402", name="uneven-table-row", level="warning")
def uneven_table_row(document: Document, options: Options) -> Iterator[Finding]:
    """A table row has more or fewer cells than the head.

    Cells beyond the head are dropped without a word; missing ones stay empty. A pipe inside a formula counts as the
    formula's here: FMT403 is about that.

    Bad:
        | n | n² |
        |---|---|
        | 1 | 1 | 1 |
    Bad:
        | n | n² |
        |---|---|
        | 2 |
    Good:
        | n | n² |
        |---|---|
        | 1 | 1 |
        | `a \\| b` | 2 |
    """
    for head, rows in _tables.tables(document):
        wanted = len(head.cells)
        for row in rows:
            found = len(row.cells)
            if found != wanted:
                template = TOO_MANY if found > wanted else TOO_FEW
                yield Finding(row.start, row.end, template, {"found": found, "wanted": wanted})
