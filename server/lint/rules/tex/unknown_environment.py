"""TEX103."""

import re
from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from server.lint import katex
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.rules.tex import _faults
from server.lint.rules.tex._faults import Fault
from server.lint.spans import edited

UNKNOWN = message("KaTeX does not know the environment {environment}.")
USE = message("Use {environment}")
WHY = message("It is set a little differently; look at the result.")
NEAREST = message("The nearest name by spelling.")
_NAME = re.compile(r"No such environment: (.*)", re.DOTALL)
_EDGE = re.compile(r"\\(?:begin|end)\s*\{(?P<name>[^{}]*)\}")
_RELATION = re.compile(r"&(?P<relation>\s*(?:[=<>]|\\[A-Za-z]+)\s*)&")
_INSTEAD = {"eqnarray": "aligned", "eqnarray*": "aligned", "multline": "gathered", "multline*": "gathered",
            "tabular": "array", "tabular*": "array", "flalign": "aligned", "flalign*": "aligned",
            "displaymath": "gathered", "math": "gathered", "numcases": "cases", "subequations": "gathered"}  # fmt: skip
KNOWN = ("array", "darray", "subarray", "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix",
         "cases", "dcases", "rcases", "drcases", "aligned", "alignedat", "gathered", "split", "align", "align*",
         "gather", "gather*", "alignat", "alignat*", "equation", "equation*", "CD")  # fmt: skip


@rule(code="TEX103", name="unknown-environment", level="error")
def unknown_environment(document: Document, options: Options) -> Iterator[Finding]:
    r"""A formula uses an environment KaTeX does not know.

    `eqnarray`, `multline` and `tabular` belong to LaTeX documents. In a formula, `aligned`, `gathered` and `array` do
    their work: `aligned` with one `&` before each relation sign.

    Fix safety: unsafe, for the columns may come out differently; a nearest name that does not compile is only shown.

    Bad:
        $$\begin{eqnarray} x &=& 1 \end{eqnarray}$$
    Bad:
        $\begin{pmatrx} 1 \end{pmatrx}$
    Good:
        $$\begin{aligned} x &= 1 \end{aligned}$$
    """
    for fault in _faults.faults(document, "TEX103"):
        named = _NAME.match(fault.message)
        name = named[1].strip() if named else ""
        edges = [edge for edge in _EDGE.finditer(fault.formula.tex) if edge["name"].strip() == name]
        if not edges:
            yield Finding(fault.start, fault.end, UNKNOWN, {"environment": name})
            continue
        start, end = fault.formula.body.span(*edges[0].span())
        yield Finding(start, end, UNKNOWN, {"environment": name}, tuple(_repairs(fault, name, edges)))


def _repairs(fault: Fault, name: str, edges: list[re.Match[str]]) -> Iterator[Repair]:
    better = _INSTEAD.get(name)
    other = better or _nearest(name)
    if not other:
        return
    edits = [(*edge.span("name"), other) for edge in edges]
    if name.startswith("eqnarray"):
        edits += [(*found.span(), f"&{found['relation']}") for found in _RELATION.finditer(fault.formula.tex)]
    mended = edited(fault.formula.tex, edits)
    compiles = katex.check([(mended, fault.formula.display)])[0].kind == "ok"
    placed = tuple((*fault.formula.body.span(start, end), text) for start, end, text in sorted(edits))
    why = WHY if better else NEAREST
    yield Repair(USE, "unsafe" if compiles else "display", placed, why, {"environment": other})


def _nearest(name: str) -> str:
    found = process.extractOne(name, KNOWN, scorer=DamerauLevenshtein.distance, score_cutoff=2)
    return str(found[0]) if found and found[1] * 3 <= len(name) else ""
