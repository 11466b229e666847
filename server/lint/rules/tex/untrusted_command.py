"""TEX109."""

import re
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import Document
from server.lint.formulas import Formula
from server.lint.registry import Options, rule
from server.lint.rules.tex._text_mode import closing

UNTRUSTED = message("{command} is shown as red text: formulas may not link, load or style.")
KEEP = message("Keep only “{text}”")
LINK = message("Write the link in Markdown")
_COMMAND = re.compile(
    r"(?P<command>\\(?:href|url|includegraphics|html(?:Class|Id|Style|Data)))(?![A-Za-z])|\\.|%[^\n]*", re.DOTALL
)
_GROUP = re.compile(r"\s*\{")
_ADDRESS = re.compile(r"[^\s()<>|]+")

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
            if match["command"]:
                span = formula.body.span(*match.span())
                yield Finding(*span, UNTRUSTED, {"command": match["command"]}, tuple(_repairs(formula, match)))


def untrusted(tex: str) -> bool:
    """Say whether a formula has a command this rule speaks of."""
    return _HINT.search(tex) is not None and any(match["command"] for match in _COMMAND.finditer(tex))


def _repairs(formula: Formula, match: re.Match[str]) -> Iterator[Repair]:
    first = _group(formula.tex, match.end())
    second = _group(formula.tex, first[1] + 1) if first else None
    if not first or not second or first[0] == first[1] or second[0] == second[1]:
        return
    address, kept = formula.tex[slice(*first)], formula.tex[slice(*second)]
    alone = formula.tex[: match.start()] + formula.tex[second[1] + 1 :]
    if match["command"] == "\\href" and not alone.strip() and not formula.display and _ADDRESS.fullmatch(address):
        link = f"[{formula.opener}{kept}{formula.closer}]({address})"
        yield Repair(LINK, "unsafe", ((formula.start, formula.end, link),))
    edits = ((match.start(), second[0]), (second[1], second[1] + 1))
    placed = tuple((*formula.body.span(*edit), "") for edit in edits)
    yield Repair(KEEP, "unsafe", placed, args={"text": kept})


def _group(tex: str, at: int) -> tuple[int, int] | None:
    """Return the span inside the braces that open at `at`."""
    opened = _GROUP.match(tex, at)
    return (opened.end(), closing(tex, opened.end())) if opened else None
