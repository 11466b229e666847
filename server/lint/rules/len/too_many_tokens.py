"""LEN004."""

from collections.abc import Iterator
from typing import Literal

from pydantic import PositiveInt

from server.lint import tokens
from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule

MANY = message("{count} tokens ({encoding}); the guide allows {limit}.")


class Limits(Options):
    """`max` tokens as `encoding` counts them."""

    max: PositiveInt | None = None
    encoding: Literal["o200k_base", "cl100k_base", "qwen3", "deepseek_v3", "llama3"] = "o200k_base"


@rule(code="LEN004", name="too-many-tokens", level="warning", options=Limits)
def too_many_tokens(document: Document, options: Limits) -> Iterator[Finding]:
    """The answer is longer than the model's limit of tokens.

    Set `max`, and `encoding` when the team trains a model with another vocabulary.

    Bad (max: 2):
        The answer is four.
    Good (max: 20):
        The answer is four.
    """
    if options.max is None or len(document.text) < options.max // 8:
        return
    count = tokens.count(document.text, options.encoding)
    if count > options.max:
        args = {"count": count, "encoding": options.encoding, "limit": options.max}
        yield Finding(0, len(document.text), MANY, args)
