"""DLM003."""

from collections.abc import Iterator

from server.lint import lone_dollars
from server.lint.diagnostic import Finding, Repair, Safety, message
from server.lint.document import Document
from server.lint.registry import Options, rule

PAIRABLE = message(
    "{count} amounts with dollar signs in one paragraph: some renderers take what is between for a formula."
)
MIXED = message("This amount shares its paragraph with formulas: some renderers pair its dollar sign with theirs.")
BESIDE = message("This amount shares its paragraph with another dollar sign: some renderers pair the two.")
ESCAPE = message("Escape")
_MOST = 10_000  # a paragraph with more amounts was written by no one, and is offered no escapes


@rule(code="DLM003", name="pairable-currency", level="warning")
def pairable_currency(document: Document, options: Options) -> Iterator[Finding]:
    r"""Dollar amounts could be taken for a formula.

    Two `$` in a paragraph are a pair to many renderers, and the words between turn into italics without spaces.
    A backslash before the sign settles it: `\$5`.

    Fix safety: safe, as the text shown stays the same; unsafe where other dollar signs stay.

    Bad:
        It costs $5 in town and $6 at sea.
    Bad:
        With $x$ tins at $5 each
    Good:
        It costs \$5 in town and \$6 at sea, or 7 dollars.
    Good:
        It costs $5.
    """
    if "$" not in document.masked:
        return
    for leaf in document.leaves:
        amounts = lone_dollars.amounts(document, leaf)
        if not amounts:
            continue
        dollars = document.masked.count("$", leaf.start, leaf.end)
        formulas = any(leaf.start <= item.start < leaf.end and item.opener[0] == "$" for item in document.formulas)
        if dollars > 1 or formulas:
            # a dollar sign that stays could pair with another that stays
            safety: Safety = "safe" if dollars == len(amounts) else "unsafe"
            escape = (Repair(ESCAPE, safety, tuple((at, at, "\\") for at in amounts)),) if len(amounts) <= _MOST else ()
            text = PAIRABLE if len(amounts) > 1 else MIXED if formulas else BESIDE
            yield Finding(amounts[0], amounts[0] + 1, text, {"count": len(amounts)}, escape)
