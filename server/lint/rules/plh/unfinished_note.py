"""PLH102."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule

NOTE = message("“{text}” says that something is still to be done here.")
_NOTE = re.compile(
    r"(?<![A-Za-z0-9_/#.-])(?:TODO|FIXME|TBD|TBC|TKTK)(?![A-Za-z0-9_/-])(?!\s+(?:list|app|item|comment|tag|application|task)s?\b)"
    r"|(?i:\blorem ipsum\b)|(?<![\w.-])X{3,5}(?=[:\]）)】])"
    r"|[【\[（(]\s*(?:待补充|待填写|待完善|待续|此处省略)\s*[】\]）)]|待补充"
)

_HINTS = ("TODO", "FIXME", "TBD", "TBC", "TKTK", "XXX", "orem", "OREM", "待", "此处省略")


@rule(code="PLH102", name="unfinished-note", level="error")
def unfinished_note(document: Document, options: Options) -> Iterator[Finding]:
    """A note to oneself was left in the answer.

    TODO, FIXME, TBD, `XXX:`, lorem ipsum, 待补充. Capitals count, so a to-do list passes, and so does a word that the
    prompt uses. Code is not looked at.

    Bad:
        The converse: TODO
    Bad:
        Lorem ipsum dolor sit amet.
    Bad:
        第三步【待补充】
    Good:
        Write a to-do list, `# TODO` in code, and a TODO comment.
    Good (prompt: What does TODO mean):
        TODO marks work that is left.
    """
    if not any(hint in document.masked for hint in _HINTS):
        return
    for match in _NOTE.finditer(document.masked):
        if match.group().lower() not in document.context.prompt.lower():
            yield Finding(match.start(), match.end(), NOTE, {"text": match.group()})
