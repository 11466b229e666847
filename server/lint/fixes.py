"""Applying fixes: whole fixes, never overlapping ones in a pass, passes until nothing changes."""

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from server.lint.diagnostic import Fix, Safety
from server.lint.engine import Report
from server.lint.spans import edited

PASSES = 10


@dataclass(frozen=True, slots=True)
class Applied:
    """The mended text and how many fixes it took; `stable` is false when fixes undid one another."""

    text: str
    count: int
    stable: bool = True


def apply_edits(text: str, fix: Fix) -> str:
    """Return `text` with all edits of one fix made."""
    return edited(text, ((*edit.span.codepoints, edit.text) for edit in fix.edits))


def apply_fixes(text: str, check: Callable[[str], Report], safeties: Sequence[Safety] = ("safe",)) -> Applied:
    """Mend `text` with every fix of the given safeties. `check` lints a text; it is asked again after each pass.

    What is safe must also prove so: of the safe fixes those are left out that would add a diagnostic in this text. No
    fix empties a text.
    """
    seen, total, report = {text}, 0, check(text)
    for _ in range(PASSES):
        chosen = list(_compatible(report, safeties))
        if not chosen:
            return Applied(text, total)
        mended, after = _mended(text, chosen, check)
        if set(safeties) == {"safe"} and _adds(report, after):
            chosen = list(_harmless(text, chosen, report, check))
            mended, after = _mended(text, chosen, check)
        if text.strip() and not mended.strip():
            return Applied(text, total)
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


def _harmless(
    text: str, chosen: Sequence[Fix], report: Report, check: Callable[[str], Report], kept: Sequence[Fix] = ()
) -> Sequence[Fix]:
    """Return `kept` with those of the `chosen` that add nothing, found by halves: few do add something."""
    whole = [*kept, *chosen]
    if not _adds(report, _mended(text, whole, check)[1]):
        return whole
    if len(chosen) == 1:
        return kept
    half = len(chosen) // 2
    kept = _harmless(text, chosen[:half], report, check, kept)
    return _harmless(text, chosen[half:], report, check, kept)


def _compatible(report: Report, safeties: Sequence[Safety]) -> Iterable[Fix]:
    """Yield the first fix of each diagnostic that stands apart from those before it; the safe ones come first."""
    taken: list[tuple[int, int]] = []
    first = (next((fix for fix in item.fixes if fix.safety in safeties), None) for item in report.diagnostics)
    for fix in sorted(filter(None, first), key=lambda fix: safeties.index(fix.safety)):
        spans = [edit.span.codepoints for edit in fix.edits]
        if not any(_touches(span, taken) for span in spans):
            for span in spans:
                insort(taken, span)
            yield fix


def _touches(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    """Say whether `span` meets one of `taken`, which stand in order and apart."""
    at = bisect_right(taken, span[1], key=lambda each: each[0]) - 1
    return at >= 0 and taken[at][1] >= span[0]
