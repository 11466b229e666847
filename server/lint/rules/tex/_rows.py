r"""Environments of a formula, with what stands at their top level: row breaks, `&`, and lone backslashes."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

_TOKEN = re.compile(
    r"\\begin\s*\{(?P<begin>[^{}]*)\}|\\end\s*\{(?P<end>[^{}]*)\}"
    r"|(?P<row>\\\\\*?(?:\s*\[[^\]]*\])?|\\cr\b|\\newline\b)|(?P<lone>\\(?=\s|\Z))|\\(?:[A-Za-z]+|.)"
    r"|(?P<open>\{)|(?P<close>\})|(?P<tab>&)|%[^\n]*",
    re.DOTALL,
)


@dataclass(slots=True)
class Environment:
    """`begin:end` is the body. Offsets are of the formula; only what is neither in braces nor nested is listed."""

    name: str
    start: int
    begin: int
    end: int = -1
    stop: int = -1
    rows: list[tuple[int, int]] = field(default_factory=list)
    tabs: list[int] = field(default_factory=list)
    lone: list[int] = field(default_factory=list)
    depth: int = 0


@lru_cache(4096)
def environments(tex: str) -> tuple[Environment, ...]:
    """Return the environments of `tex`, outer before inner; the first is the formula itself, named `""`.

    An environment or a group that never closes reaches to the end of the formula.
    """
    whole = Environment("", 0, 0)
    stack, found = [whole], [whole]
    for match in _TOKEN.finditer(tex):
        kind, here = match.lastgroup, stack[-1]
        if kind == "begin":
            stack.append(Environment(match["begin"].strip(), match.start(), match.end()))
            found.append(stack[-1])
        elif kind == "end" and len(stack) > 1:
            here.end, here.stop = match.start(), match.end()
            stack.pop()
        elif kind in ("open", "close"):
            here.depth += 1 if kind == "open" else -1
        elif here.depth == 0:
            _note(here, kind, *match.span())
    for left in stack:
        left.end = left.stop = len(tex)
    return tuple(found)


def _note(here: Environment, kind: str | None, start: int, end: int) -> None:
    if kind == "row":
        here.rows.append((start, end))
    elif kind == "tab":
        here.tabs.append(start)
    elif kind == "lone":
        here.lone.append(start)
