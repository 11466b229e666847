"""Splits that never change their mind: where a row goes depends on its prompt and the shares, on nothing else.

Prompts that differ only in case, width, spacing or punctuation form one group and stay together. The group's hash, a
number from 0 to 1, falls into one part. So the shares are met closely on many prompts and loosely on few, and a prompt
added later moves none of the others.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import accumulate

from server.errors import Invalid
from server.exports.items import Message

NAMES = {2: ("train", "test"), 3: ("train", "validation", "test")}
WHOLE = "data"
_RANGE = 1 << 64
_BETWEEN_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Split:
    """Named shares that add up to 1; no parts at all means one undivided file."""

    parts: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The shares as they are typed: "0.9/0.1", empty when undivided."""
        return "/".join(share for _, share in self.parts)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts: each becomes a file."""
        return tuple(name for name, _ in self.parts) or (WHOLE,)

    def place(self, messages: list[Message]) -> str:
        """Return the name of the part this prompt belongs to."""
        if not self.parts:
            return WHOLE
        digest = hashlib.sha256(b"goldsmith split\0" + group(messages).encode()).digest()
        point = int.from_bytes(digest[:8], "big")
        return next(name for name, bound in zip(self.names, self._bounds, strict=True) if point < bound)

    @cached_property
    def _bounds(self) -> list[Decimal]:
        return [bound * _RANGE for bound in accumulate(Decimal(share) for _, share in self.parts)]


def parse(written: str) -> Split:
    """Return the split written as "0.9/0.1" or "0.8/0.1/0.1"; empty means undivided. Raises Invalid."""
    written = written.strip()
    if not written:
        return Split()
    pieces = written.split("/")
    if len(pieces) not in NAMES:
        raise Invalid(
            "Write the split as two or three shares, such as 0.9/0.1 or 0.8/0.1/0.1; “{written}” has {count}.",
            field="split",
            written=written[:40],
            count=len(pieces),
        )
    shares = [_share(piece.strip()) for piece in pieces]
    if sum(shares) != 1:
        raise Invalid(
            "The shares of a split add up to 1, as in 0.9/0.1; “{written}” adds up to {total}.",
            field="split",
            written=written[:40],
            total=_plain(sum(shares, Decimal())),
        )
    return Split(tuple(zip(NAMES[len(pieces)], map(_plain, shares), strict=True)))


def group(messages: list[Message]) -> str:
    """Return the key that near duplicates share: the prompt's letters and digits in one case and width."""
    text = "\n".join(message["content"] for message in messages)
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _BETWEEN_WORDS.sub("", folded) or folded


def _share(piece: str) -> Decimal:
    try:
        share = Decimal(piece) if len(piece) <= 12 and piece.isascii() else Decimal("NaN")
    except InvalidOperation:
        share = Decimal("NaN")
    if not share.is_finite() or not 0 < share < 1:
        raise Invalid(
            "“{piece}” is not a share. Write numbers between 0 and 1, such as 0.9/0.1.", field="split", piece=piece[:40]
        )
    return share


def _plain(share: Decimal) -> str:
    return format(share.normalize(), "f")
