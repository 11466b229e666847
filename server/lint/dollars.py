"""Dollar signs that pair in Markdown and are no delimiters: amounts of money, and variables of programs.

The reader's page and lint ask the same question, so what is no formula here is shown as it is written.
"""

import re

from server.lint import parser
from server.lint.formulas import Formula, formula

REACH = 24  # characters around a formula that tell what it is
LONGEST = 2_000
_TEX_MARK = re.compile(r"[\\^_{}]")
_STARTS = re.compile(r"\.?\d|\.")
_WORDS = re.compile(r"[A-Za-z]{2,}[,.;]? +(?:[\w%.*/+-]+ +)*[A-Za-z]{2,}")
_CALCULATED = re.compile(r"<<[\d(.$-]")  # GSM8K's marks: $<<12*3=36>>36
_WAITS = re.compile(r"[-+*/=×÷]\s*\Z")
_AMOUNT_NEXT = re.compile(r"[ \t]?\.?\d|<<")
_RANGE = re.compile(r"[-/,~–+]\s*\.?\d[\d.,]*\Z")
_CURRENCY = re.compile(r"(?<![A-Za-z])(?:US|CA|AU|NZ|HK|SG|NT|MX|C|A|R)\Z")
_TEXT = re.compile(r"\\(?:text|mbox|operatorname)")
_CODE = re.compile(r"""["]|(?<!\S)--[a-z]{2}|\}'\s*\|""")
_VARIABLE = re.compile(r"\{[A-Za-z_]\w+\}")
_OPENING = re.compile(r"[(\[{]\Z")
_JOINING = re.compile(r"[:;/*+<>]\Z")
_PAUSING = re.compile(r"[,.=]\Z")
_NAME = re.compile(r"[A-Za-z_]")
_NAME_OR_CALL = re.compile(r"[A-Za-z_({'\"]|\.[A-Za-z]")
_NAME_IN_CODE = re.compile(r"[A-Za-z_]\w*(?:->|::|[\[(,;)<]|[ ]*=[^=])")
_NAMES = re.compile(r"[A-Za-z_.]{2,}[^A-Za-z_.]+(?:.*[^A-Za-z_.])?[A-Za-z_.]{2,}\Z", re.DOTALL)
_SUSPECT = re.compile(
    r"""["]|<<|--[a-z]|[-+*/=×÷(\[{:<>,;.|]\s*\Z|\A\{\w+\}|\A[-/,~–+]?\.?\d[\d.,]*\Z|[A-Za-z]{2}.*[^A-Za-z].*[A-Za-z]{2}""",
    re.DOTALL,
)


def are_plain(tex: str, opener: str, before: str = "", after: str = "") -> bool:
    """Say whether the dollar signs around `tex` are dollar signs and no delimiters, as in `$5 and then $`.

    `before` and `after` are what stands around them, as far as it is known.
    """
    if opener != "$":
        return False
    return bool(_CALCULATED.search(tex)) or _is_money(tex, before, after) or _is_program(tex, before, after)


def are_plain_in(source: str, item: Formula) -> bool:
    """Say the same of a formula of `source`."""
    before = source[max(0, item.start - REACH) : item.start]
    return are_plain(item.tex, item.opener, before, source[item.end : item.end + REACH])


def plain(text: str, formulas: list[str]) -> list[bool]:
    """Say it of each formula of `text`; `formulas` are their sources, in the order `parser.to_html` has them.

    The text is only parsed again where one of them may be none.
    """
    if "$" not in text or not any(len(tex) < LONGEST and _SUSPECT.search(tex) for tex in formulas):
        return [False] * len(formulas)
    source = parser.readable(text)
    tree = parser.parse(source)
    found = (
        formula(source, tree.literal(node), '"display"' in node.attributes, node.start, node.end)
        for node in tree.nodes
        if "data-math-style" in node.attributes
    )
    return [are_plain_in(source, item) for item in found]


def _is_money(tex: str, before: str, after: str) -> bool:
    if len(tex) > LONGEST or _TEX_MARK.search(tex):
        return False
    if _RANGE.match(tex) and before[-1:].isdigit():
        return True  # 5$-10$
    if _CURRENCY.search(before) and tex[:1] in "0123456789./":
        return True
    if not _STARTS.match(tex):
        return False
    return bool(_WORDS.search(tex)) or bool(_WAITS.search(tex) and _AMOUNT_NEXT.match(after))


def _is_program(tex: str, before: str, after: str) -> bool:
    """Say whether shell, PHP or the like was meant: `$PATH:$HOME`, `"${a}${b}"`, `f($x,$y)`, `data$age, data$sex`."""
    if _CODE.search(tex) and not _TEXT.search(tex):
        return True
    if len(tex) > LONGEST or "\\" in tex or "^" in tex or not _NAME_OR_CALL.match(after):
        return False
    if _OPENING.search(tex) or _VARIABLE.match(tex):
        return True
    if _PAUSING.search(tex):
        return bool(_NAME_IN_CODE.match(after))
    if not _NAME.match(after) and after[0] != "{":
        return False
    glued = bool(re.search(r"[A-Za-z0-9_.)\]]\Z", before)) and bool(_NAMES.search(tex))
    return bool(_JOINING.search(tex)) or bool(_WORDS.search(tex)) or glued or (tex[-1:] == "-" and after[0] == "{")
