"""Lint with a task's own guide and context, remembered so that submitting repeats no work."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from time import monotonic
from typing import Any, Literal, TypeVar

from server import lint
from server.config import settings
from server.errors import TooLarge
from server.lint import LintContext
from server.models import Draft, GuideVersion, Task
from server.text import canonical_json, normalise, sha256

T = TypeVar("T")
Tiers = Sequence[Literal["first", "second"]]
FIRST: Tiers = ("first",)
SECONDS = 3.0  # how long a submission waits for the second tier
_KEPT = 64
_LATE_IS_NEWS = 5.0  # for so long a report that came without all its advice is not asked for again
_reports: OrderedDict[str, dict[str, Any]] = OrderedDict()
_late: OrderedDict[str, float] = OrderedDict()
_guides: OrderedDict[str, lint.Guide] = OrderedDict()
_lock = Lock()


def context_of(task: Task, drafts: Sequence[Draft] = ()) -> LintContext:
    """Return what rules may know besides the text: of the reference only what the writer may see too."""
    return LintContext(
        prompt=task.prompt,
        reference=(task.reference_answer or "") if task.project.show_reference else "",
        drafts=tuple(draft.text for draft in drafts),
        tags=tuple(task.tags),
        language=task.language,
    )


def fitting(text: str) -> str:
    """Return `text` normalised. Raises TooLarge beyond the longest answer: no rule is asked to read more."""
    if len(text) > settings().max_text:
        raise TooLarge(
            "This text has {count} characters; at most {limit} fit.", count=len(text), limit=settings().max_text
        )
    return normalise(text)


def report(
    text: str, version: GuideVersion, context: LintContext, *, tiers: Tiers = FIRST, seconds: float = SECONDS
) -> dict[str, Any]:
    """Return the lint report of `text` as JSON values, with what translates it. Deterministic for its inputs.

    With the second tier it takes up to `seconds`; what came too late is said in the report (SUP900), which is then
    made anew the next time it is asked for, a moment later.
    """
    around = [context.prompt, context.reference, list(context.drafts), list(context.tags), context.language]
    key = sha256(canonical_json([text, version.sha256, *around, *tiers]))
    _forget_late(key)

    def make() -> dict[str, Any]:
        made = lint.lint(text, guide_of(version), context, tiers=tiers, directives=False, seconds=seconds)
        if "second" in tiers and any(item.code == "SUP900" for item in made.diagnostics):
            _remember(_late, key, monotonic)
        return made.to_dict(translatable=True)

    return _remember(_reports, key, make)


def later(report: dict[str, Any]) -> list[str]:
    """Return the fingerprints of what the second tier found."""
    second = {rule.code for rule in lint.rules().values() if rule.tier == "second"}
    return [found["fingerprint"] for found in report["diagnostics"] if found["code"] in second]


def _forget_late(key: str) -> None:
    with _lock:
        if key in _late and monotonic() - _late[key] > _LATE_IS_NEWS:
            del _late[key]
            _reports.pop(key, None)


def guide_of(version: GuideVersion) -> lint.Guide:
    """Return the checked guide of a stored version."""
    return _remember(_guides, version.sha256, lambda: lint.parse_guide(version.source, file="guide"))


def _remember(kept: "OrderedDict[str, T]", key: str, make: Callable[[], T]) -> T:
    with _lock:
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    made = make()
    with _lock:
        kept[key] = made
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return made
