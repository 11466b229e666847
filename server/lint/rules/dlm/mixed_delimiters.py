"""DLM002."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from server.lint import dollars, parser
from server.lint.diagnostic import Finding, Repair, Safety, message
from server.lint.document import Document
from server.lint.formulas import Formula, of_tree
from server.lint.registry import Options, rule
from server.lint.spans import edited

MIXED = message("This formula stands between {opener} and {closer}; the others of its kind between {other} and {end}.")
HOUSE = message("This formula stands between {opener} and {closer}; the guide asks for {other} and {end}.")
CHANGE = message("Write {opener}…{closer}")
WHY = message("The change alters how the text is read.")
_CLOSER = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}


class Style(Options):
    r"""`consistent` follows the more frequent style of the answer; otherwise the house's: `dollar` or `bracket`."""

    inline: Literal["consistent", "dollar", "bracket", "any"] = Field(
        "consistent", description="How formulas in a line are set off; consistent is as most of the answer's are."
    )
    display: Literal["consistent", "dollar", "bracket", "any"] = Field(
        "consistent",
        description="How formulas of their own line are set off; consistent is as most of the answer's are.",
    )


@dataclass(frozen=True, slots=True)
class _Change:
    formula: Formula
    opener: str
    by_house: bool

    @property
    def edits(self) -> tuple[tuple[int, int, str], tuple[int, int, str]]:
        formula = self.formula
        first = (formula.start, formula.start + len(formula.opener), self.opener)
        return first, (formula.end - len(formula.closer), formula.end, _CLOSER[self.opener])


@rule(code="DLM002", name="mixed-delimiters", level="warning", options=Style)
def mixed_delimiters(document: Document, options: Style) -> Iterator[Finding]:
    r"""Formulas stand between different delimiters.

    One answer uses one pair for formulas in a line, `$…$` or `\(…\)`, and one for formulas on their own lines, `$$…$$`
    or `\[…\]`. Without options the more frequent pair of the answer counts; a guide sets `inline` and `display` to
    `dollar`, `bracket` or `any`.

    Fix safety: safe where the answer, with all such changes made, still parses into the same formulas.

    Bad:
        If $x = 1$ and $y = 2$, then \(z = 3\).
    Bad (inline: bracket):
        So $x = 1$.
    Good:
        If $x = 1$, then
        \[y = 2\]
    Good (inline: any):
        If $x = 1$, then \(y = 2\).
    """
    changes = [
        *_changes([item for item in document.formulas if not item.display], options.inline, ("$", "\\(")),
        *_changes([item for item in document.formulas if item.display], options.display, ("$$", "\\[")),
    ]
    if not changes:
        return
    safety: Safety = "safe" if _parses_alike(document, changes) else "unsafe"
    for change in changes:
        item = change.formula
        args = {"opener": item.opener, "closer": item.closer, "other": change.opener,
                "end": _CLOSER[change.opener]}  # fmt: skip
        title = {"opener": change.opener, "closer": _CLOSER[change.opener]}
        repair = Repair(CHANGE, safety, change.edits, "" if safety == "safe" else WHY, title)
        yield Finding(item.start, item.end, HOUSE if change.by_house else MIXED, args, (repair,))


def _changes(formulas: Sequence[Formula], style: str, pair: tuple[str, str]) -> Iterator[_Change]:
    used = Counter(item.opener for item in formulas)
    if style == "any" or (style == "consistent" and len(used) < 2):
        return
    best = max(used, key=lambda opener: used[opener]) if style == "consistent" else pair[style == "bracket"]
    for item in formulas:
        if item.opener != best:
            yield _Change(item, best, style != "consistent")


def _parses_alike(document: Document, changes: Sequence[_Change]) -> bool:
    """Say whether the changed text holds the same formulas, and no dollar sign that could pair with a new one."""
    if any(change.opener[0] == "$" for change in changes) and "$" in document.masked:
        return False
    text = edited(parser.readable(document.text), (edit for change in changes for edit in change.edits))
    before = [(item.tex.strip(), item.display) for item in document.formulas]
    found = [item for item in of_tree(text, parser.parse(text)) if not dollars.are_plain_in(text, item)]
    return before == [(item.tex.strip(), item.display) for item in found]
