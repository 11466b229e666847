"""What changed between two texts, by words: pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup, escape
from rapidfuzz.distance import Levenshtein

from server.answers import words

Kind = Literal["equal", "insert", "delete"]
_LONG = 8_000  # pieces; beyond this paragraphs are lined up first, as words cost the product of both lengths
_LARGEST = 10**8  # pairs of pieces compared at once; a changed part beyond this is shown as replaced whole

_CHANGED = Markup('<{tag}><span class="sr-only">{word} </span>{body}<span class="sr-only"> {end} </span></{tag}>')


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text: in both (`equal`), only in the new one (`insert`) or only in the old one (`delete`)."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of `old` that became `new`; equal texts are no change."""

    old: str
    new: str

    @property
    def is_equal(self) -> bool:
        return self.old == self.new


def between(old: str, new: str) -> list[Segment]:
    """Return the segments that turn `old` into `new`: the old is equal + delete joined, the new equal + insert."""
    before, after = words.pieces(old), words.pieces(new)
    is_long = max(len(before), len(after)) > _LONG
    changes = _by_paragraphs(old, new) if is_long else _by_pieces(before, after)
    return _segments(_joined(_trimmed(_readable(_joined(changes)))))


def counts(segments: Iterable[Segment]) -> tuple[int, int]:
    """Return how many words were added and how many removed."""
    added = removed = 0
    for segment in segments:
        added += len(words.counted(segment.text)) if segment.kind == "insert" else 0
        removed += len(words.counted(segment.text)) if segment.kind == "delete" else 0
    return added, removed


def render(
    segments: Iterable[Segment],
    *,
    inserted: str = "inserted:",
    deleted: str = "deleted:",
    end: str = "end of change",
    formula: Callable[[str], Markup | None] | None = None,
) -> Markup:
    """Return the segments as safe HTML with `<ins>` and `<del>`; the three words are for those who hear the page.

    `formula` draws a formula given with its delimiters, or says None; without it formulas stay source.
    """
    spoken = {"insert": ("ins", inserted), "delete": ("del", deleted)}
    parts: list[Markup] = []
    is_below_display = False
    for segment in segments:
        body, is_below_display = _drawn(segment.text, formula, is_below_display)
        if segment.kind != "equal":
            tag, word = spoken[segment.kind]
            body = _CHANGED.format(tag=tag, word=word, body=body, end=end)
        parts.append(body)
    return Markup().join(parts)


def _drawn(text: str, formula: Callable[[str], Markup | None] | None, is_below_display: bool) -> tuple[Markup, bool]:
    """Return the text with its formulas drawn, and whether it ends with a block that ended its own line."""
    parts: list[Markup] = []
    for piece in words.pieces(text):
        if is_below_display and piece == "\n":
            is_below_display = False
            continue
        drawn = formula(piece) if formula and words.is_formula(piece) else None
        is_below_display = drawn is not None and words.is_display(piece)
        parts.append(escape(piece) if drawn is None else drawn)
    return Markup().join(parts), is_below_display


def _by_paragraphs(old: str, new: str) -> list[Change]:
    found: list[Change] = []
    for change in _by_pieces(_paragraphs(old), _paragraphs(new)):
        before, after = words.pieces(change.old), words.pieces(change.new)
        is_small = len(before) * len(after) <= _LARGEST
        found += [change] if change.is_equal or not is_small else _by_pieces(before, after)
    return found


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs, each with the blank lines after it, so that a blank line alone is never an anchor."""
    found: list[str] = []
    for line in text.splitlines(keepends=True):
        if found and (not line.strip() or (found[-1].strip() and not found[-1].endswith("\n\n"))):
            found[-1] += line
        else:
            found.append(line)
    return found


def _by_pieces(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    numbers: dict[str, int] = {}
    first = [numbers.setdefault(piece, len(numbers)) for piece in before]
    second = [numbers.setdefault(piece, len(numbers)) for piece in after]
    return [
        Change("".join(before[op.src_start : op.src_end]), "".join(after[op.dest_start : op.dest_end]))
        for op in Levenshtein.opcodes(first, second)
    ]


def _joined(changes: Iterable[Change]) -> list[Change]:
    """Put neighbours of the same sort together."""
    found: list[Change] = []
    for change in changes:
        if found and found[-1].is_equal == change.is_equal:
            found[-1] = Change(found[-1].old + change.old, found[-1].new + change.new)
        else:
            found.append(change)
    return found


def _readable(changes: Sequence[Change]) -> list[Change]:
    """Fold an equal crumb between two larger changes into them: one replaced phrase reads better than confetti."""
    found: list[Change] = []
    for index, change in enumerate(changes):
        following = changes[index + 1] if index + 1 < len(changes) else None
        is_crumb = change.is_equal and found and following and _is_crumb(change.old, found[-1], following)
        if found and (is_crumb or (not found[-1].is_equal and not change.is_equal)):
            found[-1] = Change(found[-1].old + change.old, found[-1].new + change.new)
        else:
            found.append(change)
    return found


def _is_crumb(equal: str, before: Change, after: Change) -> bool:
    if "\n" in equal:
        return False
    if not equal.strip():
        return True
    return len(equal) <= min(len(before.old), len(before.new), len(after.old), len(after.new))


def _trimmed(changes: Iterable[Change]) -> list[Change]:
    """Take the spaces that both sides of a change begin or end with out of it."""
    found: list[Change] = []
    for change in changes:
        old, new = change.old, change.new
        if change.is_equal or not old or not new:
            found.append(change)
            continue
        head = _shared_spaces(old, new)
        tail = _shared_spaces(old[head:][::-1], new[head:][::-1])
        before, after = old[:head], old[len(old) - tail :]
        core = Change(old[head : len(old) - tail], new[head : len(new) - tail])
        found += [Change(before, before), core, Change(after, after)]
    return [change for change in found if change.old or change.new]


def _shared_spaces(old: str, new: str) -> int:
    count = 0
    while count < min(len(old), len(new)) and old[count] == new[count] and old[count].isspace():
        count += 1
    return count


def _segments(changes: Iterable[Change]) -> list[Segment]:
    found: list[Segment] = []
    for change in changes:
        if change.is_equal:
            found.append(Segment("equal", change.old))
            continue
        found += [Segment("delete", change.old)] if change.old else []
        found += [Segment("insert", change.new)] if change.new else []
    return found
