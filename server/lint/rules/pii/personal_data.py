"""PII101."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.masks import ADDRESS, MATH
from server.lint.registry import Options, rule
from server.lint.rules.pii._kinds import EMAIL, KINDS

MASK = message("Mask it")
_DIGITS = re.compile(r"\d[\d ()（）.-]{8,}\d")
_HINTS = tuple(hint for kind in KINDS for hint in kind.hints)


@rule(code="PII101", name="personal-data", level="warning")
def personal_data(document: Document, options: Options) -> Iterator[Finding]:
    """Personal data or a secret stands in the answer.

    E-mail addresses and telephone numbers are a warning; identity numbers and bank cards with a right check digit, and
    keys of well-known services, are an error. What the prompt holds too, hotlines, numbers that are never given out and
    addresses at example.com pass.

    How to mend: leave it out, or put a stand-in. The fix only shows it masked.

    Bad:
        Write to ada.smith@goldsmith.io.
    Bad:
        请拨打 13812345670。
    Bad:
        证件号 11010519491231002X
    Good:
        Write to ada@example.com or ring 1-800-555-0199.
    Good (prompt: Is ada.smith@goldsmith.io a valid address):
        Yes, ada.smith@goldsmith.io is valid.
    """
    digits, hinted = _DIGITS.search(document.text), any(map(document.text.__contains__, _HINTS))
    for kind in KINDS:
        if not (hinted if kind.hints else digits):
            continue
        for match in kind.sign.finditer(document.text):
            start, end = match.span()
            shown = document.masked[start]
            hidden = shown in (" ", MATH) or (shown == ADDRESS and kind.template != EMAIL)
            if (kind.prose and hidden) or match.group() in document.context.prompt:
                continue
            if kind.holds(match.group(), document.text[max(0, start - 40) : start]):
                masked = re.sub(r"\w", "*", match.group())
                repair = Repair(MASK, "display", ((start, end, masked),))
                yield Finding(start, end, kind.template, repairs=(repair,), level=kind.level)
