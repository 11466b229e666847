"""ZHT106."""

import re
import unicodedata
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, Safety, message
from server.lint.document import Document
from server.lint.registry import rule
from server.lint.rules.zht import _lines

WIDE = message("“{wide}” is written in full-width characters.")
NARROW = message("Write {narrow}")
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]+")


@rule(code="ZHT106", name="full-width-character", level="warning", options=_lines.Typography)
def full_width_character(document: Document, options: _lines.Typography) -> Iterator[Finding]:
    """Letters or digits are full-width.

    `１２３` and `ＡＢＣ` are other characters than 123 and ABC: no search finds them and no machine computes with them.
    Punctuation is left alone.

    How to mend: the fix writes the narrow ones.

    Bad:
        共有１２种，选Ａ。
    Good:
        共有12种，选A。
    Good (profile: "off"):
        共有１２种，选Ａ。
    """
    if options.profile == "off" or document.text.isascii():
        return
    for leaf in document.leaves:
        for match in _WIDE.finditer(document.masked, leaf.start, leaf.end):
            start, end = match.span()
            narrow = unicodedata.normalize("NFKC", match.group())
            head = document.masked[document.line(start)[0] : start]
            # a number that begins a line could begin a list
            safety: Safety = "safe" if head.strip() or document.text[end : end + 1] not in (".", ")") else "unsafe"
            repair = Repair(NARROW, safety, ((start, end, narrow),), args={"narrow": narrow})
            yield Finding(start, end, WIDE, {"wide": match.group()}, (repair,))
