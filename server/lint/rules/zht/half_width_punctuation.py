"""ZHT101."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.masks import MATH
from server.lint.registry import Options, rule
from server.lint.rules.zht import _lines

HALF = message("“{mark}” is half-width in Chinese text.")
WIDEN = message("Write “{wide}”")
_WIDE = dict(zip(",;:?!()", "，；：？！（）", strict=True))
_MARK = re.compile(r"[,;:?!()]")
_FULL = re.compile("[，；：？！（]")
_NOUN = f"{_lines.HAN}{MATH}"
_BESIDE = re.compile(
    rf"(?:(?<=[{_lines.HAN}）」』】》”])[,;:?!](?=[ \t]*(?:[{_NOUN}“（《]|\Z))"
    rf"|(?<=[{MATH}])[,;:?!](?=[ \t]*[{_lines.HAN}]))[ \t]*"
)
_BETWEEN = re.compile(rf"(?<=[{_lines.HAN}])[,;:?!](?=[ \t]*[{_lines.HAN}])[ \t]*")
_RATIO = re.compile(
    rf"(?<![{_lines.HAN}])(?<=.):(?=[{_lines.HAN}])|:(?=[{_lines.HAN}](?:[:={MATH}0-9]|\Z))|(?<=:[{_lines.HAN}]):"
)
_BRACKETS = re.compile(rf"\([^()\n]*[{_lines.HAN}][^()\n]*\)")


@rule(code="ZHT101", name="half-width-punctuation", level="warning", options=_lines.Typography)
def half_width_punctuation(document: Document, options: Options) -> Iterator[Finding]:
    """Half-width punctuation stands in Chinese text.

    Chinese takes ，；：？！（）. Formulas, code and addresses are left alone, and so is the full stop, which many maths
    houses write `.`.

    `profile` says how strict to be. `consistent`, when nothing is set, finds half-width marks only where at least as
    many full-width ones stand in the same answer. `zh-general` finds them all, `zh-maths` only those between two
    Chinese characters, `off` none. Ratios such as 甲:乙 pass.

    How to mend: the fix puts the full-width mark, without the space after it.

    Bad:
        因为两数相等，所以差为零,和为偶数。
    Bad (profile: zh-general):
        是的,对(吧)?
    Good:
        是的, 对吧, 两数相等.
    Good:
        因为 $a, b$ 相等，所以 f(x) 为零。
    Good (profile: "off"):
        因为两数相等，所以差为零,和为偶数。
    """
    profile = options.profile  # type: ignore[attr-defined]
    if profile == "off" or not document.han:
        return
    found: dict[tuple[int, int], Finding] = {}
    for offset, line in _lines.lines(document):
        if not _MARK.search(line):
            continue
        for item in _in_line(offset, line, profile):
            found.setdefault((item.start, item.end), item)
    if profile == "consistent" and len(_FULL.findall(document.masked)) < len(found):
        return
    yield from found.values()


def _in_line(offset: int, line: str, profile: str) -> Iterator[Finding]:
    for match in _BRACKETS.finditer(line):
        start, end = match.span()
        left, right = _blanks(line, start), _blanks(line, end)
        edits = ((offset + left[0], offset + start + 1, "（"), (offset + end - 1, offset + right[1], "）"))
        repair = Repair(WIDEN, "safe", edits, args={"wide": "（）"})
        yield Finding(offset + start, offset + end, HALF, {"mark": "()"}, (repair,))
    # what follows a bracket is judged as if the bracket were wide already
    line = _BRACKETS.sub(lambda match: f"（{match.group()[1:-1]}）", line)
    ratios = {match.start() for match in _RATIO.finditer(line)}
    sign = _BETWEEN if profile == "zh-maths" else _BESIDE
    for match in sign.finditer(line):
        if match.start() not in ratios:
            yield _finding(offset + match.start(), offset + match.end(), match.group()[0])
    if profile == "zh-maths":
        return
    for change in _lines.changes(line):
        mark = change.old.strip()
        at = change.start + change.old.find(mark)
        if mark in _WIDE and change.text == _WIDE[mark] and at not in ratios:
            start = offset + at
            yield _finding(start, offset + change.end, mark)


def _blanks(line: str, at: int) -> tuple[int, int]:
    """Return the span of the blanks around `at` within the line; none where they are its edge."""
    start, end = len(line[:at].rstrip(" \t")), at + len(line[at:]) - len(line[at:].lstrip(" \t"))
    return (start if start else at), (end if end < len(line) else at)


def _finding(start: int, end: int, mark: str) -> Finding:
    repair = Repair(WIDEN, "safe", ((start, end, _WIDE[mark]),), args={"wide": _WIDE[mark]})
    return Finding(start, start + 1, HALF, {"mark": mark}, (repair,))
