"""TYP105."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document, Leaf
from server.lint.masks import HIDDEN, MARK
from server.lint.registry import Options, rule

OPEN = message("The answer ends without a full stop: it may have been cut off.")
HEADING = message("The answer ends in a heading with nothing under it.")
_CLOSING = " \t\r\n\"'”’»)]）】》」』*_~|" + MARK
_ENDS = re.compile(rf"[.!?…。！？：；:;,，、~～—\d{HIDDEN}]|[^\w\s]")
_LETTER = re.compile(r"(?:\A|[^A-Za-z])[A-Z]\Z")
_LAST_WORD = re.compile(r"(?:[\u4e00-\u9fff]{1,2}|[^\s\u4e00-\u9fff]+)\Z")
_HASHTAG = re.compile(r"#\w+\Z")
_WORDS = re.compile(r"[\u4e00-\u9fff]|\w+")
SHORTEST = 6
_LONGEST = 200  # characters of a last word


@rule(code="TYP105", name="open-ending", level="warning")
def open_ending(document: Document, options: Options) -> Iterator[Finding]:
    """The answer ends in the middle of a sentence.

    A last paragraph without a full stop is what a model leaves when it runs out of tokens. Lists, tables, code,
    formulas, addresses, a number or a letter as the answer, verse, signatures and answers of a few words may end as
    they like.

    How to mend: finish the sentence, or add the full stop.

    Bad:
        The sum of the two numbers is even because each of them is
    Bad:
        因为这两个数都是偶数，所以它们的和也
    Bad:
        Both are even.

        ## The converse
    Good:
        The sum of the two numbers is even, because each of them is.
    Good:
        Both agree, so the answer is B
    Good:
        Paris
    """
    last = document.leaves[-1] if document.leaves else None
    if last is None or document.text[last.end :].strip() or any(block.end > last.end for block in document.code_blocks):
        return
    if last.kind == "heading":
        title = document.masked[last.start : last.end].strip("# \t\r\n")
        if len(document.leaves) > 1 and title and not re.search(rf"[\d{HIDDEN}]", title):
            yield Finding(last.start, last.end, HEADING)
    elif last.kind in ("paragraph", "item") and not _in_list(document, last) and _is_open(document, last):
        end = last.start + len(document.text[last.start : last.end].rstrip())
        word = _LAST_WORD.search(document.text, max(last.start, end - _LONGEST), end)
        yield Finding(word.start() if word else last.start, end, OPEN)


def _in_list(document: Document, leaf: Leaf) -> bool:
    """Say whether the leaf belongs to a list of several items, or to a footnote."""
    around = (node for node in document.nodes if node.start <= leaf.start < node.end)
    return any(node.tag == "section" or (node.tag in ("ul", "ol") and len(node.children) > 1) for node in around)


def _is_open(document: Document, leaf: Leaf) -> bool:
    text = document.masked[leaf.start : leaf.end].rstrip(_CLOSING)
    whole = document.masked[leaf.start : leaf.end].rstrip()
    if (
        not text.strip()
        or _ENDS.match(text[-1])
        or _ENDS.match(whole[-1].replace(MARK, "a"))
        or _LETTER.search(text)
        or _HASHTAG.search(text)
    ):
        return False
    if len(_WORDS.findall(text)) < SHORTEST:
        return False
    lines = [line.rstrip(_CLOSING) for line in text.split("\n")]
    before = lines[-2][-1:] if len(lines) > 1 else ""
    if before and before in ",，" and len(_WORDS.findall(lines[-1])) <= 4:
        return False  # a signature
    verse = sum(bool(line) and not re.match(r"[.!?。！？]", line[-1]) for line in lines)
    return len(lines) < 3 or verse * 2 < len(lines)
