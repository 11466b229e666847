"""UNI102."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

LOST = message("A character was lost here: “\ufffd” stands in its place.")
GARBLED = message("“{text}” is “{meant}”, read in the wrong encoding.")
WRITE = message("Write {meant}")
# the 27 characters Windows-1252 has where Latin-1 has controls, and what it leaves undefined
_WINDOWS = {bytes([code]).decode("cp1252", "ignore") or chr(code): code for code in range(0x80, 0xA0)}
_HIGH = "".join(map(re.escape, _WINDOWS)) + "\u00a0-\u00ff"
_SUSPECT = re.compile(rf"[\u00c2-\u00f4][{_HIGH}]+(?:(?<=[\u00e2-\u00f4].) ?[{_HIGH}]+)*")
_TWICE_LOST = re.compile("(?:锟斤拷)+")  # the bytes of two U+FFFD, as GBK has them
_LIKELY = re.compile(
    "[\u00a0-\u00ff\u0391-\u03c9\u0410-\u044f\u2010-\u205e\u20a0-\u20bf\u2100-\u22ff\u2500-\u27bf\u3000-\u30ff"
    "\u4e00-\u9fff\uff01-\uff5e\U0001f300-\U0001faff\ufe0f\u200b-\u200d\ufeff\ufffd]+"
)


@rule(code="UNI102", name="mojibake", level="error")
def mojibake(document: Document, options: Options) -> Iterator[Finding]:
    """Characters were lost or read in the wrong encoding.

    `â€™` is an apostrophe, `Ã©` an é, that was UTF-8 and read as something else; `\ufffd` stands for a character that
    is gone for good, and so does 锟斤拷.

    How to mend: write what was meant. The fix only shows it, as the text may have lost more.

    Bad:
        It doesnâ€™t.
    Bad:
        CafÃ©
    Bad:
        Four \ufffd five.
    Good:
        It doesn’t: café, Ångström, São Paulo, “CAFÉ…”
    """
    if document.text.isascii():
        return
    for match in re.finditer("\ufffd+", document.text):
        yield Finding(match.start(), match.end(), LOST)
    for match in _TWICE_LOST.finditer(document.text):
        yield Finding(match.start(), match.end(), GARBLED, {"text": match.group(), "meant": "\ufffd"})
    for match in _SUSPECT.finditer(document.text):
        meant = _read(match.group())
        if meant and _LIKELY.fullmatch(meant):
            repair = Repair(WRITE, "display", ((match.start(), match.end(), meant),), args={"meant": meant})
            args = {"text": match.group(), "meant": meant}
            yield Finding(match.start(), match.end(), GARBLED, args, (repair,))


def _read(text: str) -> str:
    """Return the text whose UTF-8 bytes, read as Windows-1252, look like `text`; empty when there is none."""
    codes = [_WINDOWS.get(char, ord(char)) for char in text]
    if any(code > 0xFF for code in codes):
        return ""
    try:
        return bytes(codes).decode("utf-8")
    except UnicodeDecodeError:
        return ""
