"""The rules a guide states itself, under `lint: style:`: where their pages are, and what the guide says in them."""

from collections.abc import Iterable, Iterator
from typing import Any

from server import lint
from server.guides.queries import Entry
from server.lint.diagnostic import Safety
from server.lint.phrases.schema import Common
from server.models import GuideVersion

# shown on a rule's page by other means than the list of terms
_APART = {"code", "name", "level", "doc", "bad", "good", "status"}


def of(guide: lint.Guide) -> Iterator[tuple[lint.Rule, Common]]:
    """Yield a guide's own rules, each with what the guide says of it."""
    yield from zip(guide.lint.house, guide.lint.style, strict=True)


def address(code: str, version: GuideVersion) -> str:
    """Return where the page of a rule is that speaks under this version of a guide."""
    if code in lint.rules() or code not in codes(version):
        return f"/rules/{code}"
    return f"/guides/{version.content['guide']}/versions/{version.number}/rules/{code}"


def codes(version: GuideVersion) -> list[str]:
    """Return the codes of a version's own rules."""
    return [each["code"] for each in (version.content.get("lint") or {}).get("style", ())]


def guides(entries: Iterable[Entry], code: str) -> list[Entry]:
    """Return the guides among `entries` whose newest version has a rule of its own with this code."""
    return [entry for entry in entries if code in codes(entry.version)]


def safety(phrase: Common) -> Safety | None:
    """Return how safe the fix of a phrase rule is; None where it offers none."""
    match phrase.extends:  # type: ignore[attr-defined]  # every verb has it
        case "consistency":
            return "unsafe"
        case "substitution":
            return phrase.safety  # type: ignore[attr-defined, no-any-return]
    fix = getattr(phrase, "fix", None)
    return fix.safety if fix else None


def terms(phrase: Common) -> list[tuple[str, list[str]]]:
    """Return what the guide sets in a rule: [(key, values)], as in the YAML, without what is left at its default."""
    shown = phrase.model_dump(mode="json", exclude_defaults=True, exclude=_APART)
    return [(key, _values(value)) for key, value in sorted(shown.items(), key=lambda pair: pair[0] != "extends")]


def _values(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{left} → {right}" if right != "" else f"{left} →" for left, right in value.items()]
    if isinstance(value, list):
        return [str(item) for item in value]
    return [str(value).lower() if isinstance(value, bool) else str(value)]
