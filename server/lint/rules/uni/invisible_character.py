"""UNI101."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Level, Repair, Safety, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.stretches import Stretches

INVISIBLE = message("An invisible character stands here: {name}.")
NO_BREAK = message("A no-break space stands here.")
BIDI = message("A direction mark stands here ({name}): text may be shown in another order than it is stored.")
REMOVE = message("Remove it")
SPACE = message("Replace it by a space")
_NO_BREAK = "\u00a0\u202f"
_BIDI = "\u202a-\u202e\u2066-\u2069"
_UNSEEN = re.compile(f"[{_NO_BREAK}]+|[\u200b\u2060-\u2064\u00ad\ufeff\u180e]+|[\u200c\u200d]|[\u200e\u200f]|[{_BIDI}]")
_ANY = re.compile(f"[{_NO_BREAK}\u200b-\u200f\u2060-\u2064\u00ad\ufeff\u180e{_BIDI}]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")
_ORDERING = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069"  # has its place; an override has none
_SPACES = re.compile(r"[ \t]*(?=[\r\n]|\Z)|")
_NEAR = 200  # characters within which a word tells a line of words from a mark of Markdown
_QUIET = re.compile(r"[^\W_]|[,;:?'\"“”‘’。，、；：？！（）…—%/ \t]")


@rule(code="UNI101", name="invisible-character", level="warning")
def invisible_character(document: Document, options: Options) -> Iterator[Finding]:
    """An invisible character stands in the text.

    Zero-width spaces, soft hyphens, byte order marks and no-break spaces come with pasted text. Nobody sees them, and a
    tokenizer does. Direction marks can show a text in another order than it is stored, which is an error; in text that
    holds Arabic or Hebrew they have their place. So do joiners within emoji and in scripts that join.

    How to mend: the fix removes the character, or puts a plain space for a no-break space. It asks first where the
    character stands beside Markdown or in a formula.

    Bad:
        four⟨U+200B⟩teen
    Bad:
        four⟨U+00A0⟩teen
    Bad:
        a⟨U+202E⟩b
    Good:
        fourteen, and 👩‍🚀
    """
    text = document.text
    if text.isascii():
        return
    if not _ANY.search(text):
        return
    codes = Stretches((block.start, block.end) for block in document.code_blocks)
    formulas = Stretches((item.start, item.end) for item in (*document.formulas, *document.currency))
    right_to_left = _RIGHT_TO_LEFT.search(text) is not None
    for match in _UNSEEN.finditer(text):
        start, end = match.span()
        if match.group()[0] in _NO_BREAK and start in codes:
            continue  # COD302's
        if not (right_to_left if text[start] in _ORDERING else _belongs(text, start, end)):
            yield _finding(document, start, end, start not in formulas and _is_safe(document, start, end))


def _belongs(text: str, start: int, end: int) -> bool:
    """Say whether the script or the emoji around the character needs it."""
    char = text[start]
    if char in "\u200c\u200d":
        around = text[max(0, start - 2) : start] + text[end : end + 1]
        before, after = text[start - 1 : start], text[end : end + 1]
        joined = bool(before and after) and not (before + after).isascii()
        return joined and any(unicodedata.category(each) in ("So", "Sk", "Lo", "Mn", "Mc") for each in around)
    return False


def _finding(document: Document, start: int, end: int, safe: bool) -> Finding:
    text, char = document.text, document.text[start]
    name = unicodedata.name(char, f"U+{ord(char):04X}").lower()
    safety: Safety = "safe" if safe else "unsafe"
    if char in _NO_BREAK:
        beside = text[start - 1 : start] in " \t" or text[end : end + 1] in " \t\r\n"
        plain = "" if start and beside else " "
        last = _SPACES.match(text, end).end() if plain == "" else end  # type: ignore[union-attr]
        return Finding(start, end, NO_BREAK, repairs=(Repair(SPACE, safety, ((start, last, plain),)),))
    level: Level | None = "error" if re.match(f"[{_BIDI}]", char) else None
    template = BIDI if level or char in "\u200e\u200f" else INVISIBLE
    return Finding(start, end, template, {"name": name}, (Repair(REMOVE, safety, ((start, end, ""),)),), level)


def _is_safe(document: Document, start: int, end: int) -> bool:
    """Say whether Markdown around cannot change: words on both sides, not where a block begins."""
    text = document.text
    line = document.map.lines[bisect_right(document.map.lines, start) - 1]
    head = text[max(line, start - _NEAR) : start]
    if not re.search(r"[^\W\d_]", head) or re.fullmatch(r"[\s>]*(?:[-*+]|\w{1,9}[.)]|#{1,6})\s*", head):
        return False
    before, after = text[start - 1], text[end : end + 1]
    return bool(_QUIET.match(before)) and (after in ("", "\n", "\r") or bool(_QUIET.match(after)))
