r"""The final answer of a text: in `\boxed{…}`, after `####`, or in the sentence that names it."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from server.lint.document import Document
from server.lint.stretches import Stretches

Form = Literal["boxed", "hashes", "phrase"]
_BOXED = re.compile(r"\\f?boxed\s*\{")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_HASHES = re.compile(r"^[ \t>]*####[ \t]+(?P<answer>[^\n]*\S)[ \t]*$", re.MULTILINE)
_LETTER = r"(?-i:[A-JＡ-Ｊ]{1,6}(?![A-Za-z]))"
_PHRASE = re.compile(
    r"(?:\b(?:the|our|your|my)\s+)?(?:\bfinal\s+|\bcorrect\s+)?\b(?:answer|choice|option)\b[*_]*\s*(?:\bis\b|=|:|：)[*_]*"
    r"(?:\s*(?:option|choice)\b)?\s*:?\s*|^[#*_> \t]*final\s+answer[*_: \t]*\r?\n\s*"
    r"|^[> \t]*(?:#{1,6}[ \t]+|\*\*|__)(?:answer|(?:最[终后])?答案)[*_:： \t]*\r?\n\s*|【答案】\s*[:：]?\s*"
    r"|(?:正确的?|最终的?)?(?:答案|选项)(?:应该|应)?[是为:：]+\s*|最[终后]结果(?:应该|应)?[是为:：]+\s*"
    r"|(?:故|应|因此|所以|综上|本题|答案)?选择?\s*[:：]?\s*(?=[*_]*\$*[({（\\]*(?:(?:text|mathrm|rm)\b|"
    + _LETTER
    + r"))"
    r"|\b(?:therefore|thus|hence|so),?\s+(?:the\s+)?(?:correct\s+)?(?:option\s+|choice\s+)?(?=\(?"
    + _LETTER
    + r"\)?\s+is\s+(?:the\s+)?(?:correct|right)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_REACH = 400  # characters within which an answer must end
_LAST_LINE = re.compile(r"[> \t]*(?:A|Ans)[.:：][ \t]+(?P<answer>\S.*)")
_OPTIONS = re.compile(r"^[> \t]*B[.:：)]", re.MULTILINE)
_LISTED = r"(?!\$*(?:[A-J]\b|-?[\d.]+(?:[,，.。]|\s|\Z)))"
_STOP = re.compile(
    rf"(?:[.;](?=\s|$)|,(?=\s{_LISTED})|[。．；!?！？\n<【]|\\\\|，{_LISTED}|\s[-–—]\s|\s+is\s+(?:the\s+)?(?:correct|right)\b|$)",
    re.MULTILINE,
)
_FIRST_OF_SEVERAL = re.compile(r"[（(]\s*[1１]\s*[）)]|①")
_DRESS = re.compile(
    r"\\(?:text|mathrm|mathbf|textbf|rm|bf|mbox)\b|\*\*|__|[\s(){}$.。．:：,，、\[\]\\（）]|选项|option|choice|\band\b|[和及与]",
    re.IGNORECASE,
)
_UPRIGHT = r"\\(?:text|mathrm|rm|bf)\s*\{?\s*"
_VALUED = re.compile(rf"(?:{_UPRIGHT}|[{{$\s])*\(\s*(?:{_UPRIGHT})*([A-J])\s*\}}?\s*\)")
_NAMED = re.compile(r"\s*[A-Za-z](?:_\{?\w+\}?)?\s*=\s*(?=[^=<>]*\Z)")
_CHOICES = re.compile(r"[A-J]{1,6}")
_NUMBER = re.compile(r"(?P<sign>[-+−]?)(?P<digits>\d+(?:\.\d+)?|\.\d+)(?P<percent>%?)")
_QUOTIENT = re.compile(
    r"(?P<sign>[-+−]?)(?:\\[dt]?frac\{(?P<a>-?\d+)\}\{(?P<b>\d+)\}|\\[dt]?frac(?P<c>\d)(?P<d>\d)|(?P<e>\d+)/(?P<f>\d+))"
)
_UNIT = re.compile(
    r"(?:\\(?:text|mbox|mathrm|textrm)\{[^{}]*\}|(?<=\d)[ ~]+[A-Za-z]{2,}[A-Za-z ]*|(?<=\d) ?[\u4e00-\u9fff]{1,4}"
    r"|\^\{?\\circ\}?|\\?\$)+[.。]?\Z"
)
_LARGE = re.compile("[百千万亿]|hundred|thousand|million|billion|dozen")
_NOISE = re.compile(r"\\(?:left|right|displaystyle|[,;:! ]|q?quad)(?![A-Za-z])|\\?\$|\s|~|(?<=\d),(?=\d{3})|\{,\}|\.\Z")


@dataclass(frozen=True, slots=True)
class FinalAnswer:
    """`text` as it was written, at `start:end` of the source, found by `form`."""

    text: str
    start: int
    end: int
    form: Form

    @property
    def choices(self) -> str:
        """The letters of a multiple-choice answer in order (`AC`), or nothing."""
        return choices(self.text)


def boxed(document: Document) -> list[FinalAnswer]:
    r"""Return what stands in `\boxed{…}`, in order, in formulas and outside but not in code."""
    if "boxed" not in document.text:
        return []
    hidden = Stretches([*((block.start, block.end) for block in document.code_blocks), *document.code_spans])
    found = []
    for match in _BOXED.finditer(document.text):
        if match.start() in hidden:
            continue
        end = _closing(document.text, match.end())
        if end >= 0:
            found.append(FinalAnswer(document.text[match.end() : end].strip(), match.start(), end + 1, "boxed"))
    return found


def _closing(text: str, start: int) -> int:
    depth = 1
    for match in _BRACE.finditer(text, start, start + 2_000):
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth == 0:
            return match.start()
    return -1


def hashes(document: Document) -> list[FinalAnswer]:
    """Return what stands on lines that begin with `####`, as GSM8K has it."""
    if "####" not in document.text:
        return []
    return [FinalAnswer(match["answer"], *match.span("answer"), "hashes") for match in _HASHES.finditer(document.text)]


def phrases(document: Document) -> list[FinalAnswer]:
    """Return what a sentence names as the answer: `The answer is 4`, `答案：4`, `故选 B`."""
    return list(_phrases(document))


def _phrases(document: Document) -> Iterator[FinalAnswer]:
    text = document.text
    code = Stretches((block.start, block.end) for block in document.code_blocks)
    formulas = sorted(document.formulas, key=lambda item: item.start)
    for match in _PHRASE.finditer(text):
        if match.start() in code:
            continue
        start = match.end()
        stop = _STOP.search(text, start, start + _REACH)
        end = stop.start() if stop else min(len(text), start + _REACH)
        answer = text[start:end].strip(" \t*_")
        at = bisect_left(formulas, start, key=lambda item: item.start)
        formula = next((item for item in formulas[at : at + 1] if item.start <= start + 3), None)
        if formula and not choices(answer) and not text[start : formula.start].strip(" *_"):
            yield FinalAnswer(formula.tex.strip(), formula.start, formula.end, "phrase")
        elif answer and len(answer) <= 80 and not (_FIRST_OF_SEVERAL.match(answer) or answer.startswith("not ")):
            yield FinalAnswer(answer, start, start + len(text[start:end].rstrip()), "phrase")
    end = len(text.rstrip())
    last = _LAST_LINE.fullmatch(text, text.rfind("\n", 0, end) + 1, end)
    if last and not _OPTIONS.search(text) and last.start() not in code:
        yield FinalAnswer(last["answer"], *last.span("answer"), "phrase")


def final(document: Document) -> FinalAnswer | None:
    """Return the final answer: the last box, else the last `####`, else the last sentence that names one."""
    for find in (boxed, hashes, phrases):
        if found := find(document):
            return found[-1]
    return None


def letters(text: str) -> str:
    """Return the letters of a multiple-choice answer as they stand, or nothing when it is none.

    `(A) 255`, a letter in brackets with its value, is the letter.
    """
    plain = unicodedata.normalize("NFKC", text)
    bare = _DRESS.sub("", plain)
    if _CHOICES.fullmatch(bare):
        return bare
    valued = _VALUED.match(plain)
    return valued[1] if valued else ""


def choices(text: str) -> str:
    """Return the letters of a multiple-choice answer in order, each once, or nothing when it is none."""
    return "".join(sorted(set(letters(text))))


def unit(text: str) -> str:
    """Return the unit of a number, in small letters and without a plural's s; nothing where there is none."""
    found = _UNIT.search(text)
    words = re.sub(r"\\[A-Za-z]+|[^A-Za-z\u4e00-\u9fff]", "", found.group()) if found else ""
    return words.lower().removesuffix("s")


def number(text: str) -> tuple[Fraction, int] | None:
    """Return a plain number exactly, with the decimal places shown (-1 for a quotient); None for anything else."""
    text = _NAMED.sub("", text)
    measured = _UNIT.search(text)
    if measured and _LARGE.search(measured.group()):
        return None
    bare = _NOISE.sub("", text[: measured.start()] if measured else text).replace("\\%", "%").replace("−", "-")
    if match := _NUMBER.fullmatch(bare):
        value = Fraction(match["digits"]) * (-1 if match["sign"] in ("-", "−") else 1)
        places = len(match["digits"].partition(".")[2])
        return (value / 100, places + 2) if match["percent"] else (value, places)
    if match := _QUOTIENT.fullmatch(bare):
        above, below = match["a"] or match["c"] or match["e"], match["b"] or match["d"] or match["f"]
        if int(below):
            return Fraction(int(above), int(below)) * (-1 if match["sign"] == "-" else 1), -1
    return None
