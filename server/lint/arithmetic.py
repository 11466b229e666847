"""Sums of plain numbers in running text, computed exactly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?P<percent>\s?%)?|(?P<sign>[-+*/()×÷−·∙]|(?<=[\d\s)])[xX](?=\s*[\d(.$]))"
    r"|(?P<money>\$))"
)
_SAME = {"×": "*", "·": "*", "∙": "*", "x": "*", "X": "*", "÷": "/", "−": "-"}
_LEFT = "0123456789.,%$()+-*/×÷−·∙xX \t"
_RIGHT = re.compile(
    r"[ \t]*(?P<minus>[-−])?[ \t]*\$?(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?P<percent>%)?"
)
_GOES_ON = re.compile(
    r"[ \t]*(?:[-+*/×÷−·∙^(_:]|[xX](?=[\s\d(])|=>|(?:hundred|thousand|million|billion|dozen|cents?|remainder|rem)\b"
    r"|[rR][ \d]|[余…万亿千百]|\.\.\.)|[A-Za-z]?\d|[.,]\d|[\ue000-\ue005]|%|\s*(?:or|to)\s+\d"
)
_STARTS = re.compile(r"[ \t,)x]*(?:\.(?!\d)[ \t]*)*")
_BEFORE = re.compile(
    r"(?:[\ue000-\ue005%^_\\={}–—*/+√∛加减乘除第]|[乘除]以|加上|减去"
    r"|\b(?:mod|plus|minus|times|(?:divided|multiplied) by|log|ln|sin|cos|tan))\Z",
    re.IGNORECASE,
)
_PADDED = re.compile(r"(?<![\d.,])0\d")  # of a date or a code
_TWICE_DIVIDED = re.compile(r"[/÷]\s*\$?[\d.,]+\s*[/÷]")
_LONGEST = 160
_REACH = 20  # of which the longest word that continues a sum is not all
_FLOATING = 9  # so many decimals come from a machine, whose last ones are noise
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Claim:
    """`left = right` at `start:end`; the value claimed stands at `right:end`, `value` is the true one."""

    start: int
    right: int
    end: int
    value: Fraction
    claimed: Fraction
    places: int
    percent: bool

    @property
    def holds(self) -> bool:
        """Whether the claim is true, or right when rounded to the digits shown, or as a computer rounds."""
        if self.places >= _FLOATING and abs(self.value - self.claimed) * 10**_FLOATING <= max(1, abs(self.value)):
            return True
        unit = Fraction(1, 10**self.places) / (100 if self.percent else 1)
        return abs(self.value - self.claimed) * 2 <= (unit if self.value.denominator > 1 else 0)


def claims(text: str, start: int, end: int) -> Iterator[Claim]:
    """Yield the equations in `text[start:end]` whose left side is whole: plain numbers, signs and brackets."""
    at = text.find("=", start, end)
    while at >= 0:
        if claim := _claim(text, start, at, end):
            yield claim
        at = text.find("=", at + 1, end)


def _claim(text: str, first: int, at: int, end: int) -> Claim | None:
    right = _RIGHT.match(text, at + 1, end)
    if right is None or _GOES_ON.match(text, right.end(), end) or text[at - 1 : at] in ("<", ">", "!", "=", "≈", ":"):
        return None
    before = text[max(first, at - _LONGEST) : at]
    left = len(before) - len(before.rstrip(_LEFT))
    if not left:
        return None
    skipped = _STARTS.match(text, at - left, at)
    begin = skipped.end() if skipped else at - left
    if not _begins(text, first, begin):
        return None
    value = evaluate(text[begin:at])
    if value is None:
        return None
    number, places = _number(right["number"])
    percent = right["percent"] is not None
    claimed = (-number if right["minus"] else number) / (100 if percent else 1)
    if _fraction_of_something(text[begin:at], claimed) or (percent and "%" not in text[begin:at]):
        return None
    return Claim(begin, right.start("number"), right.end(), value, claimed, places, percent)


def _begins(text: str, first: int, begin: int) -> bool:
    """Say whether the left side cannot go on before `begin`: no letter or sign touches it, no formula stands before."""
    before = text[max(first, begin - _LONGEST) : begin]
    if (before[-1:].isalnum() and not "\u4e00" <= before[-1] <= "\u9fff") or _BEFORE.search(before.rstrip()[-_REACH:]):
        return False
    return text[begin : begin + 1] not in "+*/×÷·∙" and not (text[begin] in "-−" and re.search(r"\S\s*\Z", before))


def _fraction_of_something(left: str, claimed: Fraction) -> bool:
    """`2/3 = 40` says two thirds of something that stands in the words before."""
    match = re.fullmatch(r"\s*(\d+)\s*[/÷]\s*(\d+)\s*", left)
    return match is not None and int(match[1]) <= int(match[2]) and claimed > 1


def evaluate(expression: str) -> Fraction | None:
    """Return the value of a whole expression with at least one operation; None for anything else."""
    tokens = list(_tokens(expression))
    if not tokens or None in tokens or not any(sign in ("+", "-", "*", "/") for sign in tokens[1:]):
        return None
    if "%" in expression and any(sign in ("+", "-") for sign in tokens):
        return None  # `80 - 20%` means a fifth of the eighty to some
    if _PADDED.search(expression):
        return None
    if _TWICE_DIVIDED.search(expression):
        return None  # `6 / 1/2` means twelve to most who write it
    parser = _Parser([token for token in tokens if token is not None])
    try:
        value = parser.sum(0)
    except (_NotAnExpression, ZeroDivisionError):
        return None
    return value if parser.at == len(parser.tokens) else None


def _tokens(expression: str) -> Iterator[str | Fraction | None]:
    at, stop = 0, len(expression.rstrip())
    while at < stop:
        match = _TOKEN.match(expression, at, stop)
        if match is None:
            yield None
            return
        if match["number"]:
            yield _number(match["number"])[0] / (100 if match["percent"] else 1)
        elif match["sign"]:
            yield _SAME.get(match["sign"], match["sign"])
        at = match.end()


def _number(text: str) -> tuple[Fraction, int]:
    digits = text.replace(",", "")
    return Fraction(digits), len(digits.partition(".")[2])


class _NotAnExpression(Exception):
    pass


class _Parser:
    """Recursive descent over numbers, `+ - * /` and brackets."""

    def __init__(self, tokens: list[str | Fraction]) -> None:
        self.tokens = tokens
        self.at = 0

    def next(self) -> str | Fraction | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def sum(self, depth: int) -> Fraction:
        value = self.product(depth)
        while self.next() in ("+", "-"):
            plus = self.next() == "+"
            self.at += 1
            other = self.product(depth)
            value = value + other if plus else value - other
        return value

    def product(self, depth: int) -> Fraction:
        value = self.atom(depth)
        while self.next() in ("*", "/"):
            times = self.next() == "*"
            self.at += 1
            other = self.atom(depth)
            value = value * other if times else value / other
        return value

    def atom(self, depth: int) -> Fraction:
        here = self.next()
        self.at += 1
        if isinstance(here, Fraction):
            return here
        if depth > _DEEPEST or here not in ("(", "-"):
            raise _NotAnExpression
        if here == "-":
            return -self.atom(depth + 1)
        value = self.sum(depth + 1)
        if self.next() != ")":
            raise _NotAnExpression
        self.at += 1
        return value
