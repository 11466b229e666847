"""TEX101."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.rules.tex import _faults
from server.lint.rules.tex._text_mode import closing

UNREADABLE = message("KaTeX cannot read this formula: {reason}.")
BARE = message("{command} lacks an argument: KaTeX cannot read this formula.")
_WANTED = re.compile(
    r"Expected group as argument to '(\\[A-Za-z]+)'|Unexpected end of input in a macro argument, expected '\}'|Extra \}"
)
_OF_TWO = frozenset(
    ("frac", "dfrac", "tfrac", "cfrac", "binom", "dbinom", "tbinom", "overset", "underset", "stackrel", "textcolor",
     "href")
)  # fmt: skip
_COMMAND = re.compile(r"\\[A-Za-z]+")
_BLANK = re.compile(r"\s*")


@rule(code="TEX101", name="unreadable-formula", level="error")
def unreadable_formula(document: Document, options: Options) -> Iterator[Finding]:
    r"""KaTeX cannot read a formula.

    What KaTeX says stands in the message; the place it names is marked. KaTeX stops at the first error of a formula:
    after mending one, another may appear.

    Bad:
        So $x^$.
    Bad:
        So $\kern3 x$.
    Bad:
        So $\frac{1}$.
    Good:
        So $x^2$.
    """
    for fault in _faults.faults(document, "TEX101"):
        tex, wanted = fault.formula.tex, _WANTED.match(fault.message)
        if wanted and (bare := _without_argument(tex, wanted[1] or "")):
            span = fault.formula.body.span(*bare.span())
            yield Finding(*span, BARE, {"command": bare.group()})
        else:
            yield Finding(fault.start, fault.end, UNREADABLE, {"reason": fault.message.rstrip(".")})


def _without_argument(tex: str, command: str) -> re.Match[str] | None:
    """Return the command that ends too early: `command` if it is known, else the last that may be it."""
    found = [match for match in _COMMAND.finditer(tex) if command in ("", match.group())]
    if command:
        return found[-1] if found else None
    for match in reversed(found):
        groups, end = _groups(tex, match.end())
        if groups < 2 and match.group()[1:] in _OF_TWO and tex[end : end + 1] in ("", "}"):
            return match
    return next((match for match in reversed(found) if _groups(tex, match.end())[1] >= len(tex)), None)


def _groups(tex: str, at: int) -> tuple[int, int]:
    """Count the groups that follow one another from `at`, and say where they end."""
    count = 0
    while True:
        blank = _BLANK.match(tex, at)
        at = blank.end() if blank else at
        if tex[at : at + 1] != "{":
            return count, at
        at, count = min(closing(tex, at + 1) + 1, len(tex)), count + 1
