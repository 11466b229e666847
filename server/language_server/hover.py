"""The page of a rule beside the finding it made, in Markdown."""

import re
from collections.abc import Iterable, Iterator

from server.lint import Diagnostic, Fix, Guide, Rule, rules
from server.lint.rule_page import Piece, pieces
from server.text import message

_MARKS = re.compile(r"([\\`*_{}\]<>#|~$&!])")
_TICKS = re.compile("`+")
_HEADINGS = {"bad": message("It finds"), "good": message("It passes")}
_SAFETIES = {"safe": message("Safe fix"), "unsafe": message("Fix to look at"), "display": message("Hint")}


def page(findings: Iterable[Diagnostic], text: str, guide: Guide) -> str:
    """Return what is known of some findings in `text`, one under the other."""
    house = {rule.code: rule for rule in guide.lint.house}
    known = {**rules(), **house}
    return "\n\n---\n\n".join("\n\n".join(_parts(each, text, known[each.code])) for each in findings)


def _parts(finding: Diagnostic, text: str, rule: Rule) -> Iterator[str]:
    yield f"**{rule.code}** {rule.name} ({finding.level})"
    yield literal(finding.message)
    yield from (_fix(fix, text) for fix in finding.fixes)
    yield f"**{literal(rule.title)}**"
    yield from map(_piece, pieces(rule.help))


def _fix(fix: Fix, text: str) -> str:
    words = [f"*{_SAFETIES[fix.safety]}:* {literal(fix.title)}"]
    if fix.why:
        words.append(literal(fix.why))
    if fix.safety == "display":
        words += [_change(text[slice(*edit.span.codepoints)], edit.text) for edit in fix.edits]
    return "  \n".join(words)


def _change(old: str, new: str) -> str:
    return " → ".join(code(words) if words else "∅" for words in (old, new))


def _piece(piece: Piece) -> str:
    if piece.kind == "text":
        return piece.text
    given = f" ({piece.given})" if piece.given else ""
    return f"*{_HEADINGS[piece.kind]}*{given}\n{fenced(piece.text)}"


def fenced(text: str) -> str:
    """Return `text` as a code block that nothing in it can close."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}markdown\n{text}\n{fence}"


def code(text: str) -> str:
    """Return `text` as code inside a line, its line ends shown."""
    fence = "`" * (_longest_run(text) + 1)
    return f"{fence} {text} {fence}".replace("\n", "⏎")


def _longest_run(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)


def literal(text: str) -> str:
    """Return `text` so that Markdown shows it as it is."""
    return _MARKS.sub(r"\\\1", text)
