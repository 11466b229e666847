"""One text in other dress, and where each of its characters came from."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from server import lint
from server.lint.diagnostic import Diagnostic
from tests.lint import support

Key = tuple[str, str, str, int, int, str]
ANSWERS = {
    path.stem: support.spelt(path.read_text("utf-8")).strip()
    for path in sorted((Path(__file__).parent / "answers").glob("*.md"))
}
GUIDES = {
    path.stem: lint.load_guide(path) for path in sorted((Path(__file__).parents[2] / "styleguides").glob("*.yaml"))
}
COUNTING = ("LEN002", "LEN003", "LEN004")  # the marks of a quote are characters too


@dataclass(frozen=True)
class Dressed:
    """`origin` says of each offset of `text`, its end included, which offset of the plain text it comes from."""

    text: str
    origin: Sequence[int]

    def keys(self, found: Sequence[Diagnostic]) -> "Counter[Key]":
        """Return the diagnostics of this text as those of the plain one."""
        keys: Counter[Key] = Counter()
        for item in found:
            if item.code in COUNTING:
                continue
            start, end = item.span.codepoints
            first = self.origin[start]
            last = self.origin[end - 1] + 1 if end > start else first
            keys[item.code, item.level, item.message, first, last, item.fingerprint] += 1
        return keys


def plain(text: str) -> Dressed:
    return Dressed(text, range(len(text) + 1))


def indented(first: str, rest: str) -> Callable[[str], Dressed]:
    """Return what puts `first` before the first line and `rest` before the others."""

    def dress(text: str) -> Dressed:
        lines, origin, at = [], [], 0
        for number, line in enumerate(text.split("\n")):
            mark = rest if number else first
            mark = mark if line or not number else mark.rstrip()
            lines.append(mark + line)
            origin += [at] * len(mark) + list(range(at, at + len(line) + 1))
            at += len(line) + 1
        return Dressed("\n".join(lines), origin)

    return dress


def with_returns(text: str) -> Dressed:
    origin = [index for index, char in enumerate(text) for _ in range(1 + (char == "\n"))]
    return Dressed(text.replace("\n", "\r\n"), [*origin, len(text)])


def with_line_end(text: str) -> Dressed:
    return Dressed(text + "\n", range(len(text) + 2))


SHAPES: dict[str, Callable[[str], Dressed]] = {
    "a quote": indented("> ", "> "),
    "an item": indented("- ", "  "),
    "a numbered item": indented("1. ", "   "),
    "a quote in a quote": indented("> > ", "> > "),
    "a list in a quote": indented("> - ", ">   "),
    "a quote in a list": indented("- > ", "  > "),
    "line ends of two characters": with_returns,
    "a line end at its end": with_line_end,
}


def fenced(text: str, mark: str = "`", info: str = "text") -> str:
    """Return `text` as a block of code whose fence is longer than any in it."""
    runs = "".join(char if char == mark else " " for char in text).split()
    fence = mark * (max((len(run) for run in runs), default=2) + 3)
    return f"{fence}{info}\n{text}\n{fence}\n"
