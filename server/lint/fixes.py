"""Applying fixes: whole fixes, never overlapping ones in a pass, passes until nothing changes."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from server.lint.diagnostic import Fix, Safety
from server.lint.engine import Report

PASSES = 10


@dataclass(frozen=True, slots=True)
class Applied:
    """The mended text and how many fixes it took; `stable` is false when fixes undid one another."""

    text: str
    count: int
    stable: bool = True


def apply_edits(text: str, fix: Fix) -> str:
    """Return `text` with all edits of one fix made."""
    for edit in sorted(fix.edits, key=lambda edit: edit.span.codepoints, reverse=True):
        start, end = edit.span.codepoints
        text = text[:start] + edit.text + text[end:]
    return text


def apply_fixes(text: str, check: Callable[[str], Report], safeties: Sequence[Safety] = ("safe",)) -> Applied:
    """Mend `text` with every fix of the given safeties. `check` lints a text; it is asked again after each pass.

    What is safe must also prove so: of the safe fixes those are left out that would add a diagnostic in this text.
    """
    seen, total, report = {text}, 0, check(text)
    for _ in range(PASSES):
        chosen = list(_compatible(report, safeties))
        if not chosen:
            return Applied(text, total)
        mended, after = _mended(text, chosen, check)
        if set(safeties) == {"safe"} and _adds(report, after):
            chosen = _harmless(text, chosen, report, check)
            mended, after = _mended(text, chosen, check)
        text, report = mended, after
        total += len(chosen)
        if text in seen:
            return Applied(text, total, stable=not chosen)
        seen.add(text)
    return Applied(text, total, stable=False)


def _mended(text: str, chosen: Sequence[Fix], check: Callable[[str], Report]) -> tuple[str, Report]:
    mended = apply_edits(text, Fix("", "safe", tuple(edit for fix in chosen for edit in fix.edits)))
    return mended, check(mended)


def _adds(before: Report, after: Report) -> bool:
    """Say whether a code is found more often than before."""
    return bool(Counter(item.code for item in after.diagnostics) - Counter(item.code for item in before.diagnostics))


def _harmless(text: str, chosen: Sequence[Fix], report: Report, check: Callable[[str], Report]) -> list[Fix]:
    kept: list[Fix] = []
    for fix in chosen:
        if not _adds(report, _mended(text, [*kept, fix], check)[1]):
            kept.append(fix)
    return kept


def _compatible(report: Report, safeties: Sequence[Safety]) -> Iterable[Fix]:
    taken: list[tuple[int, int]] = []
    for diagnostic in report.diagnostics:
        fix = next((fix for fix in diagnostic.fixes if fix.safety in safeties), None)
        spans = [edit.span.codepoints for edit in fix.edits] if fix else []
        if fix and not any(_touch(span, other) for span in spans for other in taken):
            taken.extend(spans)
            yield fix


def _touch(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
