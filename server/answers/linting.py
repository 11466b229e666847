"""Lint with a task's own guide and context, remembered so that submitting repeats no work."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

from server import lint
from server.models import Draft, GuideVersion, Task
from server.text import canonical_json, sha256

_KEPT = 64
_reports: OrderedDict[str, dict[str, Any]] = OrderedDict()
_guides: OrderedDict[str, lint.Guide] = OrderedDict()
_lock = Lock()


def report(text: str, version: GuideVersion, task: Task, drafts: Sequence[Draft] = ()) -> dict[str, Any]:
    """Return the lint report of `text` as an answer to `task`, as JSON values. Deterministic for its inputs."""
    context = lint.LintContext(
        prompt=task.prompt,
        reference=task.reference_answer,
        drafts=[draft.text for draft in drafts],
        tags=task.tags,
        language=task.language,
    )
    key = sha256(
        canonical_json(
            [text, version.sha256, task.prompt, task.reference_answer, context.drafts, task.tags, task.language]
        )
    )
    return _remember(_reports, key, lambda: _lint(text, version, context))


def _lint(text: str, version: GuideVersion, context: lint.LintContext) -> dict[str, Any]:
    return lint.lint(text, guide_of(version), context=context).to_dict(translatable=True)


def guide_of(version: GuideVersion) -> lint.Guide:
    """Return the checked guide of a stored version."""
    return _remember(_guides, version.sha256, lambda: lint.parse_guide(version.source, file="guide"))


def _remember(kept: OrderedDict[str, Any], key: str, make: Any) -> Any:
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
