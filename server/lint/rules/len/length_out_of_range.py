"""LEN002."""

from collections.abc import Iterator

from pydantic import NonNegativeInt

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule

SHORT = message("{count} characters; the guide asks for at least {limit}.")
LONG = message("{count} characters; the guide allows {limit}.")


class Limits(Options):
    """Characters, both ends included. Neither is set unless the guide sets it."""

    min: NonNegativeInt | None = None
    max: NonNegativeInt | None = None


@rule(code="LEN002", name="length-out-of-range", level="error", options=Limits)
def length_out_of_range(document: Document, options: Limits) -> Iterator[Finding]:
    """The answer is shorter or longer than the guide allows.

    Every character counts, also of formulas and code. The limits are `min` and `max`.

    Bad (min: 20):
        Four.
    Bad (max: 3):
        Four.
    Good (min: 3, max: 20):
        Four.
    Good:
        Four.
    """
    count = len(document.text)
    if options.min is not None and 0 < count < options.min:
        yield Finding(0, count, SHORT, {"count": count, "limit": options.min})
    if options.max is not None and count > options.max:
        yield Finding(options.max, count, LONG, {"count": count, "limit": options.max})
