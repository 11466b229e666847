"""TEX201."""

import re
from collections.abc import Iterator

from server.lint import katex
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.formulas import Formula
from server.lint.katex import Verdict
from server.lint.registry import Options, rule
from server.lint.rules.tex.full_width_form import FORMS

OUTSIDE = message("“{words}” is text inside a formula; it belongs in \\text{{…}}.")
WRAP = message("Wrap in \\text{{…}}")
WHY = message("The letters come out upright, and the words may belong outside the formula.")
_TRIED = 20  # of the words in a formula so many are tried out
_GAP = re.compile(r"\s*\Z")


@rule(code="TEX201", name="text-in-formula", level="warning")
def text_in_formula(document: Document, options: Options) -> Iterator[Finding]:
    r"""Words in Chinese or another script stand in a formula outside `\text`.

    KaTeX shows them, LaTeX does not, and the letters are spaced as if multiplied. Wrap them, or end the formula first.

    Fix safety: unsafe, for the words often belong outside the formula.

    Bad:
        $x = 1 或 x = 2$
    Bad:
        $v_{é}$
    Good:
        $x = 1 \text{ 或 } x = 2$, or $x = 1$ 或 $x = 2$; $\alpha + α$
    """
    for formula, verdict in document.judged():
        if not verdict.strict:
            continue
        for count, (start, end) in enumerate(_runs(formula.tex, verdict)):
            words = formula.tex[start:end]
            if all(char in FORMS or char.isspace() for char in words):
                continue  # TEX301 speaks of those
            repairs = tuple(_wrapped(formula, start, end)) if count < _TRIED else ()
            yield Finding(*formula.body.span(start, end), OUTSIDE, {"words": words}, repairs)


def _runs(tex: str, verdict: Verdict) -> Iterator[tuple[int, int]]:
    """Yield the stretches of text, each with the full-width marks and blanks inside it but not around it."""
    run: list[tuple[int, int]] = []
    for code, start, end in verdict.strict:
        if code != "unicodeTextInMathMode" or start is None or end is None or tex[start : start + 1].isascii():
            continue
        if run and not _GAP.match(tex[run[-1][1] : start]):
            yield run[0][0], run[-1][1]
            run = []
        run.append((start, end))
    if run:
        yield run[0][0], run[-1][1]


def _wrapped(formula: Formula, start: int, end: int) -> Iterator[Repair]:
    text = f"\\text{{{formula.tex[start:end]}}}"
    mended = formula.tex[:start] + text + formula.tex[end:]
    if katex.check([(mended, formula.display)])[0].kind == "ok":
        yield Repair(WRAP, "unsafe", ((*formula.body.span(start, end), text),), WHY)
