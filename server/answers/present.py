"""A lint report as its reader should see it: in their language."""

from typing import Any

from fastapi import Request

from server.web import i18n


def report(request: Request, found: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a report whose messages and fix titles are in the request's language."""
    with i18n.speaking(i18n.language_of(request)):
        return found | {"diagnostics": [diagnostic(d) for d in found["diagnostics"]]}


def diagnostic(found: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of a diagnostic in the language in use."""
    fixes = [fix | {"title": i18n.gettext(fix["title"])} for fix in found["fixes"]]
    return found | {"message": _sentence(found), "fixes": fixes}


def _sentence(found: dict[str, Any]) -> str:
    template = found.get("template")
    if not template or i18n.current() == "en":
        return str(found["message"])
    return i18n.gettext(template).format(**found.get("args", {}))
