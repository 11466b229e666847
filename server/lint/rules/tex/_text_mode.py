r"""Where a formula is text: the arguments of `\text`, `\mbox` and their like."""

import re
from functools import lru_cache

_OPENS = re.compile(
    r"\\(?:text(?:rm|bf|it|sf|tt|md|up|normal)?|mbox|hbox|fbox|intertext|tag\*?|operatorname\*?|ce|pu|label|url|href"
    r"|html(?:Class|Id|Style|Data))\s*\{|(?<!\\)(?:\\\\)*%"
)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


@lru_cache(4096)
def text_spans(tex: str) -> tuple[tuple[int, int], ...]:
    r"""Return the spans of text inside `tex`, in order, and of comments. A group that never closes reaches the end."""
    found: list[tuple[int, int]] = []
    match = _OPENS.search(tex)
    while match:
        if match.group().endswith("%"):
            line = tex.find("\n", match.end())
            end = len(tex) if line < 0 else line
        else:
            end = closing(tex, match.end())
        found.append((match.end(), end))
        match = _OPENS.search(tex, end)
    return tuple(found)


def closing(tex: str, start: int) -> int:
    """Return where the group whose inside begins at `start` closes; the end of `tex` when it does not."""
    depth = 1
    for match in _BRACE.finditer(tex, start):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.start()
    return len(tex)


def in_text(tex: str, index: int) -> bool:
    """Say whether `index` lies in text or in a comment."""
    return any(start <= index < end for start, end in text_spans(tex))
