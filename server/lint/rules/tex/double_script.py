"""TEX106."""

import re
from collections.abc import Iterator

from server.lint import katex
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.formulas import Formula
from server.lint.registry import Options, rule
from server.lint.rules.tex import _faults
from server.lint.rules.tex._text_mode import closing
from server.lint.spans import edited

SUPERSCRIPT = message("A second superscript on the same base.")
SUBSCRIPT = message("A second subscript on the same base.")
PRIME = message("A prime after a superscript: write it before, as in x'^2.")
NEST = message("Put it inside the first: {script}")
MOVE = message("Move the prime")
WHY = message("Braces could also be meant around the base.")
_BEFORE = re.compile(r"(?P<sign>[\^_])\s*(?P<script>\{[^{}]*\}|\\[A-Za-z]+|[^\s{}\\^_])\s*\Z")
_AFTER = re.compile(r"[\^_]\s*(?:(?P<brace>\{)|(?P<one>\\[A-Za-z]+|[^\s{}\\]))")


@rule(code="TEX106", name="double-script", level="error")
def double_script(document: Document, options: Options) -> Iterator[Finding]:
    r"""Two superscripts or two subscripts stand on one base.

    `x^2^3` can mean $x^{2^3}$ or ${x^2}^3$: braces say which. A prime counts as a superscript, and goes first:
    `f'^2`.

    Bad:
        So $x^2^3$.
    Bad:
        So $a_1_2$.
    Bad:
        So $f^2'$.
    Good:
        So $x^{2^3}$, ${x^2}^3$, $a_{1_2}$ and $f'^2$.
    """
    for fault in _faults.faults(document, "TEX106"):
        at = fault.verdict.start
        if at is None or at >= len(fault.formula.tex):
            text = SUPERSCRIPT if "super" in fault.message else SUBSCRIPT
            yield Finding(fault.start, fault.end, text)
            continue
        sign = fault.formula.tex[at]
        text = {"^": SUPERSCRIPT, "_": SUBSCRIPT}.get(sign, PRIME)
        stop = _end_of_script(fault.formula.tex, at)
        yield Finding(*fault.formula.body.span(at, stop), text, repairs=tuple(_repairs(fault.formula, at, stop)))


def _end_of_script(tex: str, at: int) -> int:
    match = _AFTER.match(tex, at)
    if match is None:
        return at + 1
    return min(closing(tex, match.end()) + 1, len(tex)) if match["brace"] else match.end()


def _repairs(formula: Formula, at: int, stop: int) -> Iterator[Repair]:
    tex = formula.tex
    before = _BEFORE.search(tex, 0, at)
    if before is None:
        return
    if tex[at] not in "^_":
        edits = ((before.start(), before.start(), tex[at:stop]), (at, stop, ""))
        yield from _if_it_compiles(formula, edits, MOVE, {})
    elif before["sign"] == tex[at]:
        script = before["script"].strip("{}") + tex[at:stop]
        edit = (before.start("script"), stop, f"{{{script}}}")
        yield from _if_it_compiles(formula, (edit,), NEST, {"script": f"{tex[at]}{{{script}}}"})


def _if_it_compiles(
    formula: Formula, edits: tuple[tuple[int, int, str], ...], title: str, args: dict[str, str]
) -> Iterator[Repair]:
    if katex.check([(edited(formula.tex, edits), formula.display)])[0].kind == "ok":
        placed = tuple((*formula.body.span(start, end), text) for start, end, text in edits)
        yield Repair(title, "display", placed, WHY if title == NEST else "", args)
