"""The one adapter around comrak: Markdown to HTML, and to a list of located nodes.

Lint, preview and report render through here, so all agree on what is a formula.
Raw HTML is escaped, never passed on: no text can imitate the tags read back below.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from html import unescape

import comrak

from server.lint.diagnostic import message
from server.lint.spans import LINE_END

_EXTENSIONS = ("math_dollars", "math_latex", "table", "strikethrough", "autolink", "tasklist", "footnotes",
               "cjk_friendly_emphasis")  # fmt: skip
_PLACE = re.compile(r'data-sourcepos="(\d+):(\d+)-(\d+):(\d+)"')
_MARK = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+")
_MARGIN, _MARGINS = re.compile(r"[ \t>]*"), re.compile(r"^[ \t>]*", re.MULTILINE)
_DEFINITION = re.compile(
    r"\[(?!\^)(?:[^\[\]\\]|\\.)+\]:[ \t]*(?:\r?\n[ \t>]*)?(?:<(?:[^<>\\\n]|\\.)*>|[^\s<]\S*)"
    r"(?:(?:[ \t]+|[ \t]*\n[ \t>]*)"
    r"(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t]*(?:\r?\n|\r)[ \t>]*",
    re.DOTALL,
)
_MAY_DEFINE = frozenset(("p", "h1", "h2", "li"))
_BLANK_LINE = re.compile(r"\n[ \t>]*\n")
MANY_OPEN = message("too many formulas are opened and not closed")
LARGE_TABLE = message("a table has too many cells")
MANY_MARKS = message("it has too many marks")
DEEP = message("its quotes, lists or emphasis are nested too deeply")
_FEW, _STEPS = 200, 50_000_000
_WIDEST, _CELLS = 1_000, 50_000
_ADDRESSES = 1_000
_MOST, _DEEPEST = 20_000, 300
_CONTINUED = bytes(range(0x80, 0xC0))  # the bytes that begin no character
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
    parse.sourcepos_chars = False  # counting characters costs comrak the square of a line's length
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


class Unreadable(ValueError):
    """Text whose marks cannot be read in good time; the message, registered for translation, says what is too much."""


def _affordable(text: str) -> str:
    """Return `text`. Raises Unreadable for what takes comrak the square of its length: `\\(` without `\\)` in great
    numbers, and tables of great width; and for more addresses of e-mail than its stack can hold."""
    if text.count("\\(") + text.count("\\[") > _FEW:
        for block in _BLANK_LINE.split(text):
            for opener, closer in (("\\(", "\\)"), ("\\[", "\\]")):
                if block.count(opener, block.rfind(closer) + 1) * len(block) > _STEPS:
                    raise Unreadable(MANY_OPEN)
    if text.count("|") > _FEW:
        for block in _BLANK_LINE.split(text):
            widest = max(line.count("|") for line in block.split("\n"))
            if widest > _WIDEST or widest * block.count("\n") > _CELLS:
                raise Unreadable(LARGE_TABLE)
    if text.count("@") > _ADDRESSES and any(block.count("@") > _ADDRESSES for block in _BLANK_LINE.split(text)):
        raise Unreadable(MANY_MARKS)
    return text


def _bounded(html: str, length: int) -> str:
    """Return `html`, made of `length` characters. Raises Unreadable for too many elements, or too deep ones."""
    tags = html.count("<")
    if tags > 2 * max(_MOST, length // 10):
        raise Unreadable(MANY_MARKS)
    depth = 0
    for piece in html.split("<")[1:] if tags > _DEEPEST else ():
        depth += -1 if piece[0] == "/" else piece.partition(">")[0].partition(" ")[0] not in _VOID
        if depth > _DEEPEST:
            raise Unreadable(DEEP)
    return html


def readable(text: str) -> str:
    """Return `text` with NUL and lone surrogates replaced one for one, so that comrak takes it and offsets hold."""
    if "\0" not in text:
        try:
            text.encode()
        except UnicodeEncodeError:
            pass
        else:
            return text
    return _UNPARSEABLE.sub("\ufffd", text)


def to_html(text: str, *, cjk_friendly: bool = True) -> str:
    """Render Markdown to HTML without positions; formulas stay `<span data-math-style="inline|display">tex</span>`.

    Raises Unreadable.
    """
    source = _affordable(readable(text))
    return _bounded(comrak.render_markdown(source, *(_PLAIN if cjk_friendly else _STRICT)), len(text))


def parse(text: str, lines: list[int] | None = None, *, cjk_friendly: bool = True) -> Tree:
    """Parse `text` (already `readable`); `lines` are the offsets of its lines, found here when not given.

    Raises Unreadable.
    """
    # behind a lone carriage return comrak counts neither characters nor bytes
    source = _LONE_RETURN.sub("\n", text) if "\r" in text else text
    html = comrak.render_markdown(_affordable(source), *(_LOCATED if cjk_friendly else _LOCATED_STRICT))
    _bounded(html, len(text))
    starts = lines or [0, *(match.end() for match in LINE_END.finditer(text))]
    return Tree(html, _walk(html, _Places(source, starts)))


class _Row:
    """One line in UTF-8 that is not ASCII. Places come in rising order, so counting goes on from the last start."""

    __slots__ = ("bytes", "characters", "raw")

    def __init__(self, text: str) -> None:
        self.raw = text.encode()
        self.bytes = self.characters = 0

    def start(self, column: int) -> int:
        """Return how many characters stand before byte `column`, and count from there next time."""
        self.characters = self.end(column)
        self.bytes = column
        return self.characters

    def end(self, column: int) -> int:
        if column < self.bytes:
            self.bytes = self.characters = 0
        return self.characters + len(self.raw[self.bytes : column].translate(None, _CONTINUED))


class _Places:
    """Turns comrak's places, a line and a column of UTF-8 bytes, both from 1, into code points of the source."""

    def __init__(self, source: str, lines: list[int]) -> None:
        self._source, self._lines = source, lines
        self._ascii = source.isascii()
        self._rows: dict[int, _Row | None] = {}
        self.defining = "]:" in source
        self._first = self._column = self._down = 0

    def below_definitions(self, tag: str, start: int) -> int:
        """Return where the block at `start` begins once the link definitions on its first lines are taken off.

        comrak takes them off too, and then counts what stands in the block as if they had never been there.
        """
        if tag == "li":  # of a tight list: its text is in no block of its own
            mark = _MARK.match(self._source, start)
            self.below_definitions("p", mark.end() if mark else start)
            return start
        end = _past_definitions(self._source, start) if self._source.startswith("[", start) else start
        self._first = bisect_right(self._lines, start) - 1
        self._column, self._down = start - self._lines[self._first], bisect_right(self._lines, end) - 1 - self._first
        return end

    def done(self) -> None:
        """Take comrak's places as they are again: another block begins."""
        self._down = 0

    def _moved(self, line: int, column: int) -> tuple[int, int]:
        """Return the true place of what comrak has too high, in the margin of another line."""
        if line + self._down >= len(self._lines):
            return line, column
        margin = self._column if line == self._first else _margin(self._source, self._lines[line])
        return line + self._down, column - margin + _margin(self._source, self._lines[line + self._down])

    def span(self, line: str, column: str, last_line: str, last_column: str) -> tuple[int, int]:
        """Return the span from the first byte to behind the last one."""
        first, last, start, end = int(line) - 1, int(last_line) - 1, int(column) - 1, int(last_column)
        if self._down:
            (first, start), (last, end) = self._moved(first, start), self._moved(last, end)
        if not self._ascii:
            start = row.start(start) if (row := self._row(first)) else start
            end = row.end(end) if (row := self._row(last)) else end
        start = self._offset(first, start)
        return start, max(start, self._offset(last, end))

    def _offset(self, line: int, column: int) -> int:
        length = len(self._source)
        return min(self._lines[line] + column, length) if line < len(self._lines) else length

    def _row(self, line: int) -> _Row | None:
        if line not in self._rows:
            stop = self._lines[line + 1] if line + 1 < len(self._lines) else None
            text = self._source[self._lines[line] : stop] if line < len(self._lines) else ""
            self._rows[line] = None if text.isascii() else _Row(text)
        return self._rows[line]


def _margin(source: str, line: int) -> int:
    found = _MARGIN.match(source, line)
    return found.end() - line if found else 0


def _past_definitions(source: str, start: int) -> int:
    """Return where the text behind the link definitions at `start` begins; `start` when they are none after all."""
    at = start
    while found := _DEFINITION.match(source, at):
        at = found.end()
    plain = _MARGINS.sub("", source[start:at])
    return at if at > start and not comrak.render_markdown(plain, *_PLAIN) else start


def _walk(html: str, places: _Places) -> list[Node]:
    """Read comrak's HTML, in which every `<` begins a tag and every tag ends at the next `>`."""
    nodes: list[Node] = []
    stack: list[Node] = []
    parent: Node | None = None
    first, *pieces = html.split("<")
    at = len(first)
    for piece in pieces:
        close = piece.index(">")
        inside = at + close + 2
        if piece[0] == "/":
            node = stack.pop()
            node.inner = (node.inner[0], at)
            parent = stack[-1] if stack else None
        else:
            tag, _, attributes = piece[:close].partition(" ")
            if places.defining and tag in BLOCKS:
                places.done()
            place = _PLACE.search(attributes)
            start, end = places.span(*place.groups()) if place else (-1, -1)
            if places.defining and tag in _MAY_DEFINE and place:
                start = min(end, places.below_definitions(tag, start))
            node = Node(tag, attributes, start, end, parent, (inside, inside))
            nodes.append(node)
            if parent is not None:
                parent.children.append(node)
                if parent.tag == "li" and tag not in BLOCKS and tag != "input":
                    parent.has_text = True
            if tag not in _VOID:
                stack.append(node)
                parent = node
        at += 1 + len(piece)
        if parent is not None and parent.tag == "li" and at > inside and not piece[close + 1 :].isspace():
            parent.has_text = True
    return nodes
