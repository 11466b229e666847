"""A lint report as its reader should see it: in their language, each finding with the page of its very rule."""

from typing import Any

from fastapi import Request

from server import i18n
from server.guides import house_rules
from server.models import GuideVersion
from server.web import languages


def shown(request: Request, holder: dict[str, Any], version: GuideVersion) -> dict[str, Any]:
    """Return a copy of what holds `diagnostics`, a report or a refusal, made under `version`, for this reader."""
    if "diagnostics" not in holder:
        return holder
    with i18n.speaking(languages.of(request)):
        return holder | {"diagnostics": [_diagnostic(found, version) for found in holder["diagnostics"]]}


def _diagnostic(found: dict[str, Any], version: GuideVersion) -> dict[str, Any]:
    fixes = [_translated(fix, "title") for fix in found["fixes"]]
    address = house_rules.address(found["code"], version)
    return _translated(found, "message") | {"fixes": fixes, "doc_url": address}


def _translated(shown: dict[str, Any], key: str) -> dict[str, Any]:
    kept = {name: value for name, value in shown.items() if name not in ("template", "args")}
    if "template" in shown and i18n.current() != "en":
        kept[key] = i18n.fill(shown["template"], shown["args"])
        kept |= {"why": i18n.gettext(shown["why"])} if shown.get("why") else {}
    return kept
