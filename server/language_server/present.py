"""Findings as an editor takes them."""

from lsprotocol import types

from server.language_server.positions import Positions
from server.lint import Diagnostic, rules

SOURCE = "goldsmith"
SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}


def diagnostic(finding: Diagnostic, places: Positions, site: str = "") -> types.Diagnostic:
    """Return a finding, told in the reader's words, in the editor's terms.

    `site` is the address of a server that shows the rule's page, if any.
    """
    shown = bool(site) and finding.code in rules()
    return types.Diagnostic(
        places.range(*finding.span.codepoints),
        finding.message,
        SEVERITIES[finding.level],
        finding.code,
        types.CodeDescription(f"{site}{finding.doc_url}") if shown else None,
        SOURCE,
        data={"fingerprint": finding.fingerprint},
    )
