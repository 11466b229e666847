"""Markdown of writers and models, as harmless HTML: the parser, the delimiters and the KaTeX that lint uses."""

import re
import zlib
from functools import lru_cache
from html import escape, unescape

import nh3
from markupsafe import Markup

from server import i18n
from server.lint import dollars, katex, parser, suppressions

_MATH = re.compile(r'<span data-math-style="(inline|display)">([^<]*)</span>')
_PLACE = re.compile(_MATH.pattern + r"([,.;:!?)\]，。、；：！？）】》」』”’]{0,3})")
_IMAGE = re.compile(r"<img ([^>]*)>")
_ATTRIBUTE = re.compile(r'(src|alt)="([^"]*)"')
_FOOTNOTE = re.compile(r'(?P<before> (?:id|href)="#?)(?P<name>fn(?:ref)?-[^"]*)"')
_TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "input", "li", "ol", "p",
    "pre", "section", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "title", "class"},
    "code": {"class"},
    "span": {"data-math-style"},
    "input": {"type", "checked", "disabled"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
    "section": {"class"},
    "sup": {"class"},
}
_SCHEMES = {"http", "https", "mailto"}


def render(text: str) -> Markup:
    """Return `text` as HTML that holds no script, style, form or picture of its author's making.

    Formulas are KaTeX's; one that fails shows its source with the error as its title. Raw HTML shows as text. Pictures
    become links: a page that fetched them would tell strangers who reads it. A text with more marks than anyone would
    write is shown as it was written.
    """
    return _rendered(text, i18n.current())


@lru_cache(512)
def _rendered(text: str, _language: str) -> Markup:
    text = suppressions.strip_suppressions(text)
    try:
        html = parser.to_html(text)
    except parser.Unreadable as error:
        return _unread(text, str(error))
    html = _FOOTNOTE.sub(rf'\g<before>n{_mark(text)}-\g<name>"', html)
    html = _IMAGE.sub(_linked, html)
    html = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer nofollow"
    )
    return Markup(_with_formulas(html, text))  # noqa: S704  # cleaned just above; KaTeX trusts nothing


def _unread(text: str, reason: str) -> Markup:
    said = i18n.gettext("This text is shown as it was written: {reason}.").format(reason=i18n.gettext(reason))
    return Markup(f"<p>{escape(said)}</p><pre><code>{escape(text)}</code></pre>")  # noqa: S704  # escaped just here


def excerpt(text: str, length: int = 160) -> str:
    """Return the first words of `text` as plain prose: no marks, formulas as their source, cut at `length`."""
    try:
        html = parser.to_html(text[: length * 8])
    except parser.Unreadable:
        html = escape(text[: length * 8])
    plain = " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
    plain = re.sub(r" (?=[.,;:!?，。；：！？])", "", plain)
    return plain if len(plain) <= length else plain[: length - 1].rstrip() + "…"


def _mark(text: str) -> str:
    """Return a mark that keeps the footnotes of several texts on one page apart; equal texts may share it."""
    return format(zlib.crc32(text.encode("utf-8", "replace")), "08x")


def _linked(match: re.Match[str]) -> str:
    found = dict(_ATTRIBUTE.findall(match.group(1)))
    return f'<a class="image" href="{found.get("src", "")}">{found.get("alt") or found.get("src", "")}</a>'


def _with_formulas(html: str, text: str) -> str:
    items = [(unescape(source), style == "display") for style, source in _MATH.findall(html)]
    if not items:
        return html
    amounts = dollars.plain(text, [tex for tex, _ in items])
    rendered = iter(zip(items, katex.render(items), amounts, strict=True))
    return _PLACE.sub(lambda match: _joined(_formula(*next(rendered)), match.group(1), match.group(3)), html)


def _joined(formula: str, style: str, after: str) -> str:
    """Keep the punctuation after a formula on its line: browsers break there, even before a full stop."""
    is_drawn = style == "inline" and formula.startswith("<")
    return f'<span class="unbroken">{formula}{after}</span>' if after and is_drawn else formula + after


def _formula(item: katex.Item, done: katex.Rendered, is_amount: bool) -> str:
    tex, display = item
    if is_amount:
        mark = "$$" if display else "$"
        return f"{mark}{escape(tex)}{mark}"
    if done.html:
        return f'<span class="formula {"display" if display else "inline"}">{done.html}</span>'
    said = i18n.say("{reason}", {"reason": done.error})
    return f'<code class="formula-error" title="{escape(said)}">{escape(tex)}</code>'
