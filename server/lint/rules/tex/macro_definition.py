"""TEX108."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.rules.tex import _faults
from server.lint.rules.tex._text_mode import in_text

DEFINES = message("{command} defines a command: a formula may only use the commands every reader has.")
LOOPS = message("The macros of this formula expand without end.")
_DEFINITION = re.compile(
    r"(?<!\\)(?:\\\\)*(?P<command>\\(?:[egx]?def|(?:re)?newcommand|providecommand|DeclareMathOperator|(?:future)?let"
    r"|global|long|newenvironment)\*?(?![A-Za-z]))"
)

_HINT = re.compile(
    r"\\(?:[egx]?def|(?:re)?newcommand|providecommand|Declare|(?:future)?let|global|long|newenvironment)"
)


@rule(code="TEX108", name="macro-definition", level="error")
def macro_definition(document: Document, options: Options) -> Iterator[Finding]:
    r"""A formula defines a command of its own.

    `\def`, `\newcommand` and `\let` work in one formula of one renderer and fail in the next. Write the meaning out,
    or use `\operatorname{…}` for a name.

    Bad:
        $\def\R{\mathbb{R}} x \in \R$
    Bad:
        $\newcommand{\half}{\frac{1}{2}} \half$
    Bad:
        $\def\a{\a\a}\a$
    Good:
        $x \in \mathbb{R}$, $\operatorname{lcm}(a, b)$ and $\left(x\right)$
    """
    for formula in document.formulas if _HINT.search(document.text) else ():
        for match in _DEFINITION.finditer(formula.tex):
            if not in_text(formula.tex, match.start("command")):
                start, end = formula.body.span(*match.span("command"))
                yield Finding(start, end, DEFINES, {"command": match["command"]})
    for fault in _faults.faults(document, "TEX108"):
        if "expansions" in fault.message and not _DEFINITION.search(fault.formula.tex):
            yield Finding(fault.start, fault.end, LOOPS)


def defines(tex: str) -> bool:
    """Say whether a formula defines a command."""
    return _HINT.search(tex) is not None and any(
        not in_text(tex, match.start("command")) for match in _DEFINITION.finditer(tex)
    )
