"""`lint`: one text under one guide, to one report."""

import hashlib
import logging
import re
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.lint import katex, suppressions, tokens
from server.lint.diagnostic import LEVELS, CannotCheck, Diagnostic, Edit, Finding, Fix, Level, Repair, message
from server.lint.document import Document, LintContext
from server.lint.guide import Guide, Setting
from server.lint.registry import Tier, rules

ENGINE_VERSION = "0.1.0"
UNFINISHED = "SUP900"
UNUSED = "SUP002"
COULD_NOT = message("Could not check {what}: {reason}.")
TIERS: tuple[Tier, ...] = ("first",)
BOTH: tuple[Tier, ...] = ("first", "second")
PATIENCE = 20.0
_CONTEXT = 16
_MARGIN = re.compile(r"\A[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+[ \t>]*)*")
_MARGINS = re.compile(r"\n[ \t>]*")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What lint says of one text. The same text, guide, context and versions give the same report."""

    guide: str
    tiers: tuple[str, ...]
    counts: dict[str, int]
    diagnostics: tuple[Diagnostic, ...]
    engine: str = ENGINE_VERSION
    katex: str = ""

    def to_dict(self, *, translatable: bool = False) -> dict[str, Any]:
        """Return the report as JSON values; `translatable` keeps with each sentence what translates it."""
        return {
            "engine": self.engine,
            "katex": self.katex,
            "guide": self.guide,
            "tiers": list(self.tiers),
            "counts": self.counts,
            "diagnostics": [item.to_dict(translatable=translatable) for item in self.diagnostics],
        }

    def at(self, level: Level, waived: Collection[str] = ()) -> list[Diagnostic]:
        """Return the diagnostics of exactly this level whose fingerprints are not waived."""
        return [item for item in self.diagnostics if item.level == level and item.fingerprint not in waived]

    def worst(self) -> Level | None:
        """Return the highest level found."""
        return max((item.level for item in self.diagnostics), key=LEVELS.index, default=None)


def lint(
    text: str,
    guide: Guide,
    context: LintContext | None = None,
    *,
    tiers: Sequence[Tier] = TIERS,
    directives: bool = True,
    seconds: float = PATIENCE,
) -> Report:
    """Lint `text` (line ends already `\\n` where it will be stored). Never raises for what a text can hold.

    `directives` says whether comments in the text may suppress findings: in files they may, at the desk people waive.
    `seconds` is how long the second tier may take; what is not done by then becomes SUP900, as a warning.
    """
    until = time.monotonic() + seconds
    context = context or LintContext()
    if not context.language and guide.language != "any":
        context = replace(context, language=guide.language)
    try:
        document = Document(text, context, until=until)
    except Exception as error:  # a parser that fails on some text must be seen, not silence the report
        log.exception("parser failed")
        return _unparsed(text, guide, tiers, error)
    settings = [item for item in guide.settings(context.tags, document.language) if item.rule.tier in tiers]
    if directives:
        document.directives = suppressions.directives(document)
    found = list(_suppressed(document, settings, tiers))
    return Report(
        guide.guide, tuple(tiers), _counts(document), tuple(_diagnostics(document, found)), katex=katex.version()
    )


def _suppressed(
    document: Document, settings: Sequence[Setting], tiers: Collection[Tier]
) -> Iterator[tuple[Setting, Finding]]:
    """Yield what directives do not suppress; at last, where the guide asks for it, the directives that did nothing."""
    for setting, finding in _findings(document, [item for item in settings if item.rule.code != UNUSED]):
        covered = [item.covers(setting.rule.code, finding.start) for item in document.directives]
        if not any(covered):
            yield setting, finding
    if document.directives:
        ran = frozenset(rule.code for rule in rules().values() if rule.tier in tiers)
        document.unused = list(suppressions.unused(document.directives, ran))
        yield from _findings(document, [item for item in settings if item.rule.code == UNUSED])


def _findings(document: Document, settings: Iterable[Setting]) -> Iterator[tuple[Setting, Finding]]:
    unfinished = Setting(rules()[UNFINISHED], "error", rules()[UNFINISHED].options(), False)
    for setting in settings:
        try:
            yield from [(setting, finding) for finding in setting.rule.check(document, setting.options)]
        except CannotCheck as error:
            args = {"what": error.what, "reason": error.reason}
            yield unfinished, Finding(error.start, error.end, COULD_NOT, args, level=error.level)
        except Exception as error:
            log.exception("rule %s failed", setting.rule.code)
            args = {"what": setting.rule.code, "reason": type(error).__name__}
            yield unfinished, Finding(0, 0, COULD_NOT, args)


def _unparsed(text: str, guide: Guide, tiers: Sequence[Tier], error: Exception) -> Report:
    empty = Document("", LintContext())
    rule = rules()[UNFINISHED]
    finding = Finding(0, 0, COULD_NOT, {"what": "Markdown", "reason": type(error).__name__})
    found = [(Setting(rule, "error", rule.options(), True), finding)]
    counts = {**_counts(empty), "characters": len(text)}
    return Report(guide.guide, tuple(tiers), counts, tuple(_diagnostics(empty, found)), katex=katex.version())


def _counts(document: Document) -> dict[str, int]:
    return {
        "characters": len(document.text),
        "words": document.words,
        "cjk": document.han,
        "tokens": tokens.count(document.text),
        "formulas": len(document.formulas),
        "paragraphs": sum(leaf.kind != "cell" for leaf in document.leaves),
    }


def _diagnostics(document: Document, found: list[tuple[Setting, Finding]]) -> Iterator[Diagnostic]:
    found.sort(key=lambda pair: (pair[1].start, pair[1].end, pair[0].rule.code))
    seen: Counter[str] = Counter()
    last: tuple[Any, ...] | None = None
    for setting, finding in found:
        key = (setting.rule.code, finding.start, finding.end, finding.template)
        if key != last:
            yield _diagnostic(document, setting, finding, seen)
        last = key


def _diagnostic(document: Document, setting: Setting, finding: Finding, seen: Counter[str]) -> Diagnostic:
    level = setting.level if setting.level_is_set or finding.level is None else finding.level
    line, column = document.map.line_column(finding.start)
    return Diagnostic(
        setting.rule.code,
        setting.rule.name,
        level,
        finding.template,
        finding.args,
        document.map.span(finding.start, finding.end),
        line,
        column,
        tuple(_fix(document, repair) for repair in finding.repairs),
        _fingerprint(document.text, setting.rule.code, finding, seen),
    )


def _fix(document: Document, repair: Repair) -> Fix:
    edits = tuple(Edit(document.map.span(start, end), text) for start, end, text in repair.edits)
    return Fix(repair.title, repair.safety, edits, repair.why, repair.args)


def _fingerprint(text: str, code: str, finding: Finding, seen: Counter[str]) -> str:
    """Hash the code, the words found and their neighbours on the line, without the marks of quotes and lists around
    them; equal ones are told apart by their order."""
    line = max(text.rfind("\n", 0, finding.start) + 1, finding.start - 4 * _CONTEXT)
    around = (
        _MARGIN.sub("", text[max(line, 0) : finding.start])[-_CONTEXT:],
        _MARGINS.sub(" ", text[finding.start : finding.end]),
        text[finding.end : finding.end + _CONTEXT].partition("\n")[0],
    )
    parts = "\x1f".join((code, *(" ".join(part.split()) for part in around)))
    digest = hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    seen[digest] += 1
    return digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
