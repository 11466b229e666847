"""Two texts compared, for the page: words marked, formulas drawn."""

from dataclasses import dataclass

from markupsafe import Markup

from server.answers import diff, words
from server.i18n import gettext
from server.lint import dollars, katex

_DELIMITERS = ("$$", "\\[", "\\(", "$")


@dataclass(frozen=True)
class Comparison:
    """`html` holds the new text with `<ins>` and `<del>`; `added` and `removed` count words."""

    html: Markup
    added: int
    removed: int

    @property
    def is_equal(self) -> bool:
        return self.added == self.removed == 0 and "<ins>" not in self.html and "<del>" not in self.html


def compare(old: str, new: str) -> Comparison:
    """Return what changed from `old` to `new`, in the language in use."""
    segments = diff.between(old, new)
    drawn = _formulas(segments)
    html = diff.render(
        segments,
        inserted=gettext("added:"),
        deleted=gettext("removed:"),
        end=gettext("end of change."),
        formula=drawn.get,
    )
    return Comparison(html, *diff.counts(segments))


def _formulas(segments: list[diff.Segment]) -> dict[str, Markup]:
    """Return every formula of the segments as HTML, by its source; drawn in one call."""
    sources = {piece for s in segments for piece in words.pieces(s.text) if words.is_formula(piece)}
    items = {source: item for source in sorted(sources) if (item := _item(source)) is not None}
    rendered = katex.render(list(items.values()))
    return {
        source: Markup('<span class="formula">{}</span>').format(Markup(done.html))  # noqa: S704  # KaTeX trusts nothing
        for source, done in zip(items, rendered, strict=True)
        if done.html
    }


def _item(source: str) -> katex.Item | None:
    opener = next(mark for mark in _DELIMITERS if source.startswith(mark))
    tex = source[len(opener) : -len(opener)]
    return None if dollars.are_plain(tex, opener) else (tex, opener in ("$$", "\\["))
