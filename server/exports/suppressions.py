"""Lint's directives are for the file they stand in: they do not ship."""

import re

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_DIRECTIVE = re.compile(r"^[ \t]*<!--[ \t]*lint-(?:disable|enable)[a-z-]*\b.*?-->[ \t]*$")


def strip(text: str) -> str:
    """Return `text` without the lines that only hold a lint directive. Code blocks are left as they are."""
    if "<!-- lint-" not in text and "<!--lint-" not in text:
        return text
    kept, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            closes = mark is not None and mark[1].startswith(fence) and not line.strip().strip(fence[0])
            fence = "" if closes else fence
        elif mark is not None:
            fence = mark[1]
        elif _DIRECTIVE.match(line):
            continue
        kept.append(line)
    return "\n".join(kept)
