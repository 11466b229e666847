"""A lint report as its reader should see it: in their language."""

from typing import Any

from fastapi import Request

from server.web import i18n


def report(request: Request, found: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a report whose messages and fix titles are in the request's language."""
    with i18n.speaking(i18n.language_of(request)):
        return found | {"diagnostics": [diagnostic(d) for d in found["diagnostics"]]}


def problem(request: Request, extra: dict[str, Any]) -> dict[str, Any]:
    """Return what a refusal carries, its diagnostics in the request's language."""
    with i18n.speaking(i18n.language_of(request)):
        shown = {"diagnostics": [diagnostic(d) for d in extra["diagnostics"]]} if "diagnostics" in extra else {}
    return extra | shown


def diagnostic(found: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a diagnostic in the language in use."""
    fixes = [_translated(fix, "title") for fix in found["fixes"]]
    return _translated(found, "message") | {"fixes": fixes}


def _translated(shown: dict[str, Any], key: str) -> dict[str, Any]:
    kept = {name: value for name, value in shown.items() if name not in ("template", "args")}
    if "template" in shown and i18n.current() != "en":
        template, args = shown["template"], shown["args"]
        # without values it still says {{ and }} for braces
        kept[key] = i18n.say(template, args) if args else i18n.gettext(template).format()
        kept |= {"why": i18n.gettext(shown["why"])} if shown.get("why") else {}
    return kept
