"""English grammar by Harper, on a thread of its own, remembered by paragraph.

Harper keeps its caches by thread and a linter may not be entered twice, so one thread owns all of them. Loading takes a
second or two: `warm` does it ahead of time, and nothing here is imported before it is asked for.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import Any, Literal

from server.lint.mathematical_words import WORDS

Dialect = Literal["american", "british", "australian", "canadian", "indian"]
NOUN = "\ue000"  # stands for a formula, and for anything else that is not prose
# matters of house style, of typography, or of other rules; and what is wrong about mathematics more often than right
OFF = frozenset((
    "UseTitleCase", "DiscourseMarkers", "LongSentences", "SplitWords", "OxfordComma", "NoFrenchSpaces", "Dashes",
    "UseEllipsisCharacter", "EllipsisLength", "CurrencyPlacement", "Spaces", "RepeatedWords", "NumericRangeEnDash",
    "QuoteSpacing", "UnclosedQuotes", "Hedging", "FillerWords", "SpelledNumbers", "OrthographicConsistency",
    "WaveFunction", "AvoidCurses", "Regionalisms", "CommaFixes", "SentenceCapitalization", "DisjointPrefixes",
    "WrongNegative", "MissingPreposition", "ToDoHyphen", "PhrasalVerbAsCompoundNoun", "SomeOfThe", "Everyday",
))  # fmt: skip
OFF_FAMILIES = ("Expand",)  # rules that spell abbreviations out
SUGGESTIONS = 3
_KEPT = 5_000
_LONGEST = 20_000
log = logging.getLogger(__name__)


class Late(Exception):
    """The paragraphs were not read in time."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Advice about `start:end` of a paragraph. `kind` is Harper's; `replacements` are `(start, end, text)`."""

    start: int
    end: int
    kind: str
    words: str
    message: str
    replacements: tuple[tuple[int, int, str], ...]


Key = tuple[Dialect, str]


class _Reader:
    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._linters: dict[Dialect, Any] = {}
        self._kept: OrderedDict[Key, tuple[Advice, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, paragraphs: Sequence[str], dialect: Dialect, until: float) -> list[tuple[Advice, ...]]:
        keys = [(dialect, text) for text in paragraphs]
        with self._lock:
            missing = [key for key in dict.fromkeys(keys) if key not in self._kept]
        if missing:
            try:
                self.submit(missing, until).result(timeout=max(0.0, until - time.monotonic()))
            except FutureTimeout as error:
                raise Late from error
        with self._lock:
            if any(key not in self._kept for key in keys):
                raise Late
            for key in keys:
                self._kept.move_to_end(key)
            return [self._kept[key] for key in keys]

    def submit(self, keys: Sequence[Key], until: float) -> "Future[None]":
        with self._lock:
            if self._thread is None:
                self._thread = ThreadPoolExecutor(1, "grammar")
            return self._thread.submit(self._fill, keys, until)

    def _fill(self, keys: Sequence[Key], until: float) -> None:
        for key in keys:
            if time.monotonic() > until:
                return
            found = self._advice(*key)
            with self._lock:
                self._kept[key] = found
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)

    def _advice(self, dialect: Dialect, text: str) -> tuple[Advice, ...]:
        import harper

        if not text.strip(f"{NOUN} ") or len(text) > _LONGEST:
            return ()
        found = self._linter(dialect).lint(text, language=harper.Language.PLAINTEXT)
        return tuple(_advice(item) for item in found)

    def _linter(self, dialect: Dialect) -> Any:
        import harper

        if dialect not in self._linters:
            linter = harper.Linter(harper.Dialect[dialect.upper()])
            linter.import_words(sorted({form for word in WORDS for form in (word, word.capitalize())}))
            known = linter.get_lint_config()
            linter.set_lint_config({name: value if _is_on(name) else False for name, value in known.items()})
            self._linters[dialect] = linter
        return self._linters[dialect]


def _is_on(name: str) -> bool:
    return name not in OFF and not name.startswith(OFF_FAMILIES)


def _advice(item: Any) -> Advice:
    from harper import SuggestionKind

    start, end = item.span.start, item.span.end
    edits: list[tuple[int, int, str]] = []
    for suggestion in item.suggestions[:SUGGESTIONS]:
        if suggestion.kind == SuggestionKind.INSERT_AFTER:
            edits.append((end, end, suggestion.replacement_text))
        else:
            edits.append((start, end, suggestion.replacement_text))
    return Advice(start, end, item.lint_kind, item.problem_text, item.message, tuple(edits))


_reader = _Reader()


def read(paragraphs: Sequence[str], dialect: Dialect, until: float) -> list[tuple[Advice, ...]]:
    """Return the advice on each paragraph. Raises Late when `until` (by `time.monotonic()`) has passed."""
    return _reader.read(paragraphs, dialect, until)


def warm(dialect: Dialect = "american") -> None:
    """Load Harper in the background."""
    _reader.submit([(dialect, "This warms the reader.")], time.monotonic() + 60)
