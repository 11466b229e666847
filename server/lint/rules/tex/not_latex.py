"""TEX202."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.formulas import Formula
from server.lint.registry import Options, rule
from server.lint.rules.tex import _rows, lost_row_break

COMMENT = message("A % begins a comment: the rest of this line is not shown.")
BREAK = message("LaTeX ignores a line break outside an environment; other renderers will show one line.")
SYMBOL = message("KaTeX has no metrics for “{words}”: it may be missing or badly spaced.")
COLUMNS = message("More columns than the environment was given.")
OTHER = message("KaTeX accepts this, LaTeX does not ({code}).")
ESCAPE = message("Write \\%")
WRAP = message("Wrap in gathered")
_PERCENT = re.compile(r"(?<!\\)(?:\\\\)*(?P<comment>%[^\n]*)\Z")


@rule(code="TEX202", name="not-latex", level="warning")
def not_latex(document: Document, options: Options) -> Iterator[Finding]:
    r"""KaTeX shows a formula otherwise than LaTeX would.

    A `%` that should have been `\%` eats the rest of the formula; `\\` outside an environment breaks the line in KaTeX
    only; some signs have no place in its fonts; an `array` has more columns than it announced.

    Bad:
        About $50%$
    Bad:
        $$a = 1 \\ b = 2$$
    Bad:
        $☃ + 1$
    Good:
        About $50\%$
    Good:
        $$\begin{gathered} a = 1 \\ b = 2 \end{gathered}$$
    """
    for formula, verdict in document.judged():
        codes = dict.fromkeys(code for code, _, _ in verdict.strict if code != "unicodeTextInMathMode")
        for code in codes:
            if code == "commentAtEnd":
                yield from _comment(formula)
            elif code == "newLineInDisplayMode":
                yield _break(formula)
            elif code == "unknownSymbol":
                yield from _symbols(formula, verdict.strict)
            elif code == "textEnv":
                if not lost_row_break.lost(formula.tex):  # else TEX302 says why
                    yield Finding(formula.start, formula.end, COLUMNS)
            elif code != "htmlExtension":  # of which TEX109 speaks
                yield Finding(formula.start, formula.end, OTHER, {"code": code})


def _comment(formula: Formula) -> Iterator[Finding]:
    if match := _PERCENT.search(formula.tex):
        start, end = formula.body.span(*match.span("comment"))
        escape = Repair(ESCAPE, "unsafe", ((start, start, "\\"),))
        yield Finding(start, end, COMMENT, repairs=(escape,))
    else:
        yield Finding(formula.start, formula.end, COMMENT)


def _break(formula: Formula) -> Finding:
    rows = _rows.environments(formula.tex)[0].rows
    start, end = formula.body.span(*rows[0]) if rows else (formula.start, formula.end)
    first, last = formula.body.span(0, len(formula.tex))
    wrap = Repair(WRAP, "unsafe", ((first, first, "\\begin{gathered}"), (last, last, "\\end{gathered}")))
    return Finding(start, end, BREAK, repairs=(wrap,))


def _symbols(formula: Formula, notes: tuple[tuple[str, int | None, int | None], ...]) -> Iterator[Finding]:
    for code, start, end in notes:
        if code == "unknownSymbol" and start is not None and end is not None:
            yield Finding(*formula.body.span(start, end), SYMBOL, {"words": formula.tex[start:end]})
