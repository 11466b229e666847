"""A version's lint report as a reviewer reads it: by level, repeats folded, each waiver beside what it excuses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_ORDER = {"error": 0, "warning": 1, "info": 2}


@dataclass
class Finding:
    """One sentence of the report; `lines` are where it stands, `waivers` the reasons given: {code, reason, by}."""

    code: str
    level: str
    message: str
    doc_url: str
    lines: list[int] = field(default_factory=list)
    waivers: list[dict[str, Any]] = field(default_factory=list)


def fold(diagnostics: Sequence[dict[str, Any]], waivers: Sequence[dict[str, Any]]) -> list[Finding]:
    """Return the findings, errors first. Equal sentences are one finding unless some of them are waived."""
    reasons = {waiver["fingerprint"]: waiver for waiver in waivers}
    found: dict[tuple[str, str, str], Finding] = {}
    for each in sorted(diagnostics, key=lambda d: (_ORDER.get(d["level"], 3), d["line"])):
        waiver = reasons.get(each["fingerprint"])
        key = (each["code"], each["message"], waiver["reason"] if waiver else "")
        one = found.setdefault(key, Finding(each["code"], each["level"], each["message"], each["doc_url"]))
        one.lines.append(each["line"])
        if waiver and waiver not in one.waivers:
            one.waivers.append(waiver)
    return list(found.values())
