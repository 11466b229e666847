"""SUP900."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule

UNREAD = message("The text could not be read: {reason}.")
UNJUDGED = message("This formula could not be checked: {reason}.")
REASONS = {
    "nesting": message("it is nested too deeply"),
    "timeout": message("it took too long"),
    "memory": message("it needed too much memory"),
    "too long": message("it is longer than 4,000 characters"),
    "missing": message("KaTeX is not built"),
    "crash": message("KaTeX failed on it"),
}


@rule(code="SUP900", name="unfinished-check", level="error")
def unfinished_check(document: Document, options: Options) -> Iterator[Finding]:
    """Something could not be checked.

    A formula too deep or too long for KaTeX, a text with more marks than anyone would write, a checker that ran out of
    time, a rule that failed: each is said aloud, for silence would read as approval.

    How to mend: split or simplify the formula or the text. When they are plain, tell whoever runs the server.

    Good:
        $x^{2}$
    """
    if document.unread:
        yield Finding(0, 0, UNREAD, {"reason": document.unread})
    for formula, verdict in document.judged():
        if not verdict.checked:
            yield Finding(formula.start, formula.end, UNJUDGED, {"reason": REASONS[verdict.kind]})
