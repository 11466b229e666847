"""A rule as one page of Markdown: what `goldsmith rules CODE` prints and the documents hold."""

import re
from collections.abc import Iterator, Sequence

from server import lint
from server.guides import rule_help
from server.guides.rule_help import Piece

TIERS = {"first": "within a keystroke (first tier)", "second": "a moment later (second tier)"}
_LEAD = re.compile(r"^(How to mend|Fix safety):", re.MULTILINE)
_SIGNS = re.compile(r"[\\`*_<>\[\]$&]")
_TICKS = re.compile(r"`+")


def markdown(rule: lint.Rule) -> str:
    """Return the page of a rule."""
    return "\n\n".join(_sections(rule)) + "\n"


def _sections(rule: lint.Rule) -> Iterator[str]:
    yield f"# {rule.code} {rule.name}"
    yield f"**{rule.title}.**"
    yield _facts(rule)
    pieces = rule_help.pieces(rule.help)
    yield from (_LEAD.sub(r"**\1:**", piece.text) for piece in pieces if piece.kind == "text")
    if fixes := rule_help.fixes(rule.code):
        yield "## Fixes"
        mends = [(_plain(fix.title), rule_help.SAFETIES[fix.safety]) for fix in fixes]
        yield _table(("fix", "how it may be made"), mends)
    if options := rule_help.options(rule):
        yield "## Options"
        rows = [
            (_code(o.name), _code(o.takes), _code(o.default) if o.default else "nothing", o.meaning) for o in options
        ]
        yield _table(("option", "takes", "unless set", "meaning"), rows)
    yield "## Examples"
    yield from (_example(piece) for piece in pieces if piece.kind != "text")


def _facts(rule: lint.Rule) -> str:
    force = "yes: in force unless a guide turns it off" if rule.standard else "no: in force where a guide asks for it"
    name = f"{_code(rule.name)}, which reads after “allow …”"
    rows = [("code", _code(rule.code)), ("name", name), ("level", rule.level), ("when", TIERS[rule.tier])]
    return _table(("", ""), [*rows, ("recommended", force)])


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _plain(text: str) -> str:
    """Return words that Markdown shows as they are; the bars are for the table to escape."""
    return _SIGNS.sub(r"\\\g<0>", text)


def _code(text: str) -> str:
    """Return a code span that nothing inside can end."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    ticks = "`" * (longest + 1)
    return f"{ticks} {text} {ticks}" if longest else f"`{text}`"


def _example(piece: Piece) -> str:
    """Return an example in a fence longer than any inside it."""
    said = "It finds" if piece.kind == "bad" else "It passes"
    given = f", given {_code(piece.given)}" if piece.given else ""
    fence = "`" * max(3, *(len(run) + 1 for run in _TICKS.findall(piece.text)), 3)
    return f"{said}{given}:\n\n{fence}md\n{piece.text}\n{fence}"
