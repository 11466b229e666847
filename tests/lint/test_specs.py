"""The edge cases of each rule, written as Markdown that reads as its specification.

`tests/lint/rules/<CODE>.md`: under a heading that says what is meant stands one fenced text, `md` or `markdown`, and
under it a line that starts with `→`: what the rule alone says of it. `silent` is nothing; otherwise the words marked,
in backticks and in order, with `; ` between them and, where it matters, the level in brackets; `⏎` is a line end.
Options stand after the fence's language: `md {min: 3}`; `prompt`, `reference` and `language` are the context. What is
not seen is written out: `␠`, `⟨U+00A0⟩`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from server import lint
from tests.lint import support

FOLDER = Path(__file__).parent / "rules"
CASE = re.compile(
    r"^#+ (?P<title>[^\n]*)\n(?:(?!#|```|~~~)[^\n]*\n)*"
    r"(?P<fence>`{3,}|~{3,})(?:md|markdown)[ ]*(?P<options>[^\n]*)\n(?P<text>.*?)^(?P=fence)\n+"
    r"→ (?P<expected>[^\n]*)",
    re.MULTILINE | re.DOTALL,
)
ITEM = re.compile(r"(?P<ticks>`+) ?(?P<words>.*?) ?(?P=ticks)(?: \((?P<level>error|warning|info)\))?(?:; |$)")


@dataclass(frozen=True)
class Case:
    code: str
    title: str
    text: str
    options: dict[str, Any]
    expected: str

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"


def cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.md")):
        text = path.read_text("utf-8")
        found = list(CASE.finditer(text))
        assert len(found) == text.count("\n→ "), f"{path.name}: a case is not written as the others are"
        for match in found:
            options = yaml.safe_load(match["options"] or "{}")
            given = support.spelt(match["text"].removesuffix("\n"))
            yield Case(path.stem, match["title"], given, options, match["expected"].strip())


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_rule_says_what_its_specification_says(case: Case) -> None:
    options = dict(case.options)
    context = {key: options.pop(key) for key in ("prompt", "reference", "language") if key in options}
    guide = support.only(case.code, **options)
    tiers = (lint.rules()[case.code].tier,)
    report = lint.lint(case.text, guide, lint.LintContext(**context), tiers=tiers)
    found = [item for item in report.diagnostics if item.code == case.code]
    wanted = [] if case.expected == "silent" else list(ITEM.finditer(case.expected))
    assert case.expected == "silent" or wanted, "write `silent`, or the words marked between backticks"
    marked = [case.text[slice(*item.span.codepoints)].replace("\n", "⏎") for item in found]
    assert marked == [support.spelt(item["words"]) for item in wanted]
    assert [item.level for item in found] == [w["level"] or f.level for w, f in zip(wanted, found, strict=True)]


def test_every_specification_is_of_a_rule_and_has_cases_of_both_kinds() -> None:
    for path in FOLDER.glob("*.md"):
        assert path.stem in lint.rules()
        kinds = {case.expected == "silent" for case in CASES if case.code == path.stem}
        assert kinds == {True, False}, path.name
