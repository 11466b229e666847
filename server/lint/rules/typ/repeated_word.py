"""TYP102."""

import operator
import re
from collections.abc import Iterator
from itertools import islice, pairwise

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

TWICE = message("“{word}” stands here twice.")
REMOVE = message("Remove one")
_WORD = r"[a-z\u00df-\u00ff]+(?:['’][a-z]+)?"
_TWICE = re.compile(
    rf"(?<![^\W\u4e00-\u9fff]|['’-])(?P<word>{_WORD})"
    r"(?P<again>[ \t]+(?P=word)|[ \t]*\r?\n[ \t]*(?P=word))(?![^\W\u4e00-\u9fff]|['’-])",
    re.IGNORECASE,
)
_HAN = re.compile(
    r"(?<![目标有别])(?P<de>的)的(?![确士的])|(?<![不了一未])(?P<le>了)了(?![解结却然事了])|(?<!存)(?P<zai>在)在(?!在)"
    r"|(?<!是)(?P<shi>是)是(?![是非])|(?<!和)(?P<he>和)和(?![和气美])|(?P<yu>与)与(?!与)|(?P<ba>把)把(?!把)"
)
_PAIRS = ("的的", "了了", "在在", "是是", "和和", "与与", "把把")
_USUAL = """
that had very really so much bye ha hah no long blah knock many far now well never there more hey hip tut tsk yes
too is do done can will what who her way ding tick boo la da na night half pom
log ln max min win cha hush walla pip
"""
USUAL = frozenset(_USUAL.split())


@rule(code="TYP102", name="repeated-word", level="warning")
def repeated_word(document: Document, options: Options) -> Iterator[Finding]:
    """A word stands twice in a row.

    “the the”, 的的. Words that English doubles, such as “that that” and “had had”, names, single letters and words
    three times in a row pass, and so do Chinese words that hold a character twice.

    How to mend: remove one, unless it is meant.

    Bad:
        This is the the answer.
    Bad:
        The sum of of both.
    Bad:
        这是我们的的答案。
    Good:
        I know that that is so; Duran Duran; a very very long row row row. 为了了解目的的差别。
    """
    text, words = document.masked, document.tokens
    doubled = any(map(operator.eq, words, islice(words, 1, None)))  # of Chinese characters too
    if not doubled:
        return
    twice = any(one == two and one.islower() for one, two in pairwise(words)) if document.han else True
    han = document.han and any(pair in text for pair in _PAIRS)
    for leaf in document.leaves:
        for match in _TWICE.finditer(text, leaf.start, leaf.end) if twice else ():
            word = match["word"]
            if _is_slip(text, match, leaf.end):
                yield _finding(match.start(), match.end(), match.end("word"), word)
        for match in _HAN.finditer(text, leaf.start, leaf.end) if han else ():
            yield _finding(match.start(), match.end(), match.start() + 1, match.group()[0])


def _is_slip(text: str, match: re.Match[str], end: int) -> bool:
    word = match["word"]
    if len(word) < 2 and word != "a":
        return False
    if word.lower() in USUAL or (word != word.lower() and match["again"].strip() != word.lower()):
        return False
    again = match["again"].strip()
    if word == word.lower() and again != again.lower():
        return False  # a new line begins a new sentence
    after = re.compile(rf"[\s,-]+{re.escape(word)}\b", re.IGNORECASE)
    before = text[max(0, match.start() - len(word) - 2) : match.start()].lower()
    return not after.match(text, match.end(), end) and word.lower() not in before


def _finding(start: int, end: int, cut: int, word: str) -> Finding:
    return Finding(start, end, TWICE, {"word": word}, (Repair(REMOVE, "unsafe", ((cut, end, ""),)),))
