"""Marks of emphasis that a space keeps from closing."""

import re
from collections.abc import Sequence


def spaces_inside(prose: str, pair: Sequence[re.Match[str]], first: int) -> list[tuple[int, int]]:
    """Return the spaces that keep two neighbours from being a pair: behind the first, before the second, or both."""
    if len(pair) < 2 or pair[0].group() != pair[1].group():
        return []
    start, end = pair[0].end(), pair[1].start()
    inner = prose[start:end]
    if "\n" in inner or not inner.strip():
        return []
    behind, before = len(inner) - len(inner.lstrip(" \t")), len(inner) - len(inner.rstrip(" \t"))
    outer = prose[pair[0].start() - 1 : pair[0].start()]
    after = prose[pair[1].end() : pair[1].end() + 1]
    if behind and before:  # `x ** y ** z` has spaces on all sides
        begins = not prose[prose.rfind("\n", first, pair[0].start()) + 1 or first : pair[0].start()].strip()
        return [(start, start + behind), (end - before, end)] if begins or not blank(outer) else []
    if behind and blank(outer):
        return [(start, start + behind)]
    # a word behind it would make it an opener, were it not for a sign like the colon of a title
    titled = not (after.isalnum() or after == "_") or prose[end - before - 1] in ":：.。,，!！?？"
    return [(end - before, end)] if before and titled else []


def blank(char: str) -> bool:
    """Say whether nothing or white space stands there."""
    return not char or char.isspace()
