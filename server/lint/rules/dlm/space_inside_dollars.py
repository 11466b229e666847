"""DLM005."""

import re
from collections import Counter
from collections.abc import Iterator

from server.lint import dollars, lone_dollars
from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule
from server.lint.rules.tex import _sound

_CLOSER = {"$": "$", "\\(": "\\)"}
_MARGIN = re.compile(r"\r?\n[ \t>]*")
SPACED = message("A space beside a dollar sign keeps this from being read as a formula.")
REMOVE = message("Remove the spaces")


@rule(code="DLM005", name="space-inside-dollars", level="warning")
def space_inside_dollars(document: Document, options: Options) -> Iterator[Finding]:
    r"""A space stands inside `$ x $`.

    The dollar signs of an inline formula touch it: `$x$`. With a space they are taken for money, and the formula is
    shown as its source.

    Fix safety: safe where the formula compiles and no other rule then speaks of it.

    Bad:
        So $ x^2 $ is even.
    Bad:
        So $x^2 $ is even.
    Good:
        So $x^2$ is even; $5 and $ 6 are money.
    """
    used = Counter(item.opener for item in document.formulas if not item.display)
    opener = max(used, key=lambda each: used[each], default="$")  # DLM002 asks for the more frequent one
    for start, end in lone_dollars.spaced(document):
        shown = document.masked[start + 1 : end - 1]
        left, right = len(shown) - len(shown.lstrip()), len(shown) - len(shown.rstrip())
        tex = _MARGIN.sub(" ", document.text[start + 1 + left : end - 1 - right])
        before, after = document.text[max(0, start - dollars.AROUND) : start], document.text[end : end + dollars.AROUND]
        safe = _sound.is_sound(tex, False) and not dollars.are_plain(tex, opener, before, after)
        edits = ((start, start + 1 + left, opener), (end - 1 - right, end, _CLOSER[opener]))
        if opener == "$":
            edits = ((start + 1, start + 1 + left, ""), (end - 1 - right, end - 1, ""))
        remove = Repair(REMOVE, "safe" if safe else "unsafe", tuple(edit for edit in edits if edit[0] < edit[1]))
        yield Finding(start, end, SPACED, repairs=(remove,))
