"""A version's lint report made again: the same text, guide version and surroundings must say the same.

So a report is kept with what the rules were told besides the text; prompts, tags, references and guides change later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json import dumps, loads
from typing import Any

from sqlmodel import Session, col, select

from server import lint
from server.answers import linting
from server.lint import LintContext
from server.models import AnswerVersion, GuideVersion

Found = dict[str, Any]
APART = ("guide_version", "context")
PATIENCE = 60.0  # seconds the second tier may take: here nobody waits for it


@dataclass(frozen=True)
class Rerun:
    """What became of one report: `differences` as sentences; `why_not` says why it could not be compared."""

    version: AnswerVersion
    differences: tuple[str, ...] = ()
    why_not: str = ""


def kept(report: dict[str, Any], version: GuideVersion, context: LintContext) -> dict[str, Any]:
    """Return a report as a version keeps it: `guide_version` is a number, `context` what the rules were told.

    `context` may hold a reference that is hidden by now: it is for running again, not for showing. The drafts are not
    in it, as no rule reads them.
    """
    told = {
        "prompt": context.prompt,
        "reference": context.reference,
        "tags": list(context.tags),
        "language": context.language,
    }
    return report | {"guide_version": version.number, "context": told}


def shown(report: dict[str, Any]) -> dict[str, Any]:
    """Return a kept report without what is only for running it again."""
    return {key: value for key, value in report.items() if key != "context"}


def every(db: Session) -> Iterator[Rerun]:
    """Run the report of every stored version again, oldest first."""
    query = select(AnswerVersion).order_by(col(AnswerVersion.id)).execution_options(yield_per=100)
    for version in db.exec(query):
        yield compared(version)


def compared(version: AnswerVersion) -> Rerun:
    """Run one version's report again and compare the two, whole.

    Where advice of the second tier came too late for the one or the other, that tier is left out of both.
    """
    report = version.report
    if "context" not in report:
        return Rerun(version, why_not="it was kept without what surrounded the answer")
    if (report["engine"], report["katex"]) != (lint.ENGINE_VERSION, lint.katex_version()):
        return Rerun(version, why_not=f"it was made by engine {report['engine']} and KaTeX {report['katex']}")
    then = {key: value for key, value in report.items() if key not in APART}
    return Rerun(version, tuple(_differences(then, again(version))))


def again(version: AnswerVersion) -> dict[str, Any]:
    """Lint a version's text anew, with what was kept of its surroundings. Returns the report as JSON values."""
    told = version.report["context"]
    context = LintContext(**told | {"tags": tuple(told["tags"])})
    guide, tiers = linting.guide_of(version.guide_version), version.report["tiers"]
    made = lint.lint(version.text, guide, context, tiers=tiers, directives=False, seconds=PATIENCE)
    again: dict[str, Any] = loads(dumps(made.to_dict(translatable=True)))
    return again


def _differences(then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    for key in sorted((then.keys() | now.keys()) - {"diagnostics"}):
        if then.get(key) != now.get(key):
            yield f"{key} was {then.get(key)} and is {now.get(key)}"
    before, after = then["diagnostics"], now["diagnostics"]
    if _is_late(before) or _is_late(after):
        before, after = _first_tier(before), _first_tier(after)
    yield from (f"{_named(found)} is not found any more" for found in before if found not in after)
    yield from (f"{_named(found)} was not found then" for found in after if found not in before)
    if sorted(map(dumps, before)) == sorted(map(dumps, after)) and before != after:
        yield "the findings stand in another order"


def _named(found: Found) -> str:
    return f"{found['code']} on line {found['line']}, {found['message']!r},"


def _is_late(diagnostics: Sequence[Found]) -> bool:
    # what could not be checked at all is an error; only advice that came too late is less
    return any(found["code"] == "SUP900" and found["level"] != "error" for found in diagnostics)


def _first_tier(diagnostics: Sequence[Found]) -> list[Found]:
    second = {rule.code for rule in lint.rules().values() if rule.tier == "second"}
    late = [found for found in diagnostics if found["code"] == "SUP900" and found["level"] != "error"]
    return [found for found in diagnostics if found["code"] not in second and found not in late]
