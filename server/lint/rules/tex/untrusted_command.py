"""TEX109."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.registry import Options, rule

UNTRUSTED = message("{command} is shown as red text: formulas may not link, load or style.")
KEEP = message("Keep only “{text}”")
_COMMAND = re.compile(
    r"(?<!\\)(?:\\\\)*(?P<command>\\(?:href|url|includegraphics|html(?:Class|Id|Style|Data)))(?![A-Za-z])"
    r"(?:\s*\{[^{}]*\}\s*\{(?P<kept>[^{}]*)\})?"
)

_HINT = re.compile(r"\\(?:href|url|includegraphics|html)")


@rule(code="TEX109", name="untrusted-command", level="error")
def untrusted_command(document: Document, options: Options) -> Iterator[Finding]:
    r"""A formula tries to link, load a picture or set a style.

    `\href`, `\url`, `\includegraphics` and `\htmlClass` compile, but KaTeX shows them as red text unless it trusts
    the author. Write the link in Markdown, outside the formula.

    Bad:
        $\href{https://example.org}{x}$
    Good:
        [$x$](https://example.org)
    """
    for formula, verdict in document.judged() if _HINT.search(document.text) else ():
        if verdict.kind != "ok":
            continue
        for match in _COMMAND.finditer(formula.tex):
            start, end = formula.body.span(*match.span("command"))
            kept = match["kept"]
            edit = (*formula.body.span(match.start("command"), match.end()), kept or "")
            repairs = (Repair(KEEP, "unsafe", (edit,), args={"text": kept}),) if kept else ()
            yield Finding(start, end, UNTRUSTED, {"command": match["command"]}, repairs)
