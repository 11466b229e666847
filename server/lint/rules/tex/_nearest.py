"""KaTeX's own commands, and which of them a misspelt one is nearest to."""

import re
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from server.lint import katex, v8

_KNOWN = re.compile(r"[\"\'`]\\\\([A-Za-z]{2,})[\"\'`]")


def to(command: str) -> str:
    """Return the command nearest to `command` by spelling; nothing where none is near."""
    found = process.extractOne(command[1:], _commands(), scorer=DamerauLevenshtein.distance, score_cutoff=2)
    close = found is not None and found[1] * 3 <= len(command)
    return f"\\{found[0]}" if found and close else ""


@cache
def _commands() -> tuple[str, ...]:
    """Return KaTeX's own commands: the names its source quotes and its parser accepts."""
    names = sorted(set(_KNOWN.findall((v8.SCRIPTS / "katex.min.js").read_text("utf-8"))))
    verdicts = katex.check([(f"\\{name}", True) for name in names])
    return tuple(
        name for name, verdict in zip(names, verdicts, strict=True) if "Undefined control" not in verdict.message
    )
