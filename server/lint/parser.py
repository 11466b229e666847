"""The one adapter around comrak: Markdown to HTML, and to a list of located nodes.

Lint, preview and report render through here, so all agree on what is a formula.
Raw HTML is escaped, never passed on: no text can imitate the tags read back below.
"""

import re
from dataclasses import dataclass, field
from html import unescape

import comrak

from server.lint.spans import LINE_END

_EXTENSIONS = ("math_dollars", "math_latex", "table", "strikethrough", "autolink", "tasklist", "footnotes",
               "cjk_friendly_emphasis")  # fmt: skip
_TAG = re.compile(
    r'<(/?)([a-z][a-z0-9]*)((?:[^>]*?data-sourcepos="(\d+):(\d+)-(\d+):(\d+)")?[^>]*)>'
)  # one pattern for tag and place: this loop is half the cost of reading a text
_VOID = frozenset(("br", "hr", "img", "input"))
_LONE_RETURN = re.compile(r"\r(?!\n)")
_UNPARSEABLE = re.compile("[\x00\ud800-\udfff]")
BLOCKS = frozenset(("p", "ul", "ol", "li", "pre", "blockquote", "table", "thead", "tbody", "tr", "td", "th", "hr",
                    "section", "h1", "h2", "h3", "h4", "h5", "h6"))  # fmt: skip


def _options(
    *, cjk_friendly: bool, positions: bool
) -> tuple[comrak.ExtensionOptions, comrak.ParseOptions, comrak.RenderOptions]:
    extensions, parse, render = comrak.ExtensionOptions(), comrak.ParseOptions(), comrak.RenderOptions()
    for name in _EXTENSIONS:
        setattr(extensions, name, True)
    extensions.cjk_friendly_emphasis = cjk_friendly
    parse.sourcepos_chars = True
    render.sourcepos = render.escaped_char_spans = positions
    render.escape = True
    render.full_info_string = True
    return extensions, parse, render


_LOCATED = _options(cjk_friendly=True, positions=True)
_PLAIN = _options(cjk_friendly=True, positions=False)
_STRICT = _options(cjk_friendly=False, positions=False)
_LOCATED_STRICT = _options(cjk_friendly=False, positions=True)


@dataclass(slots=True)
class Node:
    """An element of the rendered tree; `start:end` in code points of the source, -1 where comrak gives no position."""

    tag: str
    attributes: str
    start: int
    end: int
    parent: "Node | None"
    inner: tuple[int, int] = (0, 0)
    children: list["Node"] = field(default_factory=list)
    has_text: bool = False

    def inside(self, tag: str) -> bool:
        """Say whether an ancestor is a `tag`."""
        node = self.parent
        while node is not None:
            if node.tag == tag:
                return True
            node = node.parent
        return False


@dataclass(slots=True)
class Tree:
    """All nodes of one text in document order, with the HTML they came from."""

    html: str
    nodes: list[Node]

    def literal(self, node: Node) -> str:
        """Return the text inside a node that holds no elements: a formula, a code span, a code block."""
        return unescape(self.html[node.inner[0] : node.inner[1]])


def readable(text: str) -> str:
    """Return `text` with NUL and lone surrogates replaced one for one, so that comrak takes it and offsets hold."""
    return _UNPARSEABLE.sub("\ufffd", text)


def to_html(text: str, *, cjk_friendly: bool = True) -> str:
    """Render Markdown to HTML without positions; formulas stay `<span data-math-style="inline|display">tex</span>`."""
    return comrak.render_markdown(readable(text), *(_PLAIN if cjk_friendly else _STRICT))


def parse(text: str, lines: list[int] | None = None, *, cjk_friendly: bool = True) -> Tree:
    """Parse `text` (already `readable`); `lines` are the offsets of its lines, found here when not given."""
    # behind a lone carriage return comrak counts bytes where characters are asked for
    source = _LONE_RETURN.sub("\n", text) if "\r" in text else text
    html = comrak.render_markdown(source, *(_LOCATED if cjk_friendly else _LOCATED_STRICT))
    starts = lines or [0, *(match.end() for match in LINE_END.finditer(text))]
    return Tree(html, _walk(html, starts, len(text)))


def _walk(html: str, lines: list[int], length: int) -> list[Node]:
    nodes: list[Node] = []
    stack: list[Node] = []
    seen = 0
    for match in _TAG.finditer(html):
        closing, tag, attributes, *place = match.groups()
        first, last = match.span()
        parent = stack[-1] if stack else None
        if parent is not None and parent.tag == "li" and first > seen and not html[seen:first].isspace():
            parent.has_text = True
        seen = last
        if closing:
            node = stack.pop()
            node.inner = (node.inner[0], first)
            continue
        start, end = _located(place, lines, length)
        node = Node(tag, attributes, start, end, parent, (last, last))
        if parent is not None:
            parent.children.append(node)
            if parent.tag == "li" and tag not in BLOCKS and tag != "input":
                parent.has_text = True
        nodes.append(node)
        if tag not in _VOID:
            stack.append(node)
    return nodes


def _located(place: list[str | None], lines: list[int], length: int) -> tuple[int, int]:
    line, column, last_line, last_column = place
    if line is None or column is None or last_line is None or last_column is None:
        return -1, -1
    first, last, count = int(line), int(last_line), len(lines)
    start = min(lines[first - 1] + int(column) - 1, length) if first <= count else length
    end = min(lines[last - 1] + int(last_column), length) if last <= count else length
    return start, max(start, end)
