"""TEX102."""

import re
from collections.abc import Iterator
from dataclasses import replace

from server.lint import dollars, katex
from server.lint.diagnostic import Finding, Repair, Safety, message
from server.lint.document import Document
from server.lint.formulas import Formula
from server.lint.registry import Options, rule
from server.lint.rules.tex import _faults, _nearest, _sound
from server.lint.rules.tex._faults import Fault
from server.lint.rules.tex._substitutes import Edit, names, replacements
from server.lint.spans import edited

UNKNOWN = message("KaTeX does not know {command}.")
BARE = message("A brace after \\left or \\right needs a backslash.")
REPLACE = message("Replace with {command}")
REPLACE_ALL = message("Replace the commands KaTeX does not know")
REMOVE = message("Remove {command}")
NEAREST = message("The nearest command by spelling.")
NO_GLYPH = message("KaTeX's fonts lack the sign; another font will show it.")
MORE = message("The formula compiles then, but something else is wrong with it.")
_COMMAND = re.compile(r"Undefined control sequence: (\\[A-Za-z]+\*?|\\.)")
_BARE = re.compile(r"\\(?:left|right)\s*[{}]")


@rule(code="TEX102", name="unknown-command", level="error")
def unknown_command(document: Document, options: Options) -> Iterator[Finding]:
    r"""A formula uses a command KaTeX does not know.

    Misspelt, from a package, or for text only. Where the same thing has another name in KaTeX the fix uses it, for
    all such commands of the formula at once.

    Fix safety: safe when the formula compiles with the replacement and KaTeX has no doubt about it; unsafe where only
    the sign comes from another font or another rule then speaks; else, as for a nearest name by spelling, it is only
    shown.

    Bad:
        $a \textless b$
    Bad:
        $\frca{1}{2}$
    Bad:
        $\left{ x \right}$
    Good:
        $a < b$, $\frac{1}{2}$, $\left\{ x \right\}$
    """
    for fault in _faults.faults(document, "TEX102"):
        named = _COMMAND.search(fault.message)
        repairs = tuple(_repairs(fault, named.group(1) if named else ""))
        if named:
            yield Finding(fault.start, fault.end, UNKNOWN, {"command": named.group(1)}, repairs)
        else:
            bare = _BARE.search(fault.formula.tex)
            span = fault.formula.body.span(*bare.span()) if bare else (fault.start, fault.end)
            yield Finding(*span, BARE, repairs=repairs)


def _repairs(fault: Fault, command: str) -> Iterator[Repair]:
    formula = fault.formula
    edits = [(start, end, _in_place(formula, end, text)) for start, end, text in replacements(formula.tex)]
    if edits and (not command or command[1:] in names()):
        placed = tuple((*formula.body.span(start, end), text) for start, end, text in edits)
        title, args = _title(formula.tex, edits)
        safety, why = _safety(fault, edits)
        yield Repair(title, safety, placed, why, args)
    elif nearest := _nearest.to(command):
        yield Repair(REPLACE, "display", ((fault.start, fault.end, nearest),), NEAREST, {"command": nearest})


def _in_place(formula: Formula, end: int, text: str) -> str:
    """A bar would end the cell of a table."""
    if not formula.in_table or text != "|":
        return text
    return "\\vert " if formula.tex[end : end + 1].isalpha() else "\\vert"


def _title(tex: str, edits: list[Edit]) -> tuple[str, dict[str, str]]:
    if len(edits) > 1:
        return REPLACE_ALL, {}
    start, end, text = edits[0]
    return (REPLACE, {"command": text.strip()}) if text else (REMOVE, {"command": tex[start:end].strip()})


def _safety(fault: Fault, edits: list[Edit]) -> tuple[Safety, str]:
    """Say `safe` where the formula compiles with the edits; `unsafe`, and why, where a sign then comes from another
    font, or something else is then wrong with it."""
    formula, mended = fault.formula, edited(fault.formula.tex, edits)
    verdict = katex.check([(mended, formula.display)])[0]
    if verdict.kind != "ok" or not formula.body.pieces:
        return "display", ""
    if not verdict.strict:
        plain = dollars.are_plain_in(fault.source, replace(formula, tex=mended))
        other = plain or not _sound.is_sound(mended, formula.display)
        return ("unsafe", MORE) if other else ("safe", "")
    foreign = any(not text.isascii() for _, _, text in edits)
    if foreign and all(code == "unknownSymbol" for code, _, _ in verdict.strict):
        return "unsafe", NO_GLYPH
    return "display", ""
