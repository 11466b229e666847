"""The examples a guide gives with rules of its own, tried."""

from collections.abc import Iterator

from server.lint.diagnostic import message
from server.lint.document import LintContext
from server.lint.engine import lint
from server.lint.guide import Guide, LintSettings
from server.lint.phrases import Phrase
from server.lint.problems import Problem, Saying
from server.lint.yaml_places import read_yaml

PASSES = message("the rule does not find this example")
FOUND = message("the rule finds this example")


def failing_examples(guide: Guide, source: str) -> Iterator[Problem]:
    """Yield the examples that say otherwise: a `bad` one that passes, a `good` one that is found. `source` is the YAML
    text of the guide."""
    tried = [
        (("lint", "style", index, kind, at), _finds(rule, text))
        for index, rule in enumerate(guide.lint.style)
        for kind in ("bad", "good")
        for at, text in enumerate(getattr(rule, kind))
    ]
    wrong = [path for path, found in tried if found != (path[3] == "bad")]
    places = read_yaml(source)[1] if wrong else None
    for path in wrong:
        line = places.line(path) if places else 0
        yield Problem(".".join(map(str, path)), line, Saying(PASSES if path[3] == "bad" else FOUND))


def _finds(rule: Phrase, text: str) -> bool:
    alone = Guide(guide="example", title=rule.code, lint=LintSettings(extends="none", style=(rule,)))
    context = LintContext(language=rule.lang[0] if rule.lang else "")
    return any(item.code == rule.code for item in lint(text, alone, context).diagnostics)
