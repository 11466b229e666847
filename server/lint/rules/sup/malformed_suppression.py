"""SUP001."""

from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from server.lint import registry, suppressions
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.suppressions import Selector

UNKNOWN = message("No rule is called “{code}”.")
NAMELESS = message("This directive names no rule.")
VERB = message("“{verb}” is no directive; “{known}” is.")
REPLACE = message("Replace with {code}")
REMOVE = message("Remove the directive")


@rule(code="SUP001", name="malformed-suppression", level="warning")
def malformed_suppression(document: Document, options: Options) -> Iterator[Finding]:
    """A lint directive is malformed.

    Lint knows one directive: `<!-- lint-disable-next-line CODE -- reason -->`. It names rules by code, by the beginning
    of codes (`TEX`) or by name, with commas between them, and is about the next block.

    Fix safety: unsafe; the nearest name by spelling may not be the one meant.

    Bad:
        <!-- lint-disable-next-line TEX999 -->
        Text.
    Bad:
        <!-- lint-disable-next-line -->
        Text.
    Bad:
        <!-- lint-ignore TEX101 -->
        Text.
    Good:
        <!-- lint-disable-next-line TEX101, unknown-command -- the team's own notation -->
        Text.
    """
    for item in document.directives:
        edit = suppressions.removal(document.text, item.start, item.end, keep_apart=True)
        remove = (Repair(REMOVE, "unsafe", (edit,)),)
        if item.verb != suppressions.VERB:
            yield Finding(item.start, item.end, VERB, {"verb": item.verb, "known": suppressions.VERB}, remove)
        elif not item.selectors:
            yield Finding(item.start, item.end, NAMELESS, repairs=remove)
        for selector in item.selectors:
            if not selector.codes:
                repairs = (*_nearest(selector), *remove)
                yield Finding(selector.start, selector.end, UNKNOWN, {"code": selector.text}, repairs)


def _nearest(selector: Selector) -> Iterator[Repair]:
    known = [*registry.rules(), *registry.by_name()]
    found = process.extractOne(selector.text, known, scorer=DamerauLevenshtein.distance, score_cutoff=3)
    if found and found[1] * 3 <= max(len(selector.text), 6):
        yield Repair(REPLACE, "unsafe", ((selector.start, selector.end, found[0]),), args={"code": found[0]})
