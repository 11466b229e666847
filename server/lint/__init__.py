"""The lint engine: one text under one guide gives one report, everywhere the same. Knows no web, database or model."""

import server.lint.rules  # noqa: F401  # before the name `rules` below, which is meant to cover the package
from server.lint.diagnostic import Diagnostic, Edit, Finding, Fix, Repair, registered
from server.lint.document import LintContext
from server.lint.engine import BOTH, ENGINE_VERSION, Report, lint
from server.lint.fixes import Applied, apply_edits, apply_fixes
from server.lint.grammar import warm
from server.lint.guide import Guide, GuideError, load_guide, parse_guide
from server.lint.katex import version as katex_version
from server.lint.registry import Rule, rules
from server.lint.spans import Span
from server.lint.suppressions import strip_suppressions
from server.lint.trial import load_tried, misjudged

__all__ = [
    "BOTH", "ENGINE_VERSION", "Applied", "Diagnostic", "Edit", "Finding", "Fix", "Guide", "GuideError", "LintContext",
    "Repair", "Report", "Rule", "Span", "apply_edits", "apply_fixes", "katex_version", "lint", "load_guide",
    "load_tried", "messages", "misjudged", "parse_guide", "rules", "strip_suppressions", "warm",
]  # fmt: skip


def messages() -> list[str]:
    """Return every text a report can show, as gettext message ids: messages, titles of fixes, titles of rules."""
    rules()
    return registered()
