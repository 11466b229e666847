"""ARI001."""

from collections.abc import Iterator
from fractions import Fraction

from server.lint import arithmetic
from server.lint.arithmetic import Claim
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.masks import ESCAPED, MARK
from server.lint.registry import Options, rule

FALSE = message("This is {value}, not {claimed}.")
WRITE = message("Write {value}")
WHY = message("The slip may be on the other side of the equals sign.")


@rule(code="ARI001", name="false-sum", level="warning")
def false_sum(document: Document, options: Options) -> Iterator[Finding]:
    """A calculation with plain numbers is wrong.

    Sums, differences, products and quotients of numbers in running text are computed exactly. A result rounded to the
    digits shown is right. Only a whole calculation is checked: what follows a word, a letter or a formula may be the
    end of a longer one.

    Bad:
        She has 12 + 30 = 43 apples.
    Bad:
        That makes $4 * 25 = $110.
    Bad:
        So 10 / 4 = <<10/4=2.4>>2.4 each.
    Bad:
        **Total:** \\$20 + \\$15 = **\\$45**
    Good:
        She has 12 + 30 = 42 apples, and 10 / 3 = 3.33.
    Good:
        Two thirds of them, 2/3 = 40; then x + 3 = 10.
    """
    if "=" not in document.masked:
        return
    text = _without_marks(document)
    for leaf in document.leaves:
        for claim in arithmetic.claims(text, leaf.start, leaf.end):
            if not claim.holds:
                yield _finding(document, claim)


def _without_marks(document: Document) -> str:
    r"""Return the running text, as long as ever, with blanks for marks of emphasis and the money of `\$5` shown."""
    text = document.masked.replace(MARK, " ")
    if not any(char == "$" for _, char in document.escapes):
        return text
    shown = list(text)
    for start, char in document.escapes:
        if char == "$" and shown[start] == ESCAPED:
            shown[start : start + 2] = " $"
    return "".join(shown)


def _finding(document: Document, claim: Claim) -> Finding:
    claimed = document.text[claim.right : claim.end]
    value = shown(claim.value * 100) + "%" if claim.percent else shown(claim.value)
    exact = "/" not in value
    edit = (claim.right, claim.end, value)
    repairs = (Repair(WRITE, "display", (edit,), WHY, {"value": value}),) if exact else ()
    return Finding(claim.start, claim.end, FALSE, {"value": value, "claimed": claimed}, repairs)


def shown(value: Fraction) -> str:
    """Return a number as one would write it: a decimal where it ends soon, else a fraction and about what it is."""
    for places in range(7):
        scaled = value * 10**places
        if scaled.denominator == 1:
            return f"{scaled.numerator / 10**places:.{places}f}" if places else str(scaled.numerator)
    return f"{value.numerator}/{value.denominator} ≈ {float(value):.4g}"
