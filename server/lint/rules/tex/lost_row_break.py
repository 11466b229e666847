"""TEX302."""

import re
from collections.abc import Iterator
from functools import lru_cache

from server.lint import katex
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.formulas import Formula
from server.lint.registry import Options, rule
from server.lint.rules.tex import _rows
from server.lint.rules.tex._rows import Environment

LOST = message("A single \\ does not end a row: what follows stays on the same row.")
DOUBLE = message("Write \\\\")
WHY = message("A wide space could be meant.")
_TRIED = 20  # of a formula's rows so many are tried out; nobody mends more of them singly
_MATRIX = re.compile(r"[pbBvV]?matrix\*?|smallmatrix")
_ONE_COLUMN = re.compile(r"\s*\{[|\s]*[lcr][|\s]*\}")
_ROWS = re.compile(r"d?array|subarray|[pbBvV]?matrix\*?|smallmatrix|d?r?cases|numcases"
                   r"|(?:align|gather|alignat)(?:ed|\*)?|split|eqnarray\*?|multline\*?")  # fmt: skip
_LINE_END = re.compile(r"\\(?:[ \t]*\r?\n|\s+\\hline\b)")
_SPACING = re.compile(r"(?:[,;:.，；]|\\q?quad|\\text\{[^{}]*\}|\\[,;:! ])\s*\Z")
_WORDS = re.compile(r"\s*(?:\\q?quad|\\text|\\mbox|\\textrm|\\mathrm|\\[,;:! ]|\Z)")


@rule(code="TEX302", name="lost-row-break", level="error")
def lost_row_break(document: Document, options: Options) -> Iterator[Finding]:
    r"""A row of a matrix, of cases or of aligned lines ends in a single backslash.

    The text has lost a backslash somewhere on its way: `\\` ends a row, `\` before a blank is a space. The formula
    still compiles, with two rows run together, so nobody notices.

    Fix safety: unsafe, for the wide space could be meant.

    Bad:
        $\begin{pmatrix} 1 & 2 \ 3 & 4 \end{pmatrix}$
    Bad:
        $\begin{pmatrix} 1 \ 2 \end{pmatrix}$
    Bad:
        $$
        \begin{aligned}
        x &= 1 \
        y &= 2
        \end{aligned}
        $$
    Good:
        $\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}$
    Good:
        $\begin{cases} 1 & x > 0, \ y > 0 \\ 0 & \text{else} \end{cases}$
    """
    for formula in document.formulas:
        if "\\begin" not in formula.tex or len(formula.tex) > katex.LONGEST:
            continue
        for count, at in enumerate(lost(formula.tex)):
            repairs = tuple(_doubled(formula, at)) if count < _TRIED else ()
            yield Finding(*formula.body.span(at, at + 1), LOST, repairs=repairs)


@lru_cache(4096)
def lost(tex: str) -> tuple[int, ...]:
    """Return where the backslashes of `tex` stand that were row breaks."""
    return tuple(at for item in _rows.environments(tex) if _ROWS.fullmatch(item.name) for at in _lost_in(tex, item))


def _lost_in(tex: str, item: Environment) -> Iterator[int]:
    taken: list[int] = []
    for at in item.lone:
        if not tex[at + 1 : item.end].strip():
            continue
        if _LINE_END.match(tex, at) or _by_shape(tex, item, at, taken):
            taken.append(at)
            yield at


def _by_shape(tex: str, item: Environment, at: int, taken: list[int]) -> bool:
    """Say whether the row falls into two rows of the usual width at `at`."""
    start = max([item.begin, *(end for _, end in item.rows if end <= at), *(one + 1 for one in taken if one < at)])
    stop = min([item.end, *(begin for begin, _ in item.rows if begin > at)])
    later = min([stop, *(one for one in item.lone if one > at)])
    before = sum(start <= tab < at for tab in item.tabs)
    after = sum(at < tab < later for tab in item.tabs)
    whole = sum(start <= tab < stop for tab in item.tabs)
    if before and after:
        others = _widths(item, start, stop)
        return (before == after and whole not in others) or bool(others & {before} and others & {after})
    return not item.tabs and _one_column(tex, item) and not _spacing(tex, start, at)


def _widths(item: Environment, start: int, stop: int) -> set[int]:
    """Return how many `&` the other rows have."""
    edges = [item.begin, *(end for _, end in item.rows)]
    ends = [*(begin for begin, _ in item.rows), item.end]
    spans = [(low, high) for low, high in zip(edges, ends, strict=True) if not (low <= start and stop <= high)]
    return {sum(low <= tab < high for tab in item.tabs) for low, high in spans} - {0}


def _one_column(tex: str, item: Environment) -> bool:
    return bool(_MATRIX.fullmatch(item.name) or (item.name == "array" and _ONE_COLUMN.match(tex, item.begin)))


def _spacing(tex: str, start: int, at: int) -> bool:
    """Say whether the backslash only widens the space between a statement and the next."""
    return bool(_SPACING.search(tex[start:at]) or _WORDS.match(tex, at + 1))


def _doubled(formula: Formula, at: int) -> Iterator[Repair]:
    mended = formula.tex[:at] + "\\" + formula.tex[at:]
    if katex.check([(mended, formula.display)])[0].kind == "ok":
        start, _ = formula.body.span(at, at + 1)
        yield Repair(DOUBLE, "unsafe", ((start, start, "\\"),), WHY)
