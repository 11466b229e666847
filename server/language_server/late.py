"""What the second tier found about an earlier text, kept in place until it has read the present one: no flicker."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from server.language_server.edits import Moves
from server.lint import Diagnostic, Edit, Span
from server.lint.spans import Pair, TextMap


@dataclass(frozen=True, slots=True)
class Late:
    """The findings that only the second tier brought, and the text they were found in."""

    text: str = ""
    findings: tuple[Diagnostic, ...] = ()

    def standing(self, places: TextMap) -> Iterator[Diagnostic]:
        """Yield the findings whose words were not touched since, where they stand in the text of `places` now."""
        moves = Moves(self.text, places.text) if self.findings else None
        for finding in self.findings:
            by = moves.of(*_reach(finding)) if moves else None
            if by is not None:
                yield _moved(finding, places, by)


def _reach(finding: Diagnostic) -> Pair:
    """Return the stretch that a finding and its fixes are about."""
    spans = [finding.span, *(edit.span for fix in finding.fixes for edit in fix.edits)]
    return min(span.codepoints[0] for span in spans), max(span.codepoints[1] for span in spans)


def _moved(finding: Diagnostic, places: TextMap, by: int) -> Diagnostic:
    def span(old: Span) -> Span:
        return places.span(old.codepoints[0] + by, old.codepoints[1] + by)

    fixes = tuple(
        replace(fix, edits=tuple(Edit(span(edit.span), edit.text) for edit in fix.edits)) for fix in finding.fixes
    )
    place = span(finding.span)
    line, column = places.line_column(place.codepoints[0])
    return replace(finding, span=place, line=line, column=column, fixes=fixes)
