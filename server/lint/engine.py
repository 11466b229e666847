"""`lint`: one text under one guide, to one report."""

import hashlib
import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
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
MORE = message("There are more than {most} findings of {code}; the others are not listed.")
PATIENCE = 20.0
MOST = 1_000
_CONTEXT = 16
_MARGIN = re.compile(r"\A[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+[ \t>]*)*")
_MARGINS = re.compile(r"\n[ \t>]*")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What lint says of one text. The same text, guide, context and versions give the same report.

    `counts` are empty in bulk, where nobody reads them.
    """

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
    most: int = MOST,
) -> Report:
    """Lint `text` (line ends already `\\n` where it will be stored). Never raises for what a text can hold.

    `directives` says whether comments in the text may suppress findings: in files they may, at the desk people waive.
    `seconds` is how long the second tier may take; what is not done by then becomes SUP900, as a warning. Of each rule
    the first `most` findings are listed, and SUP900 says when there are more.
    """
    return _Run(_read(text, guide, context, seconds), guide, tiers, most).report(directives)


class Batch:
    """Texts that are read together. V8 may be asked about all their formulas at once, by `judge`, in any thread."""

    def __init__(
        self,
        texts: Sequence[tuple[str, LintContext]],
        guide: Guide,
        tiers: Sequence[Tier] = TIERS,
        seconds: float = PATIENCE,
    ) -> None:
        self._guide, self._tiers, self._seconds = guide, tiers, seconds
        self._documents = [_read(text, guide, context, seconds) for text, context in texts]
        self._questions = [question for document in self._documents for question in document.questions]

    def judge(self) -> None:
        """Ask, so that the verdicts are known when the rules want them."""
        katex.check(self._questions)

    def reports(self) -> Iterator[Report]:
        """Yield for each text what `lint` says of it, but no counts; `seconds` are counted from when its turn comes."""
        for document in self._documents:
            document.until = time.monotonic() + self._seconds
            yield _Run(document, self._guide, self._tiers).report(are_counted=False)


def _read(text: str, guide: Guide, context: LintContext | None, seconds: float) -> Document:
    until = time.monotonic() + seconds
    context = context or LintContext()
    if not context.language and guide.language != "any":
        context = replace(context, language=guide.language)
    return Document(text, context, until=until)


@dataclass(frozen=True, slots=True)
class _Run:
    document: Document
    guide: Guide
    tiers: Sequence[Tier]
    most: int = MOST

    def report(self, directives: bool = True, are_counted: bool = True) -> Report:
        document = self.document
        wanted = self.guide.settings(document.context.tags, document.language)
        settings = [item for item in wanted if item.rule.tier in self.tiers]
        if directives:
            document.directives = suppressions.directives(document, self.guide.lint.house)
        found = list(self._suppressed(settings))
        said = tuple(_diagnostics(document, found))
        counts = _counts(document) if are_counted else {}
        return Report(self.guide.guide, tuple(self.tiers), counts, said, katex=katex.version())

    def _suppressed(self, settings: Sequence[Setting]) -> Iterator[tuple[Setting, Finding]]:
        """Yield what directives do not suppress; at last what could not be checked, asked for or not, and, where the
        guide asks for it, the directives that did nothing."""
        document = self.document
        late = {item.rule.code: item for item in settings if item.rule.code in (UNUSED, UNFINISHED)}
        suppression = suppressions.Suppression(document.directives)
        for setting, finding in self._findings(item for item in settings if item.rule.code not in late):
            if not suppression.covers(setting.rule.code, finding.start):
                yield setting, finding
        if UNFINISHED in late or document.unfinished:
            yield from self._findings([late.get(UNFINISHED, _setting(UNFINISHED))])
        if document.directives and UNUSED in late:
            known = (*rules().values(), *self.guide.lint.house)
            ran = frozenset(rule.code for rule in known if rule.tier in self.tiers)
            document.unused = list(suppressions.unused(document.directives, ran))
            yield from self._findings([late[UNUSED]])

    def _findings(self, settings: Iterable[Setting]) -> Iterator[tuple[Setting, Finding]]:
        unfinished, enough = _setting(UNFINISHED), min(self.most + 1, sys.maxsize)
        for setting in settings:
            code = setting.rule.code
            try:
                found = list(islice(setting.rule.check(self.document, setting.options), enough))
                if found:
                    yield from [(setting, finding) for finding in found[: self.most]]
                if len(found) == enough:
                    args = {"most": self.most, "code": code}
                    yield unfinished, Finding(found[-1].start, found[-1].end, MORE, args, level="warning")
            except CannotCheck as error:
                args = {"what": error.what, "reason": error.reason}
                yield unfinished, Finding(error.start, error.end, COULD_NOT, args, level=error.level)
            except Exception as error:
                log.exception("rule %s failed", code)
                yield unfinished, Finding(0, 0, COULD_NOT, {"what": code, "reason": type(error).__name__})


def _setting(code: str) -> Setting:
    rule = rules()[code]
    return Setting(rule, rule.level, rule.options(), level_is_set=False)


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
