"""The formats trainers read. A new one is a new file here, and its line in `FORMATS`.

A format module says `NAME`, `NEEDS_DRAFTS` and `rows(item)`; its docstring gives the row's exact shape and its source.
"""

from collections.abc import Iterator
from typing import Protocol

from server.errors import Invalid
from server.exports.formats import chat, dpo, trl_prompt_completion
from server.exports.items import Item, Row


class Format(Protocol):
    """One way to write an approved answer."""

    @property
    def NAME(self) -> str: ...

    @property
    def NEEDS_DRAFTS(self) -> bool: ...

    def rows(self, item: Item) -> Iterator[Row]: ...


FORMATS: dict[str, Format] = {module.NAME: module for module in (chat, trl_prompt_completion, dpo)}


def find(name: str) -> Format:
    """Return the format of that name. Raises Invalid with the names there are."""
    if name not in FORMATS:
        raise Invalid(
            "There is no format “{name}”. Choose one of: {known}.",
            field="format",
            name=name[:60],
            known=", ".join(FORMATS),
        )
    return FORMATS[name]
