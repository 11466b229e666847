"""A guide's YAML checked: by the lint engine's schema, and for what a store and a page need besides."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

import yaml

from server import lint
from server.lint.problems import Problem, Saying
from server.text import message, normalise

MAX_LENGTH = 200_000
MAX_DEPTH = 20
RESERVED = ("new",)
TOO_LONG = message("has {count} characters; keep it to {most}")
ALIAS = message("uses the alias *{name}; write the value out instead")
TOO_DEEP = message("is nested more than {most} levels deep")
OTHER_GUIDE = message("is {name}, but this page edits {slug}; a guide keeps its name")
TAKEN = message("{name} is taken by a page; choose another name")
_OPENING = (
    yaml.FlowSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.BlockMappingStartToken,
)
_CLOSING = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)


def read(source: str, file: str = "guide", *, slug: str = "") -> tuple[lint.Guide, str]:
    """Return the checked guide and its text with plain line ends; `slug` is the guide it must be, if that is known.

    Raises lint.GuideError with every problem found, each with its path and line.
    """
    source = normalise(source)
    if problems := list(_hazards(source)):
        raise lint.GuideError(file, problems)
    guide = lint.parse_guide(source, file)
    if problems := [*_misfits(guide, slug), *lint.failing_examples(guide, source)]:
        raise lint.GuideError(file, problems)
    return guide, source


def _hazards(source: str) -> Iterator[Problem]:
    if len(source) > MAX_LENGTH:
        yield Problem("", 0, Saying(TOO_LONG, {"count": len(source), "most": MAX_LENGTH}))
        return
    with suppress(yaml.YAMLError):  # parse_guide says where
        yield from islice(_entangled(source), 5)


def _entangled(source: str) -> Iterator[Problem]:
    """Yield what makes a short text expand, or nest, without end; a guide needs neither."""
    depth = 0
    for token in yaml.scan(source, Loader=yaml.SafeLoader):
        line = token.start_mark.line + 1
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > MAX_DEPTH:
            yield Problem("", line, Saying(TOO_DEEP, {"most": MAX_DEPTH}))
            return
        if isinstance(token, yaml.AliasToken):
            yield Problem("", line, Saying(ALIAS, {"name": token.value}))


def _misfits(guide: lint.Guide, slug: str) -> Iterator[Problem]:
    if slug and guide.guide != slug:
        yield Problem("guide", 1, Saying(OTHER_GUIDE, {"name": repr(guide.guide), "slug": repr(slug)}))
    if guide.guide in RESERVED:
        yield Problem("guide", 1, Saying(TAKEN, {"name": repr(guide.guide)}))
    for path, text, most in (("guide", guide.guide, 60), ("title", guide.title, 200)):
        if len(text) > most:
            yield Problem(path, 1, Saying(TOO_LONG, {"count": len(text), "most": most}))
