"""What is wrong with a formula KaTeX refuses: which rule it belongs to, and where it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from server.lint.document import Document
from server.lint.formulas import Formula
from server.lint.katex import Verdict
from server.lint.rules.tex import _brackets

_KINDS = (
    ("TEX107", re.compile(r"Undefined control sequence: \\(?:multicolumn|cline|multirow)\b")),
    ("TEX102", re.compile(r"Undefined control sequence")),
    ("TEX103", re.compile(r"No such environment")),
    ("TEX104", re.compile(r"only in display")),
    ("TEX106", re.compile(r"Double (?:sub|super)script")),
    ("TEX107", re.compile(r"got '&'|got '\\\\\\\\'|Unknown column alignment|Too many tab|\\hline valid")),
    ("TEX108", re.compile(r"Too many expansions|command|\\(?:def|newcommand|renewcommand|gdef|let)\b")),
)
_BARE_LEFT = re.compile(r"\\(?:left|right)\s*[{}]")
_NAMED = re.compile(r"Undefined control sequence: (\S+)|got '([^']+)'")


@dataclass(frozen=True, slots=True)
class Fault:
    """One formula of `source` KaTeX refuses. `start:end` are code points of it, as exact as KaTeX was."""

    source: str
    formula: Formula
    verdict: Verdict
    start: int
    end: int

    @property
    def message(self) -> str:
        return self.verdict.message


@lru_cache(4096)
def code_of(tex: str, text: str) -> str:
    """Return the code of the rule that explains KaTeX's message `text` about `tex`."""
    if _BARE_LEFT.search(tex):
        return "TEX102"
    for code, pattern in _KINDS:
        if pattern.search(text):
            return code
    return "TEX105" if _brackets.imbalances(tex) else "TEX101"


def faults(document: Document, code: str) -> Iterator[Fault]:
    """Yield the refused formulas that rule `code` explains."""
    for formula, verdict in document.once("faults by code", _by_code).get(code, ()):
        yield Fault(document.text, formula, verdict, *_place(formula, verdict))


def _by_code(document: Document) -> dict[str, list[tuple[Formula, Verdict]]]:
    found: dict[str, list[tuple[Formula, Verdict]]] = {}
    for formula, verdict in document.judged():
        if verdict.kind == "parse":
            found.setdefault(code_of(formula.tex, verdict.message), []).append((formula, verdict))
    return found


def _place(formula: Formula, verdict: Verdict) -> tuple[int, int]:
    """Return the source span of the error: the whole formula when KaTeX names none, or one inside a macro's body."""
    start, end = verdict.start, verdict.end
    if start is None or end is None or not formula.tex.strip():
        return formula.start, formula.end
    if start >= len(formula.tex):
        last = len(formula.tex.rstrip())
        return formula.body.span(last - 1, last)
    named = _NAMED.search(verdict.message)
    said = named and (named.group(1) or named.group(2))
    if said and said != "EOF" and not formula.tex.startswith(said, start):
        return formula.start, formula.end
    width = len(formula.tex[start:end].rstrip())  # KaTeX counts the blank after a command as part of it
    return formula.body.span(start, start + max(width, 1))
