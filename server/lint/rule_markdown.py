"""The Markdown that rules' pages are written in, beside a finding and whole: words as they stand, code, tables."""

import re
from collections.abc import Sequence

# what Markdown reads as more than a character: a link needs its closing bracket, and bars count in tables alone
_SIGNS = re.compile(r"[\\`*_\]<>#~$&]")
_TICKS = re.compile("`+")


def literal(text: str) -> str:
    """Return `text` so that Markdown shows it as it is."""
    return _SIGNS.sub(r"\\\g<0>", text)


def code(text: str) -> str:
    """Return `text` as code inside a line, which nothing in it can end; its line ends are shown."""
    fence = "`" * (_longest_run(text) + 1)
    at_an_end = text.strip(" ") and any(text.startswith(sign) or text.endswith(sign) for sign in "` ")
    room = " " if at_an_end else ""  # Markdown takes one away at each end
    return f"{fence}{room}{text}{room}{fence}".replace("\n", "⏎")


def fenced(text: str, language: str) -> str:
    """Return `text` as a block of code, which nothing in it can end."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; its cells are Markdown of one line."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _longest_run(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)
