"""ZHT104."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding
from server.lint.document import Document
from server.lint.registry import rule
from server.lint.rules.zht import _lines, _spacing

_UNITS = (
    "年月日号时点分秒刻周岁天元角厘毫米克升吨里斤两度级个位名人条张次倍件只本页章节题步组行列种类项届期层楼百千万亿余"
    "道所家台座支间部份辆艘枚颗粒盒箱瓶杯双对块片头匹棵株篇句字段册卷首幅套批班"
)
_NUMBER = r"\d+(?:[.,:/~～-]\d+)*"
_KIND = _spacing.kind(
    "0-9", rf"第? ?{_NUMBER} ?[{_UNITS}]|第 ?{_NUMBER} ?[{_lines.HAN}]?|{_NUMBER} ?(?:小时|分钟|小题|大题)"
)


@rule(code="ZHT104", name="digit-spacing", level="info", options=_spacing.Spacing)
def digit_spacing(document: Document, options: _spacing.Spacing) -> Iterator[Finding]:
    """Chinese and numbers are spaced unevenly.

    Dates, ordinals and numbers with a unit or a counter, such as `3月10日`, `第3章` and `5个`, may be written either
    way and are not counted.

    `profile: consistent` follows the majority in the answer, `zh-general` wants a space, `zh-maths` leaves numbers
    alone. `spacing: add` or `remove` decides it outright.

    Bad:
        共有 12 种，等于 34 的一半，大于56的平方。
    Bad (profile: zh-general):
        等于34的一半
    Bad (spacing: remove):
        等于 34 的一半
    Good:
        3月10日共5个，等于34的一半，第 3 章。
    Good (profile: zh-maths):
        等于34的一半，等于 34 的一半
    """
    if options.profile != "zh-maths" or options.spacing != "profile":
        yield from _spacing.check(document, options, _KIND, lenient=True)
