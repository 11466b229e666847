"""A guide's own rules tried on the examples that stand beside them."""

from collections.abc import Iterator
from pathlib import Path

from server.lint.diagnostic import message
from server.lint.document import Document, LintContext
from server.lint.guide import Guide, GuideError, load_guide
from server.lint.phrases.schema import Common
from server.lint.problems import Problem
from server.lint.registry import Rule
from server.lint.voice import Saying
from server.lint.yaml_places import read_yaml

PASSES = message("{code} passes this example, which it should find")
FINDS = message("{code} finds “{words}” in this example, which it should pass")


def load_tried(path: Path) -> Guide:
    """Read a guide file whose own rules bear out their examples. Raises GuideError."""
    guide = load_guide(path)
    if problems := list(misjudged(guide, path.read_text("utf-8"))):
        raise GuideError(str(path), problems)
    return guide


def misjudged(guide: Guide, yaml_text: str) -> Iterator[Problem]:
    """Yield the examples, each with its path and line in the guide's YAML, that its own rules do not bear out."""
    if wrong := list(_misjudged(guide)):
        _, places = read_yaml(yaml_text)
        yield from (Problem(".".join(map(str, path)), places.line(path), what) for path, what in wrong)


def _misjudged(guide: Guide) -> Iterator[tuple[tuple[str | int, ...], Saying]]:
    for index, (phrase, rule) in enumerate(zip(guide.lint.style, guide.lint.house, strict=True)):
        for kind, examples in (("bad", phrase.bad), ("good", phrase.good)):
            for at, example in enumerate(examples):
                words = _found(rule, example, _language(guide, phrase))
                path = ("lint", "style", index, kind, at)
                if kind == "bad" and words is None:
                    yield path, Saying(PASSES, {"code": rule.code})
                if kind == "good" and words is not None:
                    yield path, Saying(FINDS, {"code": rule.code, "words": words})


def _language(guide: Guide, phrase: Common) -> str:
    """Return the language the rule speaks of, for an example may be too short to tell."""
    if len(phrase.lang) == 1:
        return phrase.lang[0]
    return "" if guide.language == "any" else guide.language


def _found(rule: Rule, example: str, language: str) -> str | None:
    """Return the first words the rule finds in an example; None where it finds nothing."""
    document = Document(example, LintContext(language=language))
    finding = next(iter(rule.check(document, rule.options())), None)
    return None if finding is None else document.text[finding.start : finding.end]
