"""TEX105."""

import re
from collections.abc import Iterator

from server.lint import katex
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.formulas import Formula
from server.lint.registry import Options, rule
from server.lint.rules.tex import _brackets, _faults
from server.lint.rules.tex._brackets import Bracket, Imbalance
from server.lint.rules.tex._substitutes import trimmed

UNCLOSED = message("{bracket} is never closed.")
UNOPENED = message("{bracket} closes nothing.")
OPENED = message("{bracket} opens here, but {other} closes it.")
CLOSED = message("{bracket} closes here, but {other} is still open.")
CLOSE_BRACE = message("Close brace")
CLOSE = message("Close with {bracket}")
REMOVE = message("Remove")
_MIRRORED = {"(": ")", "[": "]", "<": ">", "\\{": "\\}", "": "."}
_LEFT_NAME = re.compile(r"\A\\l(?=brace|brack|vert|Vert|floor|ceil|angle|group)")
WHY = message("The formula compiles with this change; whether it means what you mean is for you to see.")


@rule(code="TEX105", name="unbalanced-brackets", level="error")
def unbalanced_brackets(document: Document, options: Options) -> Iterator[Finding]:
    r"""A brace, `\left` or `\begin` has no partner.

    Each `{` needs a `}`, each `\left` a `\right` (which may be `\right.`), each `\begin{…}` the same `\end{…}`.
    Both ends are marked where two that do not belong together meet.

    Bad:
        So $\frac{1}{2$.
    Bad:
        So $\left( x$.
    Bad:
        $$\begin{matrix} 1 \end{pmatrix}$$
    Bad:
        So $x}$.
    Good:
        So $\left\{ \frac{1}{2} \right.$ and $\{x$.
    """
    for fault in _faults.faults(document, "TEX105"):
        formula = fault.formula
        for imbalance in _brackets.imbalances(formula.tex):
            yield from _ends(formula, imbalance)


def _ends(formula: Formula, imbalance: Imbalance) -> Iterator[Finding]:
    opener, closer = imbalance.opener, imbalance.closer
    repairs = tuple(_repairs(formula, imbalance))
    if opener and closer:
        pair = {"bracket": opener.text, "other": closer.text}
        yield Finding(*formula.body.span(opener.start, opener.end), OPENED, pair, repairs)
        pair = {"bracket": closer.text, "other": opener.text}
        yield Finding(*formula.body.span(closer.start, closer.end), CLOSED, pair, repairs)
    elif opener:
        yield Finding(*formula.body.span(opener.start, opener.end), UNCLOSED, {"bracket": opener.text}, repairs)
    elif closer:
        yield Finding(*formula.body.span(closer.start, closer.end), UNOPENED, {"bracket": closer.text}, repairs)


def _repairs(formula: Formula, imbalance: Imbalance) -> Iterator[Repair]:
    opener, closer = imbalance.opener, imbalance.closer
    if opener:
        at = closer.start if closer else len(formula.tex.rstrip())
        partner = _partner(opener)
        title, args = (CLOSE_BRACE, {}) if partner == "}" else (CLOSE, {"bracket": partner})
        if closer and closer.kind == "end" and opener.kind == "begin":
            yield _repair(formula, (closer.start, closer.end, partner), title, args)
        else:
            yield _repair(formula, (at, at, partner), title, args)
    elif closer and formula.tex[: closer.start].strip() + formula.tex[closer.end :].strip():
        yield _repair(formula, trimmed(formula.tex, (closer.start, closer.end, "")), REMOVE, {})


def _partner(opener: Bracket) -> str:
    if opener.kind == "left":
        mark = opener.text[5:].strip()
        return "\\right" + (_MIRRORED.get(mark) or _LEFT_NAME.sub(r"\\r", mark))
    return "}" if opener.kind == "{" else f"\\end{{{opener.name}}}"


def _repair(formula: Formula, edit: tuple[int, int, str], title: str, args: dict[str, str]) -> Repair:
    start, end, text = edit
    mended = formula.tex[:start] + text + formula.tex[end:]
    compiles = katex.check([(mended, formula.display)])[0].kind == "ok"
    placed = (*formula.body.span(start, end), text)
    return Repair(title, "unsafe" if compiles else "display", (placed,), WHY if compiles else "", args)
