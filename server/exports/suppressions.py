"""Lint's directives are for the file they stand in: they do not ship."""

from server import lint


def strip(text: str) -> str:
    """Return `text` without lint directives, each with its line where it stands alone. Code is left as it is."""
    return lint.strip_suppressions(text)
