"""TEX107."""

import re
from collections.abc import Iterator

from server.lint import katex
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.formulas import Formula
from server.lint.registry import Options, rule
from server.lint.rules.tex import _faults
from server.lint.rules.tex._faults import Fault
from server.lint.rules.tex._text_mode import closing

OUTSIDE = message("{mark} aligns nothing here: it belongs inside an environment such as aligned.")
COLUMNS = message("KaTeX reads only l, c, r and | as columns of an array, not {columns}.")
MANY = message("More & in a row than the environment has columns for.")
LACKS = message("KaTeX has no {command}.")
WRAP = message("Wrap in aligned")
SIMPLIFY = message("Use the columns {columns}")
_ARRAY = re.compile(r"\\begin\s*\{(?:array|darray)\*?\}\s*(?:\[[^\]]*\]\s*)?\{")
_COMMAND = re.compile(r"\\(?:multicolumn|multirow|cline)\b")
_REPEAT = re.compile(r"\*\s*\{(\d{1,2})\}\s*\{([lcr|]+)\}")
_NOT_A_COLUMN = re.compile(r"[@!<>]\{[^{}]*\}")
_PARAGRAPH = re.compile(r"[pmbX](?:\{[^{}]*\})?")


@rule(code="TEX107", name="misplaced-alignment", level="error")
def misplaced_alignment(document: Document, options: Options) -> Iterator[Finding]:
    r"""An alignment mark stands where nothing is aligned, or columns are given as KaTeX cannot read them.

    `&` and `\hline` work only between `\begin` and `\end` of `aligned`, `matrix`, `cases`, `array` and their like.
    KaTeX knows the columns `l`, `c`, `r` and `|`; it has no `@{}`, `*{3}{c}`, `p{3cm}`, `\multicolumn` or `\cline`.

    Bad:
        $x & = 1$
    Bad:
        $\begin{array}{@{}l} x \end{array}$
    Bad:
        $\begin{array}{cc} \multicolumn{2}{c}{x} \end{array}$
    Good:
        $\begin{aligned} x & = 1 \end{aligned}$ and $\begin{array}{l|c} x & y \end{array}$
    """
    for fault in _faults.faults(document, "TEX107"):
        yield _finding(fault)


def _finding(fault: Fault) -> Finding:
    formula, text = fault.formula, fault.message
    if "column alignment" in text and (spec := _spec(formula.tex, fault.verdict.start)):
        start, end = spec
        columns = formula.tex[start:end]
        repairs = tuple(_simplified(formula, start, end))
        return Finding(*formula.body.span(start, end), COLUMNS, {"columns": columns}, repairs)
    if command := _COMMAND.search(formula.tex):
        return Finding(*formula.body.span(*command.span()), LACKS, {"command": command.group()})
    if "Too many tab" in text:
        return Finding(fault.start, fault.end, MANY)
    if "\\hline" in text and (line := re.search(r"\\hline\b", formula.tex)):
        return Finding(*formula.body.span(*line.span()), OUTSIDE, {"mark": "\\hline"})
    mark = "&" if "'&'" in text else "\\\\"
    return Finding(fault.start, fault.end, OUTSIDE, {"mark": mark}, tuple(_wrapped(formula)))


def _spec(tex: str, at: int | None) -> tuple[int, int] | None:
    for match in _ARRAY.finditer(tex):
        end = closing(tex, match.end())
        if at is None or match.end() <= at <= end:
            return match.end(), end
    return None


def _simplified(formula: Formula, start: int, end: int) -> Iterator[Repair]:
    columns = _REPEAT.sub(lambda match: match[2] * min(int(match[1]), 50), formula.tex[start:end])
    columns = _PARAGRAPH.sub("l", _NOT_A_COLUMN.sub("", columns)).replace(" ", "")
    mended = formula.tex[:start] + columns + formula.tex[end:]
    if columns and katex.check([(mended, formula.display)])[0].kind == "ok":
        edit = (*formula.body.span(start, end), columns)
        yield Repair(SIMPLIFY, "display", (edit,), args={"columns": columns})


def _wrapped(formula: Formula) -> Iterator[Repair]:
    wrapped = f"\\begin{{aligned}}{formula.tex}\\end{{aligned}}"
    if katex.check([(wrapped, formula.display)])[0].kind == "ok":
        start, end = formula.body.span(0, len(formula.tex))
        yield Repair(WRAP, "display", ((start, start, "\\begin{aligned}"), (end, end, "\\end{aligned}")))
