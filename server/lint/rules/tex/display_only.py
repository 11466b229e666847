"""TEX104."""

import re
from collections.abc import Iterator

from server.lint import katex
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.formulas import Formula
from server.lint.registry import Options, rule
from server.lint.rules.tex import _faults

DISPLAY_ONLY = message("{command} works only in display formulas, and this one is inline.")
INNER = message("Use {environment}")
DISPLAY = message("Make it a display formula")
_COMMAND = re.compile(r"\\begin\s*\{(?P<env>(?:align|gather|alignat|equation|multline|split|CD)\*?)\}|\\tag\b\*?")
_INNER = {"align": "aligned", "align*": "aligned", "gather": "gathered", "gather*": "gathered",
          "alignat": "alignedat", "alignat*": "alignedat", "split": "aligned"}  # fmt: skip
_WIDER = {"$": ("$$", "$$"), "\\(": ("\\[", "\\]")}


@rule(code="TEX104", name="display-only", level="error")
def display_only(document: Document, options: Options) -> Iterator[Finding]:
    r"""An inline formula uses what only display formulas may.

    `align`, `gather`, `equation` and `\tag` number and centre whole lines. Inside `$…$` use `aligned` or `gathered`,
    or make the formula a display of its own.

    Bad:
        So $\begin{align} x &= 1 \end{align}$.
    Bad:
        So $x = 1 \tag{1}$.
    Good:
        So $\begin{aligned} x &= 1 \end{aligned}$.
    Good:
        $$x = 1 \tag{1}$$
    """
    for fault in _faults.faults(document, "TEX104"):
        formula = fault.formula
        found = _COMMAND.search(formula.tex)
        if found is None:
            yield Finding(fault.start, fault.end, DISPLAY_ONLY, {"command": fault.message.split()[0]})
            continue
        start, end = formula.body.span(*found.span())
        repairs = (*_inner(formula, found["env"] or ""), *_display(formula))
        yield Finding(start, end, DISPLAY_ONLY, {"command": found["env"] or "\\tag"}, repairs)


def _inner(formula: Formula, environment: str) -> Iterator[Repair]:
    name = _INNER.get(environment)
    edges = list(re.finditer(rf"\\(?:begin|end)\s*\{{({re.escape(environment)})\}}", formula.tex)) if name else []
    if name and katex.check([(_renamed(formula.tex, environment, name), False)])[0].kind == "ok":
        edits = tuple((*formula.body.span(*edge.span(1)), name) for edge in edges)
        yield Repair(INNER, "unsafe", edits, args={"environment": name})


def _renamed(tex: str, old: str, new: str) -> str:
    return tex.replace(f"{{{old}}}", f"{{{new}}}")


def _display(formula: Formula) -> Iterator[Repair]:
    if formula.opener in _WIDER and katex.check([(formula.tex, True)])[0].kind == "ok":
        opener, closer = _WIDER[formula.opener]
        first = (formula.start, formula.start + len(formula.opener), opener)
        last = (formula.end - len(formula.closer), formula.end, closer)
        yield Repair(DISPLAY, "unsafe", (first, last))
