"""Dollar signs that pair in Markdown and are no delimiters: amounts of money, and variables of programs.

The reader's page and lint ask the same question, so what is no formula here is shown as it is written.
"""

import re

from server.lint import money, parser, programs
from server.lint.formulas import Formula, of_tree

AROUND = 24  # characters beside dollars that tell what they are
LONGEST = 2_000
_LEVELS = re.compile(r"\s*(?:[-–—~,;/|&、，～]|and|or|to|vs\.?|和|与|或|到|至)\s*\Z")
_MORE = re.compile(r"\$(?!\$)")


def are_plain(tex: str, opener: str, before: str = "", after: str = "") -> bool:
    """Say whether the dollar signs around `tex` are dollar signs and no delimiters, as in `$5 and then $`.

    `before` and `after` are what stands around them, as far as it is known.
    """
    if opener == "$$":  # how dear it is: `$$ or $$$`
        return _LEVELS.match(tex) is not None and (len(tex.strip()) > 1 or _MORE.match(after) is not None)
    if opener != "$" or not tex or len(tex) > LONGEST:
        return False
    return money.is_money(tex, before, after) or programs.is_program(tex, before, after)


def are_plain_in(source: str, item: Formula) -> bool:
    """Say the same of a formula of `source`."""
    before = source[max(0, item.start - AROUND) : item.start]
    return are_plain(item.tex, item.opener, before, source[item.end : item.end + AROUND])


def plain(text: str, formulas: list[str]) -> list[bool]:
    """Say it of each formula of `text`; `formulas` are their sources, in the order `parser.to_html` has them."""
    if "$" not in text:
        return [False] * len(formulas)
    source = parser.readable(text)
    return [are_plain_in(source, item) for item in of_tree(source, parser.parse(source))]
