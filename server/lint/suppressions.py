"""Directives: HTML comments that tell lint to let the next block be.

    <!-- lint-disable-next-line TEX302, tex -- why it may stay -->

They are for files and bulk material; at the desk people waive findings instead. A directive binds to the next block,
not to the next line, so a reason that runs over several lines still reaches its target. What is inside code is code.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from server.lint import parser, registry
from server.lint.spans import edited
from server.lint.stretches import Stretches

if TYPE_CHECKING:
    from server.lint.document import Document

VERB = "lint-disable-next-line"
NEVER = ("SUP001", "SUP002", "SUP900")  # what speaks of directives, or of what nobody could check
_COMMENT = re.compile(r"<!--[ \t]*(?P<verb>lint-[a-z-]+)\b(?P<body>.*?)-->", re.DOTALL)
_ENDS_CODES = re.compile(r"(?:^|\s)(?:--|–|—|——)(?:\s|$)")  # word processors make one dash of two
_WORD = re.compile(r"[^\s,]+")
_MARGIN = re.compile(r"[ \t>]*\Z")
_REST = re.compile(r"[ \t]*(?:\r\n|\n|\r|\Z)")


@dataclass(frozen=True, slots=True)
class Selector:
    """One word of a directive: a code, the beginning of codes or a rule's name, at `start:end`."""

    text: str
    start: int
    end: int
    codes: frozenset[str]


@dataclass(slots=True)
class Directive:
    """One directive at `start:end` and the block it is about; `used` are the selectors that met a finding."""

    start: int
    end: int
    verb: str
    selectors: tuple[Selector, ...]
    block: tuple[int, int] | None
    used: set[Selector] = field(default_factory=set)

    def covers(self, code: str, start: int) -> bool:
        """Say whether a finding of `code` at `start` is to be left out, and remember that it was met."""
        if self.block is None or code in NEVER or not self.block[0] <= start < max(self.block[1], self.block[0] + 1):
            return False
        met = [selector for selector in self.selectors if code in selector.codes]
        self.used.update(met)
        return bool(met)


class Suppression:
    """The directives of one text, asked of each finding. Looks only at those whose blocks can hold the place."""

    def __init__(self, directives: Sequence[Directive]) -> None:
        placed = sorted(((item.block, item) for item in directives if item.block), key=lambda pair: pair[0])
        self._directives = [item for _, item in placed]
        self._starts = [start for (start, _), _ in placed]
        self._ends = list(accumulate((max(end, start + 1) for (start, end), _ in placed), max))

    def covers(self, code: str, start: int) -> bool:
        """Say whether a finding of `code` at `start` is to be left out; every directive that says so counts as used."""
        covered, at = False, bisect_right(self._starts, start) - 1
        while at >= 0 and self._ends[at] > start:
            covered = self._directives[at].covers(code, start) or covered
            at -= 1
        return covered


def directives(document: "Document", house: Sequence[registry.Rule] = ()) -> list[Directive]:
    """Return the directives of a text, in order; `house` are the guide's own rules, which may be named too.

    Comments of another verb have no selectors and no block.
    """
    text = document.text
    if "lint-" not in text or "<!--" not in text:
        return []
    hidden = Stretches([*((block.start, block.end) for block in document.code_blocks), *document.code_spans])
    blocks = _Blocks(document)
    return [
        _directive(document, match, blocks, house)
        for match in _COMMENT.finditer(text, 0, text.rfind("-->") + 3)
        if match.start() not in hidden
    ]


class _Blocks:
    """The blocks of a text by where they start."""

    def __init__(self, document: "Document") -> None:
        nodes = [node for node in document.nodes if node.start >= 0 and node.tag in parser.BLOCKS]
        self._nodes = sorted(nodes, key=lambda node: node.start)
        self._starts = [node.start for node in self._nodes]

    def following(self, at: int) -> parser.Node | None:
        """Return the first that starts at `at` or behind it."""
        return next(iter(self._nodes[(first := bisect_left(self._starts, at)) : first + 1]), None)

    def item(self, at: int) -> parser.Node | None:
        """Return the innermost list item around `at`."""
        index = bisect_right(self._starts, at) - 1
        node = self._nodes[index] if index >= 0 else None
        while node is not None and not (node.tag == "li" and node.start <= at <= node.end):
            node = node.parent
        return node


def _directive(
    document: "Document", match: re.Match[str], blocks: _Blocks, house: Sequence[registry.Rule]
) -> Directive:
    if match["verb"] != VERB:
        return Directive(match.start(), match.end(), match["verb"], (), None)
    ends = _ENDS_CODES.search(match["body"])
    stop = match.start("body") + ends.start() if ends else match.end("body")
    words = _WORD.finditer(document.text, match.start("body"), stop)
    selectors = tuple(Selector(word.group(), *word.span(), _codes(word.group(), house)) for word in words)
    return Directive(match.start(), match.end(), VERB, selectors, _next_block(document, match.end(), blocks))


def _codes(word: str, house: Sequence[registry.Rule]) -> frozenset[str]:
    own = (rule for rule in house if rule.code.startswith(word) or rule.name == word)
    return frozenset(rule.code for rule in (*registry.selected(word), *own))


def _next_block(document: "Document", at: int, blocks: _Blocks) -> tuple[int, int] | None:
    following, around = blocks.following(at), blocks.item(at)
    if around is not None:  # the text of a tight list item is no block of its own
        end = around.end if following is None else min(around.end, following.start)
        if document.text[at:end].strip(" \t\r\n>"):
            return at, end
    return (following.start, following.end) if following else None


def removal(text: str, start: int, end: int, *, keep_apart: bool = False) -> tuple[int, int, str]:
    """Return the edit that takes a directive out, with its line when nothing else stands there.

    `keep_apart` leaves a blank line where the directive was all that separated two paragraphs.
    """
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    rest = _REST.match(text, end)
    if rest is None or not _MARGIN.match(text[line:start]):
        return start, end, ""
    before, after = text[:line].rpartition("\n")[0].rpartition("\n")[2], text[rest.end() :].partition("\n")[0]
    if keep_apart and before.strip(" \t\r>") and after.strip(" \t\r>"):
        return start, end, ""
    return line, rest.end(), ""


def strip_suppressions(text: str) -> str:
    """Return `text` without lint's directives, each with its line when it stands alone. Code is left as it is."""
    if "lint-" not in text or "<!--" not in text:
        return text
    from server.lint.document import Document

    return edited(text, [removal(text, item.start, item.end) for item in directives(Document(text))])


def unused(found: Sequence[Directive], ran: frozenset[str]) -> Iterator[tuple[Directive, Selector]]:
    """Yield what the directives name in vain, as far as the rules that `ran` can tell."""
    for directive in found:
        for selector in directive.selectors:
            if selector.codes and selector not in directive.used and (selector.codes <= ran):
                yield directive, selector
