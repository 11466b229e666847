"""LEN003."""

from collections.abc import Iterator

from pydantic import Field, NonNegativeInt, model_validator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, in_order, rule

FEW = message("{words} words and {cjk} Chinese characters; the guide asks for at least {limit} together.")
MANY = message("{words} words and {cjk} Chinese characters; the guide allows {limit} together.")


class Limits(Options):
    """Words plus Chinese characters, both ends included."""

    min: NonNegativeInt | None = Field(None, description="The fewest words and Chinese characters, taken together.")
    max: NonNegativeInt | None = Field(None, description="The most words and Chinese characters, taken together.")

    @model_validator(mode="after")
    def ordered(self) -> "Limits":
        in_order(self.min, self.max)
        return self


@rule(code="LEN003", name="word-count-out-of-range", level="warning", options=Limits)
def word_count_out_of_range(document: Document, options: Limits) -> Iterator[Finding]:
    """The answer has fewer or more words than the guide allows.

    Words of alphabetic scripts and Chinese characters are counted apart, shown apart, and limited together by `min`
    and `max`. What stands in formulas, code and addresses does not count.

    Bad (max: 3):
        The answer is four.
    Bad (min: 6):
        答案是 four。
    Good (min: 4, max: 4):
        The answer is four $a b c d$.
    """
    words, cjk = document.words, document.han
    args = {"words": words, "cjk": cjk}
    end = len(document.text)
    if options.min is not None and 0 < words + cjk < options.min:
        yield Finding(0, end, FEW, {**args, "limit": options.min})
    if options.max is not None and words + cjk > options.max:
        yield Finding(0, end, MANY, {**args, "limit": options.max})
