"""Phrase rules: rules written as data, by the engine in `rules/<family>/*.yaml` and by guides under `lint: style:`."""

from server.lint.phrases.loading import PhraseError, built_in, from_file, rule_of
from server.lint.phrases.schema import VERBS, Phrase

__all__ = ["VERBS", "Phrase", "PhraseError", "built_in", "from_file", "rule_of"]
