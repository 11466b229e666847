"""Lint with a task's own guide and context, remembered so that submitting repeats no work."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, TypeVar

from server import lint
from server.lint import LintContext
from server.models import Draft, GuideVersion, Task
from server.text import canonical_json, sha256

T = TypeVar("T")
_KEPT = 64
_reports: OrderedDict[str, dict[str, Any]] = OrderedDict()
_guides: OrderedDict[str, lint.Guide] = OrderedDict()
_lock = Lock()


def context_of(task: Task, drafts: Sequence[Draft] = ()) -> LintContext:
    """Return what rules may know besides the text."""
    return LintContext(
        prompt=task.prompt,
        reference=task.reference_answer or "",
        drafts=tuple(draft.text for draft in drafts),
        tags=tuple(task.tags),
        language=task.language,
    )


def report(text: str, version: GuideVersion, context: LintContext) -> dict[str, Any]:
    """Return the lint report of `text` as JSON values, with what translates it. Deterministic for its inputs."""
    around = [context.prompt, context.reference, list(context.drafts), list(context.tags), context.language]
    key = sha256(canonical_json([text, version.sha256, *around]))
    return _remember(_reports, key, lambda: lint.lint(text, guide_of(version), context).to_dict(translatable=True))


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
