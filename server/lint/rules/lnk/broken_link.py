"""LNK101."""

import re
from collections.abc import Iterator
from html import unescape

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.parser import Node
from server.lint.registry import Options, rule

NOWHERE = message("The link leads nowhere.")
TEXTLESS = message("The link has no text to click on.")
MALFORMED = message("“{url}” is no address.")
STAND_IN = message("“{host}” is a stand-in for a real address.")
APART = message("A space keeps this from being a link.")
JOIN = message("Remove the space")
_HREF = re.compile(r'\b(?:href|src)="([^"]*)"')
_STAND_IN = re.compile(
    r"(?:[\w-]+\.)*(?:example\.(?:com|org|net)|(?:your-?(?:domain|site|website|company))\.\w+)", re.I
)
_HOST = re.compile(r"(?:[^\s@/]*@)?(?P<host>\[[0-9a-f:.]+\]|[^\s/?#:]+)(?::\d{1,5})?(?:[/?#]\S*)?", re.I)
_LABELS = re.compile(
    r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]\.?|(?:\d{1,3}\.){3}\d{1,3}|localhost|\[.*\]"
)
_SLIP = re.compile(
    r"(?<![A-Za-z0-9])(?:https?:/(?![/\s])|https?:(?=www\.)|https?//|https?:\\\\|h?ttps?;//"
    r"|(?!https?://)(?:h[tp]{1,4}s?|ttps?)://|hxxps?://)[^\s<>\u3000-\u30ff\u4e00-\u9fff\uff00-\uff65]+"
)
_NO_ADDRESS = {"url", "link", "website", "your-link", "your-url", "your-link-here", "url-here", "link-here"}
_APART = re.compile(r"(?P<text>\[[^\[\]\n]+\])(?P<gap>[ \t]+)\((?:https?://|www\.)[^()\s]+\)")


@rule(code="LNK101", name="broken-link", level="warning")
def broken_link(document: Document, options: Options) -> Iterator[Finding]:
    """A link is empty, malformed or a stand-in.

    Found are `[text]()`, `[](address)`, addresses such as `http:/x` and `https://a..b`, a space between the two halves
    of a link, and stand-ins such as example.com and `[text](url)`, unless the prompt has them.

    Nothing is fetched: whether the address answers is not known here.

    Bad:
        See [the proof]().
    Bad:
        See http:/goldsmith.test/a.
    Bad:
        See [the site](https://www.example.com/page).
    Good:
        See [the site](https://katex.org/docs) or `https://example.com`.
    Good (prompt: What is example.com for):
        It is [reserved](https://example.com).
    """
    for node in document.links:
        if node.start >= 0 and "footnote" not in node.attributes:
            yield from _in_link(document, node)
    if "//" in document.masked or ":/" in document.masked or ":\\" in document.masked:
        for match in _SLIP.finditer(document.masked):
            yield Finding(match.start(), match.end(), MALFORMED, {"url": match.group()})
    if "](" not in document.text and "] " not in document.text:
        return
    for match in _APART.finditer(document.text):
        start, end = match.span("gap")
        if document.masked[match.start()] == "[":
            yield Finding(*match.span(), APART, repairs=(Repair(JOIN, "unsafe", ((start, end, ""),)),))


def _in_link(document: Document, node: Node) -> Iterator[Finding]:
    found = _HREF.search(node.attributes)
    url = unescape(found[1]) if found else ""
    start, end = node.start, node.end
    if not url:
        yield Finding(start, end, NOWHERE)
        return
    if node.tag == "a" and document.text.startswith("[]", start):
        yield Finding(start, end, TEXTLESS)
    if _SLIP.match(url):
        yield Finding(start, end, MALFORMED, {"url": url})
        return
    if url.lower() in _NO_ADDRESS and url not in document.context.prompt:
        yield Finding(start, end, STAND_IN, {"host": url})
        return
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return
    match = _HOST.fullmatch(rest)
    host = match["host"] if match else ""
    if not _LABELS.fullmatch(host) and "%" not in host:
        yield Finding(start, end, MALFORMED, {"url": url})
    elif _STAND_IN.fullmatch(host) and host not in document.context.prompt:
        yield Finding(start, end, STAND_IN, {"host": host})
