"""TEX301."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from server.lint import dollars, katex
from server.lint.diagnostic import Finding, Repair, Safety, message
from server.lint.document import Document
from server.lint.formulas import Formula
from server.lint.registry import Options, rule
from server.lint.rules.tex._text_mode import in_text

WIDE = message("The full-width “{words}” in a formula is set as text, not as mathematics.")
WRITE = message("Write {words}")
WHY = message("The half-width sign also changes the spacing.")
# a percent sign would begin a comment, and braces and backslashes would be commands
_ASCII = {**{chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)},
          "％": r"\%", "＃": r"\#", "＄": r"\$", "＆": r"\&", "｛": r"\{", "｝": r"\}", "＿": "_", "～": r"\sim ",
          "、": ",", "。": ".", "\u3000": r"\ ", "《": r"\langle ", "》": r"\rangle "}  # fmt: skip
FORMS = frozenset(_ASCII)
_PLAIN = frozenset("０１２３４５６７８９，（）")
_RUN = re.compile("[" + "".join(re.escape(char) for char in sorted(FORMS)) + "]+")
_MARKS = "，、；：。！？（） \t\r\n"
_LETTERS = re.compile("[\u3400-\u9fff]")


@rule(code="TEX301", name="full-width-form", level="warning")
def full_width_form(document: Document, options: Options) -> Iterator[Finding]:
    r"""A full-width sign, digit or letter stands in a formula.

    `（x，y）` compiles, but KaTeX sets such signs as text: brackets do not grow, commas and relations get no space.

    Fix safety: safe for digits, commas and round brackets; unsafe for the others.

    Bad:
        点 $（1，2）$
    Bad:
        $x＞０$
    Good:
        点 $(1, 2)$，$x > 0$，$\text{（略）}$
    """
    if document.text.isascii():
        return
    for formula in document.formulas:
        if formula.tex.isascii():
            continue
        for match in _RUN.finditer(formula.tex):
            if not _among_words(formula.tex, *match.span()) and not in_text(formula.tex, match.start()):
                yield _finding(document.text, formula, *match.span())


def _among_words(tex: str, start: int, end: int) -> bool:
    """Say whether Chinese words stand beside it on both sides: then it is their punctuation."""
    before, after = tex[:start].rstrip(_MARKS)[-1:], tex[end:].lstrip(_MARKS)[:1]
    return bool(_LETTERS.match(before) and _LETTERS.match(after))


def _finding(source: str, formula: Formula, start: int, end: int) -> Finding:
    words = formula.tex[start:end]
    plain = "".join(_ASCII[char] for char in words)
    mended = formula.tex[:start] + plain + formula.tex[end:]
    was, now = katex.check([(formula.tex, formula.display), (mended, formula.display)])
    compiles = now.kind == "ok"
    stays = was.kind == now.kind == "ok" and not dollars.are_plain_in(source, replace(formula, tex=mended))
    safety: Safety = "safe" if stays and set(words) <= _PLAIN else "unsafe"
    write = Repair(WRITE, safety, ((*formula.body.span(start, end), plain),), WHY, {"words": plain.strip()})
    repairs = (write,) if compiles or was.kind != "ok" else ()
    return Finding(*formula.body.span(start, end), WIDE, {"words": words}, repairs)
