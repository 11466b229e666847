"""LEN002."""

from collections.abc import Iterator

from pydantic import Field, NonNegativeInt, model_validator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, in_order, rule

SHORT = message("{count} characters; the guide asks for at least {limit}.")
LONG = message("{count} characters; the guide allows {limit}.")


class Limits(Options):
    """Characters, both ends included. Neither is set unless the guide sets it."""

    min: NonNegativeInt | None = Field(None, description="The fewest characters an answer may have.")
    max: NonNegativeInt | None = Field(None, description="The most characters an answer may have.")

    @model_validator(mode="after")
    def ordered(self) -> "Limits":
        in_order(self.min, self.max)
        return self


@rule(code="LEN002", name="length-out-of-range", level="error", options=Limits)
def length_out_of_range(document: Document, options: Limits) -> Iterator[Finding]:
    """The answer is shorter or longer than the guide allows.

    Every character counts, also of formulas and code; a line end is one. The limits are `min` and `max`. What is too
    much is marked. An empty answer is for LEN001.

    Bad (min: 20):
        Four.
    Bad (max: 3):
        Four.
    Good (min: 3, max: 20):
        Four.
    Good:
        Four.
    """
    if options.min is None and options.max is None:
        return
    text = document.text
    pairs = text.count("\r\n")  # as the desk keeps them, line ends are one character
    count = len(text) - pairs
    if options.min is not None and count < options.min and text.strip():
        yield Finding(0, len(text), SHORT, {"count": count, "limit": options.min})
    if options.max is not None and count > options.max:
        start = options.max
        while pairs and start < options.max + text.count("\r\n", 0, start + 1):
            start = options.max + text.count("\r\n", 0, start + 1)
        yield Finding(start, len(text), LONG, {"count": count, "limit": options.max})
