"""TEX101."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.rules.tex import _faults

UNREADABLE = message("KaTeX cannot read this formula: {reason}.")


@rule(code="TEX101", name="unreadable-formula", level="error")
def unreadable_formula(document: Document, options: Options) -> Iterator[Finding]:
    r"""KaTeX cannot read a formula.

    What KaTeX says stands in the message; the place it names is marked. KaTeX stops at the first error of a formula:
    after mending one, another may appear.

    Bad:
        So $x^$.
    Bad:
        So $\kern3 x$.
    Good:
        So $x^2$.
    """
    for fault in _faults.faults(document, "TEX101"):
        yield Finding(fault.start, fault.end, UNREADABLE, {"reason": fault.message.rstrip(".")})
