"""Tables as they are written: rows and cells by their pipes, formulas kept whole where Markdown would cut them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from server.lint import parser
from server.lint.document import Document

_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its span without quote marks and margin, its cells, and the spans of formulas that hold a pipe."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]
    torn: tuple[tuple[int, int], ...]


def tables(document: Document) -> Iterator[tuple[Row, list[Row]]]:
    """Yield the head and the rows below it of every table."""
    for node in document.nodes:
        if node.tag == "table":
            rows = [each for part in node.children for each in part.children if each.tag == "tr" and each.start >= 0]
            read = [row_at(document, each.start) for each in rows]
            if read:
                yield read[0], read[1:]


def row_at(document: Document, index: int) -> Row:
    """Read the row that starts at `index`."""
    end = document.line(index)[1]
    text = document.text[index:end].rstrip()
    torn = tuple((index + start, index + stop) for start, stop in _torn(text))
    pipes = [index + match.start() for match in _PIPE.finditer(text)]
    pipes = [at for at in pipes if not any(start <= at < stop for start, stop in torn)]
    stop = index + len(text)
    edges = [*([] if pipes[:1] == [index] else [index - 1]), *pipes, *([] if pipes[-1:] == [stop - 1] else [stop])]
    cells = tuple((left + 1, right) for left, right in pairwise(edges))
    return Row(index, stop, cells or ((index, stop),), torn)


def _torn(text: str) -> list[tuple[int, int]]:
    """Return the formulas of a row that hold a pipe and would be whole outside a table."""
    if not ("$" in text or "\\(" in text) or text.count("|") < 2:
        return []
    found = []
    for node in parser.parse(parser.readable(text)).nodes:
        piece = text[node.start : node.end]
        if "data-math-style" in node.attributes and _PIPE.search(piece):
            found.append((node.start, node.end))
    return found
