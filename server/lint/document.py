"""One text, parsed once, as the rules read it."""

import logging
import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from server.lint import dollars, environments, katex, masks, parser
from server.lint.diagnostic import message
from server.lint.environments import Environment
from server.lint.formulas import Formula, Literal, in_cell, of_node
from server.lint.spans import TextMap
from server.lint.suppressions import Directive, Selector

T = TypeVar("T")
FAILED = message("the parser failed on it")
log = logging.getLogger(__name__)
_LEAVES = {"p": "paragraph", "td": "cell", "th": "cell", **{f"h{level}": "heading" for level in range(1, 7)}}
_FENCE = re.compile(r"[ \t]{0,3}(`{3,}|~{3,})([^\n\r]*)")
_HTML = re.compile(  # an item that begins a block of HTML: comrak gives it no node of its own
    r"(?:[-*+]|\d{1,9}[.)])[ \t]+<(?:!|\?|/?(?:address|article|aside|blockquote|body|center|details|dialog|div|dl"
    r"|fieldset|figure|footer|form|h[1-6]|head|header|hr|html|iframe|legend|link|main|menu|meta|nav|ol|p|pre|script|section|style"
    r"|summary|table|tbody|td|textarea|tfoot|th|thead|title|tr|ul)[\s/>])",
    re.IGNORECASE,
)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_ALPHABETS = "A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u04ff"
_TOKEN_WITHOUT_HAN = re.compile("[^\\W_]+|[\ue000-\ue001]+")
TOKEN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]|[^\\W_\u3400-\u4dbf\u4e00-\u9fff]+|[\ue000-\ue001]+")
_WORD = re.compile(rf"[{_ALPHABETS}]+(?:['’-][{_ALPHABETS}]+)*")


@dataclass(frozen=True, slots=True)
class LintContext:
    """What surrounds the answer. `drafts` are the model drafts' texts; an empty `language` is told from the text."""

    prompt: str = ""
    reference: str = ""
    drafts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A block that holds running text: `paragraph`, `heading` (with its `level`), `item` or `cell`."""

    kind: str
    start: int
    end: int
    level: int = 0


@dataclass(slots=True)
class CodeBlock:
    """A fenced block, or an indented one, whose `fence` is empty. `body` is the code; `head` ends the opening line."""

    start: int
    end: int
    fence: str
    info: str
    closed: bool
    body: Literal
    head: int

    @property
    def language(self) -> str:
        """The first word of the info string, lower case."""
        words = self.info.split()
        return words[0].lower() if words else ""


@dataclass(slots=True)
class Document:
    """The parsed text. Offsets are code points; `masked` is as long as `text`, with only prose left readable.

    `directives` are empty where they have no say; `unused` is known once the other rules have spoken. `until` is when
    (by `time.monotonic()`) the slow checks must give up. `unread` says why the text could not be parsed: nothing but
    its characters is known then.
    """

    text: str
    context: LintContext = field(default_factory=LintContext)
    map: TextMap = field(init=False)
    formulas: list[Formula] = field(default_factory=list)
    currency: list[Formula] = field(default_factory=list)
    leaves: list[Leaf] = field(default_factory=list)
    code_blocks: list[CodeBlock] = field(default_factory=list)
    code_spans: list[tuple[int, int]] = field(default_factory=list)
    escapes: list[tuple[int, str]] = field(default_factory=list)
    html: list[tuple[int, int]] = field(default_factory=list)
    links: list[parser.Node] = field(default_factory=list)
    nodes: list[parser.Node] = field(default_factory=list)
    masked: str = ""
    directives: list[Directive] = field(default_factory=list)
    unused: list[tuple[Directive, Selector]] = field(default_factory=list)
    until: float = math.inf
    unread: str = ""
    _verdicts: Sequence[katex.Verdict] | None = None
    _words: int = -1
    _han: int = -1
    _kept: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.map = TextMap(self.text)
        source = parser.readable(self.text)
        try:
            tree, hidden = _parse(source, self.map.lines)
        except parser.Unreadable as error:
            self.unread, tree, hidden = str(error), parser.Tree("", []), []
        except Exception:  # a parser that fails on some text must be seen, not silence the report
            log.exception("parser failed")
            self.unread, tree, hidden = FAILED, parser.Tree("", []), []
        self.nodes = tree.nodes
        self.code_blocks = [*hidden]
        for node in tree.nodes:
            self._take(source, tree, node)
        self.code_blocks.sort(key=lambda block: block.start)
        self.masked, self.html = masks.mask(source, self)

    def _take(self, source: str, tree: parser.Tree, node: parser.Node) -> None:
        if node.start < 0:
            return
        if node.tag == "span" and "data-math-style" in node.attributes:
            self._take_formula(source, tree, node)
        elif node.tag == "span":
            start, _ = in_cell(source, node)
            self.escapes.append((start, source[start + 1 : start + 2]))
        elif node.tag == "code":
            self.code_spans.append(in_cell(source, node))
        elif node.tag == "pre":
            self.code_blocks.append(_code_block(source, self.map.lines, tree, node))
        elif node.tag in ("a", "img"):
            self.links.append(node)
        elif kind := _LEAVES.get(node.tag):
            level = int(node.tag[1]) if kind == "heading" else 0
            self.leaves.append(Leaf(kind, node.start, node.end, level))
        elif node.tag == "li" and node.has_text and not _HTML.match(source, node.start, node.end):
            blocks = (child.start for child in node.children if child.tag in parser.BLOCKS and child.start >= 0)
            self.leaves.append(Leaf("item", node.start, next(blocks, node.end)))

    def _take_formula(self, source: str, tree: parser.Tree, node: parser.Node) -> None:
        found = of_node(source, tree, node)
        target = self.currency if dollars.are_plain_in(source, found) else self.formulas
        target.append(found)

    @property
    def environments(self) -> dict[int, Environment]:
        """The environments that stand outside formulas, by where they start."""
        return self.once("environments", environments.bare)

    @property
    def questions(self) -> list[katex.Item]:
        """What KaTeX is asked in one call: the formulas, then what a rule would make one."""
        bare = [
            (self.text[item.start : item.end], True)
            for item in self.environments.values()
            if item.end and not item.is_cut
        ]
        return [*((item.tex, item.display) for item in self.formulas), *bare]

    @property
    def verdicts(self) -> Sequence[katex.Verdict]:
        """KaTeX's verdict on each of `formulas`, in one batch, asked for once."""
        if self._verdicts is None:
            self._verdicts = katex.check(self.questions)[: len(self.formulas)]
        return self._verdicts

    def once(self, key: str, work: Callable[["Document"], T]) -> T:
        """Return `work(self)`, done once for all rules that ask under this key."""
        if key not in self._kept:
            self._kept[key] = work(self)
        found: T = self._kept[key]
        return found

    @property
    def tokens(self) -> list[str]:
        """The words of running text in small letters, formulas and code spans as words of their own.

        Where the text has Chinese, each of its characters is a word.
        """
        return self.once("tokens", _tokens)

    @property
    def unfinished(self) -> bool:
        """Whether something that was asked for could not be told: of the text, or of a formula."""
        return bool(self.unread) or any(not verdict.checked for verdict in self._verdicts or ())

    def judged(self) -> Iterator[tuple[Formula, katex.Verdict]]:
        """Yield every formula with its verdict."""
        return zip(self.formulas, self.verdicts, strict=True)

    @property
    def newline(self) -> str:
        """How this text ends its lines: what a fix puts in ends them so too."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def line(self, index: int) -> tuple[int, int]:
        """Return the span of the line that holds `index`, without its line end."""
        starts = self.map.lines
        row = bisect_right(starts, index)
        if row == len(starts):
            return starts[-1], len(self.text)
        end = starts[row]
        return starts[row - 1], end - (2 if self.text.endswith("\r\n", 0, end) else 1)

    @property
    def han(self) -> int:
        """How many Chinese characters stand in running text, counted where `words` are."""
        if self._han < 0:
            self._han = 0 if self.text.isascii() else len(_HAN.findall(self.masked))
        return self._han

    @property
    def words(self) -> int:
        """How many words of alphabetic scripts stand in running text: not in formulas, code and addresses."""
        if self._words < 0:
            self._words = sum(_words(self.masked[leaf.start : leaf.end]) for leaf in self.leaves)
        return self._words

    @property
    def language(self) -> str:
        """`zh` or `en`: the task's language, or what the running text looks like."""
        if self.context.language:
            return self.context.language
        return "zh" if self.is_mostly_han else "en"

    @property
    def is_mostly_han(self) -> bool:
        """Whether it has more Chinese characters than words of other languages."""
        return self.han > 0 and self.han > self.words


@lru_cache(4096)
def _words(prose: str) -> int:
    """Count the words of one block; an edit leaves most blocks as they were."""
    return len(_WORD.findall(prose))


def _tokens(document: Document) -> list[str]:
    masked, plain = document.masked, not document.han
    return [token for leaf in document.leaves for token in _split(masked[leaf.start : leaf.end], plain)]


@lru_cache(4096)
def _split(prose: str, plain: bool) -> list[str]:
    found: list[str] = (_TOKEN_WITHOUT_HAN if plain else TOKEN).findall(prose.lower())
    return found


def _parse(source: str, lines: list[int]) -> tuple[parser.Tree, list[CodeBlock]]:
    """Parse; where a fence never closes, take it out and parse again, so that nothing behind it goes unseen."""
    tree = parser.parse(source, lines)
    hidden: list[CodeBlock] = []
    for _ in range(3):
        blocks = [_code_block(source, lines, tree, node) for node in tree.nodes if node.tag == "pre"]
        open_block = next((block for block in blocks if not block.closed), None)
        if open_block is None:
            break
        hidden.append(open_block)
        source = _without_fence(source, open_block)
        tree = parser.parse(source, lines)
    return tree, hidden


def _without_fence(source: str, block: CodeBlock) -> str:
    """Blank the fence line; where it names a language, also the code up to the first blank line: that much is code."""
    body = source.find("\n", block.start)
    end = block.end if body < 0 else min(body, block.end)
    if block.language:
        blank = re.compile(r"\n[ \t>]*\r?\n").search(source, end, block.end)
        end = blank.start() if blank else block.end
    return source[: block.start] + re.sub(r"[^\r\n]", " ", source[block.start : end]) + source[end:]


def _code_block(source: str, lines: list[int], tree: parser.Tree, node: parser.Node) -> CodeBlock:
    literal = tree.literal(node.children[0])
    head = _FENCE.match(source, node.start)
    if head is None or literal.startswith(
        (f"{head[0]}\n", f"{head[0]}\r\n")
    ):  # a fence that is indented like code is code
        body = Literal(literal, node.start, node.end, _line_pieces(literal, source, lines, node.start))
        return CodeBlock(node.start, node.end, "", "", True, body, node.start)
    fence, info = head.group(1), head.group(2)
    first = bisect_right(lines, node.start)
    last = bisect_right(lines, max(node.start, node.end - 1))
    tail = source[lines[last - 1] : node.end]
    if node.end <= head.end() and literal:  # comrak loses the end of an open fence in a list item
        after = first + literal.count("\n")
        node.end = lines[after] - 1 if after < len(lines) else len(source)
    closing = re.fullmatch(rf"[ \t>]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*\r?\n?", tail)
    whole = literal == "" or literal.endswith("\n")  # else the last line is code, though it may look like a fence
    closed = closing is not None and whole and last - first == literal.count("\n") + 1
    start = lines[first] if first < len(lines) else node.end
    pieces = _line_pieces(literal, source, lines, start) if start < node.end else []
    body = Literal(literal, min(start, node.end), node.end, pieces)
    return CodeBlock(node.start, node.end, fence, info.strip(), closed, body, head.end())


def _line_pieces(literal: str, source: str, lines: list[int], start: int) -> list[tuple[int, int]]:
    pieces, offset, row = [], 0, bisect_right(lines, start) - 1
    for content in literal.removesuffix("\n").split("\n") if literal else ():
        end = lines[row + 1] if row + 1 < len(lines) else len(source)
        whole = source[lines[row] : end].rstrip("\r\n")
        bare = content.removesuffix("\r")
        if not whole.endswith(bare):
            return []
        pieces.append((offset, lines[row] + len(whole) - len(bare)))
        offset += len(content) + 1
        row += 1
    return pieces
