"""SUP002."""

from collections.abc import Iterator

from server.lint import suppressions
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.suppressions import Directive, Selector

UNUSED = message("Nothing in the next block meets {code}.")
REMOVE = message("Remove the directive")
REMOVE_CODE = message("Remove {code}")


@rule(code="SUP002", name="unused-suppression", level="warning")
def unused_suppression(document: Document, options: Options) -> Iterator[Finding]:
    """A lint directive suppresses nothing.

    The fault is gone, the rule is off, or the directive stands before another block than was meant. Left in place it
    would hide the next fault.

    Fix safety: safe. The text shown stays the same.

    Bad:
        <!-- lint-disable-next-line TEX102 -->
        So $x = 1$.
    Good:
        So $x = 1$.
    """
    unused = document.unused
    for directive, selector in unused:
        spare = [other for one, other in unused if one is directive]
        if len(spare) == len(directive.selectors):
            edit = suppressions.removal(document.text, directive.start, directive.end, keep_apart=True)
            repair = Repair(REMOVE, "safe", (edit,))
        else:
            edit = (*_with_comma(document, directive, selector), "")
            repair = Repair(REMOVE_CODE, "safe", (edit,), args={"code": selector.text})
        yield Finding(selector.start, selector.end, UNUSED, {"code": selector.text}, (repair,))


def _with_comma(document: Document, directive: Directive, selector: Selector) -> tuple[int, int]:
    """Return the span of a word with the comma that binds it to its neighbour."""
    at = directive.selectors.index(selector)
    if at + 1 < len(directive.selectors):
        return selector.start, directive.selectors[at + 1].start
    return directive.selectors[at - 1].end, selector.end
