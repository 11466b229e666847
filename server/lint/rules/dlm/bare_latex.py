"""DLM008."""

import re
from collections.abc import Iterator

from server.lint import delimiters, katex, lone_dollars
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

BARE = message("“{words}” is LaTeX outside a formula: readers see its source.")
ENVIRONMENT = message("The environment {name} stands outside a formula: readers see its source.")
WRAP, DISPLAY = message("Put between dollar signs"), message("Make it a display formula")
WHY = message("Where the formula begins and ends is a guess.")
# names that occur in no path, no code and no other markup
_COMMAND = (
    r"\\(?:[dt]?frac|sqrt|cdots?|times|div|pm|mp|leq?|geq?|neq|leqslant|geqslant|approx|equiv|cong|sim|propto|infty|sum"
    r"|prod|int|oint|lim|sin|cos|tan|cot|sec|csc|log|ln|exp|alpha|beta|gamma|delta|epsilon|varepsilon|zeta|theta|lambda"
    r"|mu|xi|pi|rho|sigma|tau|phi|varphi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Pi|Sigma|Phi|Psi|Omega|mathbb|mathbf"
    r"|mathrm|mathcal|operatorname|boxed|overline|underline|vec|hat|bar|dots|ldots|therefore|because|in|notin|subset"
    r"|subseteq|cup|cap|emptyset|forall|exists|partial|nabla|angle|triangle|perp|parallel|circ|left|right|binom|pmod"
    r"|bmod|mid|nmid|rightarrow|Rightarrow|implies|iff|begin|end)(?![A-Za-z])"
)
_GROUP = r"\{(?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})*\}"
_SCRIPT = rf"(?<![\w\\])(?:[A-Za-z]|\d+|\))(?:\^{_GROUP}|_{_GROUP})"
_MARK = re.compile(rf"(?<![\w\\:/]){_COMMAND}|{_SCRIPT}|(?<=\d){_COMMAND}")
_MORE = re.compile(
    rf"[ \t]*(?:{_COMMAND}|\\[,;!{{}}%&]|{_GROUP}|[\^_](?:{_GROUP}|\w)|\d+(?:\.\d+)?|[-+*/=<>|()\[\]!']|[,.](?=\d)"
    r"|(?<![A-Za-z])[A-Za-z](?![A-Za-z]))"
)
_LESS = re.compile(r"(?:\d+(?:\.\d+)?|[-+*/=<>|(\[]|(?<![A-Za-z])[A-Za-z](?![A-Za-z]))[ \t]*\Z")
_NEAR = 30  # characters within which a number, a sign or a letter ends
_LONE_ARTICLE = re.compile(r"[ \t]*(?<![A-Za-z])[AaI][ \t]*\Z")


@rule(code="DLM008", name="bare-latex", level="warning")
def bare_latex(document: Document, options: Options) -> Iterator[Finding]:
    r"""LaTeX stands outside formulas.

    `\frac{1}{2}` and `x^{2}` are shown as they are written unless they stand between `$…$` or `\(…\)`. To speak of
    the command itself, put it in a code span.

    Fix safety: shown only. Where the formula begins and ends is a guess.

    Bad:
        The half is \frac{1}{2}.
    Bad:
        So x^{2} + y^{2} = 1.
    Good:
        The half is $\frac{1}{2}$, written `\frac{1}{2}`.
    Good:
        Look in C:\times\new and snake_case.
    """
    if "\\" not in document.masked and "{" not in document.masked:
        return
    claimed = lone_dollars.claimed(document)
    at = 0
    for leaf in document.leaves:
        at = max(at, leaf.start)
        while match := _MARK.search(document.masked, at, leaf.end):
            if past := lone_dollars.past(claimed, match.start()):
                at = past  # DLM001 and DLM005 speak of what lost its delimiters
                continue
            if found := _environment(document, match.start()):
                at = found.end
                yield found
                continue
            start = _reach_back(document.masked, at, match.start())
            at = _reach_on(document.masked, match.end(), leaf.end)
            yield _stretch(document, start, at)


def _environment(document: Document, start: int) -> Finding | None:
    found = document.environments.get(start)
    if found is None:
        return None
    args = {"name": found.name}
    inside = document.text[found.opened : found.end]
    if not found.end or (
        found.is_cut and (document.text[start : found.opened] in inside or delimiters.is_prose(inside))
    ):
        return Finding(start, found.opened, ENVIRONMENT, args)
    compiles = not found.is_cut and katex.check([(document.text[start : found.end], True)])[0].kind == "ok"
    wrap = Repair(DISPLAY, "unsafe", ((start, start, "$$"), (found.end, found.end, "$$")))
    return Finding(start, found.end, ENVIRONMENT, args, (wrap,) if compiles else ())


def _reach_on(masked: str, at: int, end: int) -> int:
    while match := _MORE.match(masked, at, end):
        at = match.end()
    return at


def _reach_back(masked: str, first: int, at: int) -> int:
    stop = at
    while match := _LESS.search(masked, max(first, at - _NEAR), at):
        at = match.start()
    return stop if _LONE_ARTICLE.fullmatch(masked, at, stop) else at


def _stretch(document: Document, start: int, end: int) -> Finding:
    words = _trimmed(document.text[start:end])
    end = start + len(words)
    compiles = "\n" not in words and katex.check([(words, False)])[0].kind == "ok"
    wrap = Repair(WRAP, "display", ((start, start, "$"), (end, end, "$")), WHY)
    args = {"words": words if len(words) < 60 else words[:57] + "…"}
    return Finding(start, end, BARE, args, (wrap,) if compiles else ())


def _trimmed(words: str) -> str:
    """Take off what belongs to the sentence: signs that wait for more, brackets that close nothing."""
    surplus = words.count(")") + words.count("]") - words.count("(") - words.count("[")
    end = len(words)
    while end and (words[end - 1] in " \t-+=*/<>([!" or (words[end - 1] in ")]" and surplus > 0)):
        end -= 1
        surplus += (words[end] in "([") - (words[end] in ")]")
    return words[:end]
