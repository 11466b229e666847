"""Shared by the lint tests: guides, corpora, and examples read from the rules' own help pages."""

import json
import os
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from server import lint
from server.guides import rule_help
from server.lint.registry import Rule

CORPORA = Path(os.environ.get("GOLDSMITH_CORPORA", Path(__file__).parents[3] / "shared" / "corpora"))
RECOMMENDED = lint.Guide(guide="recommended", title="Recommended rules")
_TIMES = re.compile(r"⟨([^⟨⟩]+) × (\d+)⟩")
_EXAMPLE = re.compile(r"^(Bad|Good)(?: \((.*)\))?:[ \t]*\n((?:(?:[ \t].*)?(?:\n|\Z))*)", re.MULTILINE)


def guide(**settings: Any) -> lint.Guide:
    """Return a guide whose `lint:` section is `settings`."""
    return lint.parse_guide(yaml.safe_dump({"guide": "test", "title": "Test", "lint": settings}))


def only(code: str, **options: Any) -> lint.Guide:
    """Return a guide with one rule in force."""
    return guide(extends="none", select=[code], rules={code: options})


def codes(text: str, of: lint.Guide = RECOMMENDED, context: lint.LintContext | None = None) -> list[str]:
    """Return the codes of the diagnostics of `text`, in order."""
    alone = of.lint.extends == "none"
    tiers = {"first", *(setting.rule.tier for setting in of.settings() if alone)}
    return [item.code for item in lint.lint(text, of, context, tiers=sorted(tiers)).diagnostics]


def rows(name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a corpus; U+2028 does not end a line."""
    for line in (CORPORA / f"{name}.jsonl").read_text("utf-8").split("\n"):
        if line:
            yield json.loads(line)


def spelt(text: str) -> str:
    """Return `text` with what cannot be seen or is too long to see: `␠` a space, `⟨U+00A0⟩` that character, `⟨x × 9⟩`
    nine of them."""
    return _TIMES.sub(lambda match: match[1] * int(match[2]), rule_help.spelt(text))


@dataclass(frozen=True)
class Example:
    rule: Rule
    bad: bool
    text: str
    options: dict[str, Any]
    context: lint.LintContext


def examples(rule: Rule) -> list[Example]:
    """Read `Bad:` and `Good:` blocks; in brackets after the word stand options, or `prompt` and `reference`."""
    found = []
    for match in _EXAMPLE.finditer(rule.help + "\n"):
        options = yaml.safe_load(f"{{{match.group(2) or ''}}}")
        given = {key: options.pop(key) for key in ("prompt", "reference", "language") if key in options}
        text = spelt(textwrap.dedent(match.group(3)).strip("\n"))
        found.append(Example(rule, match.group(1) == "Bad", text, options, lint.LintContext(**given)))
    return found
