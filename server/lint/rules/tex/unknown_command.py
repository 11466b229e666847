"""TEX102."""

import re
from collections.abc import Iterator
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from server.lint import katex
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.rules.tex import _faults
from server.lint.rules.tex._faults import Fault
from server.lint.rules.tex._substitutes import replacements

UNKNOWN = message("KaTeX does not know {command}.")
BARE = message("A brace after \\left or \\right needs a backslash.")
REPLACE = message("Replace with {command}")
REPLACE_ALL = message("Replace the commands KaTeX does not know")
NEAREST = message("The nearest command by spelling.")
_COMMAND = re.compile(r"Undefined control sequence: (\\[A-Za-z]+\*?|\\.)")
_KNOWN = re.compile(r"[\"\'`]\\\\([A-Za-z]{2,})[\"\'`]")


@rule(code="TEX102", name="unknown-command", level="error")
def unknown_command(document: Document, options: Options) -> Iterator[Finding]:
    r"""A formula uses a command KaTeX does not know.

    Misspelt, from a package, or for text only. Where the same thing has another name in KaTeX the fix uses it, for
    all such commands of the formula at once.

    Fix safety: safe when the formula compiles with the replacement; a nearest name by spelling is only shown.

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
            yield Finding(fault.start, fault.end, BARE, repairs=repairs)


def _repairs(fault: Fault, command: str) -> Iterator[Repair]:
    formula = fault.formula
    edits = replacements(formula.tex)
    if edits:
        mended = formula.tex
        for start, end, text in reversed(edits):
            mended = mended[:start] + text + mended[end:]
        verdict = katex.check([(mended, formula.display)])[0]
        # what KaTeX only doubts of shows once the formula compiles: TEX201 and TEX202 would be new
        safe = verdict.kind == "ok" and not verdict.strict and bool(formula.body.pieces)
        placed = tuple((*formula.body.span(start, end), text) for start, end, text in edits)
        title, args = (REPLACE, {"command": edits[0][2].strip()}) if len(edits) == 1 else (REPLACE_ALL, {})
        yield Repair(title, "safe" if safe else "display", placed, args=args)
    elif nearest := _nearest(command):
        yield Repair(REPLACE, "display", ((fault.start, fault.end, nearest),), NEAREST, {"command": nearest})


def _nearest(command: str) -> str:
    found = process.extractOne(command[1:], _commands(), scorer=DamerauLevenshtein.distance, score_cutoff=2)
    close = found is not None and found[1] * 3 <= len(command)
    return f"\\{found[0]}" if found and close else ""


@cache
def _commands() -> tuple[str, ...]:
    """Return KaTeX's own commands: the names its source quotes and its parser accepts."""
    names = sorted(set(_KNOWN.findall((katex.SCRIPTS / "katex.min.js").read_text("utf-8"))))
    verdicts = katex.check([(f"\\{name}", True) for name in names])
    return tuple(
        name for name, verdict in zip(names, verdicts, strict=True) if "Undefined control" not in verdict.message
    )
