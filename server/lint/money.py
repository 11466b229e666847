"""What amounts of money look like around a dollar sign: one source for pairs of dollars and for lone ones."""

import re

HAN = "\u3000-\u303f\u3400-\u9fff\uff00-\uffef"
_CODES = "US|CA|AU|NZ|HK|SG|NT|MX|[CARS]"
CURRENCY = re.compile(rf"(?<![A-Za-z])(?:{_CODES})\Z")
SIGN = re.compile(r"(?<!\$)\$(?=\.?\d)")
AMOUNT = re.compile(r"[ \t]*\.?\d")
SUM = re.compile(r"\.?\d(?:[\d\s.,;()+\-*/x×÷=%<>−–—~～]|(?<=\d)(?:[kKMB]|[bm]n)\b)*\Z")
PRICE = re.compile(r"\.?\d[\d.,]*(?:\s+[A-Za-z]|(?:;|(?<=,))\s|/\s?[a-z]{2})")
_TEX_MARK = re.compile(r"[\\^_{}]")
_STARTS = re.compile(r"\.?\d|\.")
WORDS = re.compile(r"(?<![A-Za-z])[A-Za-z]{2,}[,.;]? +(?:[\w%.*/+-]+ +){0,20}[A-Za-z]{2,}")
_CALCULATED = re.compile(r"<<[\d(.$-]")  # GSM8K's marks: $<<12*3=36>>36
WAITS = re.compile(r"[-+*/=×÷−–]\s*\Z")
_LISTS = re.compile(rf"[\"”’)）*]*(?:[-+*/=×÷−–—~,、～]|到|至|和|与|或)[\"“‘(（*]*(?:{_CODES})?\Z")
_GROUPED_OTHERWISE = re.compile(r"\A\d{1,3}(?:,\d{1,2})+(?!\d)")  # the places of a name in chemistry: 1,2-
_AMOUNT_NEXT = re.compile(r"[ \t]?\.?\d|<<")
_ANOTHER = re.compile(  # 5$-10$ and 5$到10$; 5$, not 10$; 1$=7¥, 2$=14¥
    rf"\A\s*(?:[-/,;~–—+&]|[{HAN}][^A-Za-z=]*?)\s*\.?\d[\d.,]*\s*\Z|(?<![A-Za-z])[a-z]{{2,}}(?![A-Za-z]).*\d\s*\Z"
    r"|\A[^A-Za-z€£¥￥]*[€£¥￥]",
    re.DOTALL,
)
_NUMBER_BEFORE = re.compile(r"(?<![A-Za-z\d.,])\d[\d.,]*\Z")
_RECKONED = re.compile(r"\s*[-+*/x×÷=−–](?:[\d\s.,()+\-*/x×÷=%−–])*\Z")  # 9$ x 4 = 36$
_NAMED_ONLY = re.compile(rf"[-,./;:) ].*?(?<![A-Za-z])(?:{_CODES})\Z", re.DOTALL)  # US$, CA$ and A$-denominated


def is_money(tex: str, before: str, after: str) -> bool:
    """Say whether the dollars around `tex` are of amounts: `$5 and then $`, `5$-10$`, `US$5/US$`."""
    if _CALCULATED.search(tex):
        return True
    if _TEX_MARK.search(tex):
        return False
    if _follows_amount(tex, before):
        return True
    if CURRENCY.search(before) and (tex[:1] in "0123456789./" or _NAMED_ONLY.match(tex)):
        return True
    if not _STARTS.match(tex):
        return False
    waits = WAITS.search(tex) and _AMOUNT_NEXT.match(after) and not _GROUPED_OTHERWISE.match(tex)
    return bool(waits) or bool(WORDS.search(tex))


def are_joined(between: str, before: str, after: str) -> bool:
    """Say the same of two dollars that pair with nothing, where only `between` itself tells: `$5k–$10k`, `5$/10$`."""
    if _TEX_MARK.search(between):
        return False
    if _follows_amount(between, before):
        return True
    starts = _STARTS.match(between) and _AMOUNT_NEXT.match(after)
    return bool(starts and (_LISTS.search(between) or WAITS.search(between)))


def _follows_amount(tex: str, before: str) -> bool:
    if not (before[-1:].isdigit() and tex.rstrip()[-1:].isdigit()):
        return False
    reckoned = _RECKONED.match(tex) and _NUMBER_BEFORE.search(before)
    return bool(reckoned) or _ANOTHER.search(tex) is not None
