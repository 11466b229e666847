"""Rows of a task file, checked: pure, streaming, one bad row never costs a good one.

A file is JSON lines in UTF-8, split at `\\n` only (strings may hold U+2028). A row is an object with `prompt` or
`messages`, and optionally `external_id`, `reference_answer`, `drafts`, `tags`, `priority`, `due_at`, `metadata`;
any other field is kept in `metadata`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from server.text import canonical_json, excerpt, normalise_json, sha256

MAX_LINE = 4_000_000  # bytes: no prompt with its drafts is longer
ROLES = ("system", "user", "assistant")
PRIORITIES = {"low": -10, "normal": 0, "high": 10}
HIGHEST = 100
_KNOWN = {
    "prompt", "messages", "external_id", "reference_answer", "drafts", "tags", "priority", "due_at", "metadata",
}  # fmt: skip
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z]+")


class BadRow(ValueError):
    """A row that is not a task; the text is the sentence for people."""


@dataclass(frozen=True)
class Rejected:
    """A row that was left out. `line` counts from 1; `raw` is the line as it came, cut at 2,000 characters."""

    line: int
    reason: str
    raw: str = ""


@dataclass(frozen=True)
class DraftRow:
    model: str
    text: str
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TaskRow:
    """A checked row. `sha256` covers everything in it: equal rows have equal hashes."""

    line: int
    messages: list[dict[str, str]]
    external_id: str | None
    reference_answer: str | None
    tags: list[str]
    priority: int
    due_at: datetime | None
    metadata: dict[str, Any]
    drafts: list[DraftRow]
    sha256: str

    @property
    def excerpt(self) -> str:
        """The turn to be answered, on one line."""
        return excerpt(self.messages[-1]["content"])

    @property
    def language(self) -> str:
        """zh or en, by what the turn to be answered is mostly written in."""
        return language_of(self.messages[-1]["content"])


def language_of(text: str) -> str:
    """Return zh where Chinese characters outnumber a third of the Latin words, else en."""
    sample = text[:4000]
    return "zh" if len(_HAN.findall(sample)) * 3 > len(_LATIN.findall(sample)) else "en"


def read(lines: Iterable[bytes]) -> Iterator[TaskRow | Rejected]:
    """Yield each non-empty line as a task or as a rejection, in order."""
    for number, raw in enumerate(lines, 1):
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if not raw.strip():
            continue
        try:
            yield parse(number, _decoded(raw))
        except BadRow as error:
            yield Rejected(number, str(error), raw[:2000].decode("utf-8", "replace").rstrip("\n"))


def _decoded(raw: bytes) -> Any:
    if len(raw) > MAX_LINE:
        raise BadRow(f"The line has {len(raw):,} bytes; at most {MAX_LINE:,} fit. Split it, or shorten it.")
    try:
        return json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadRow(f"Byte {error.start + 1} is not UTF-8. Save the file as UTF-8.") from error
    except json.JSONDecodeError as error:
        raise BadRow(f"Not valid JSON at column {error.colno}: {error.msg}.") from error
    except RecursionError as error:
        raise BadRow("The JSON is nested too deep.") from error


def parse(line: int, row: Any) -> TaskRow:
    """Check one decoded row. Raises BadRow with what is wrong, where, and how to mend it."""
    if not isinstance(row, dict):
        raise BadRow('A row is a JSON object, such as {"prompt": "…"}.')
    row = normalise_json(row)
    metadata = row.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise BadRow("`metadata` is an object.")
    messages, drafts = _messages(row), _drafts(row.get("drafts"))
    checked: dict[str, Any] = {
        "messages": messages,
        "external_id": _external_id(row.get("external_id")),
        "reference_answer": _reference(row.get("reference_answer")),
        "tags": _tags(row.get("tags")),
        "priority": _priority(row.get("priority")),
        "due_at": _due(row.get("due_at")),
        "metadata": metadata | {key: value for key, value in row.items() if key not in _KNOWN},
    }
    hashed = checked | {
        "due_at": checked["due_at"].isoformat() if checked["due_at"] else None,
        "drafts": [[d.model, d.text, d.extra] for d in drafts],
    }
    return TaskRow(line=line, drafts=drafts, sha256=sha256(canonical_json(hashed)), **checked)


def _messages(row: dict[str, Any]) -> list[dict[str, str]]:
    prompt, messages = row.get("prompt"), row.get("messages")
    if (prompt is None) == (messages is None):
        both = prompt is not None
        raise BadRow("Give `prompt` or `messages`, not both." if both else "Give either `prompt` or `messages`.")
    if messages is None:
        if not isinstance(prompt, str) or not prompt.strip():
            raise BadRow("`prompt` is a text that is not empty.")
        return [{"role": "user", "content": prompt}]
    if not isinstance(messages, list) or not messages:
        raise BadRow('`messages` is a list of turns, such as [{"role": "user", "content": "…"}].')
    for index, turn in enumerate(messages):
        _check_turn(index, turn)
    if messages[-1]["role"] != "user":
        raise BadRow("`messages` ends with the turn to be answered, so the last `role` is “user”.")
    return [{"role": turn["role"], "content": turn["content"]} for turn in messages]


def _check_turn(index: int, turn: Any) -> None:
    if not isinstance(turn, dict) or not isinstance(turn.get("content"), str) or not turn["content"].strip():
        raise BadRow(f"`messages[{index}]` needs a `role` and a `content` that is a text.")
    if turn.get("role") not in ROLES:
        raise BadRow(f"`messages[{index}].role` is “{turn.get('role')}”; use system, user or assistant.")


def _external_id(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadRow("`external_id` is a text or a whole number.")
    text = str(value).strip()
    if not text or len(text) > 200:
        raise BadRow("`external_id` has 1 to 200 characters.")
    return text


def _reference(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadRow("`reference_answer` is a text.")
    return str(value)


def _tags(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(tag, str) and tag.strip() for tag in value):
        raise BadRow('`tags` is a list of words, such as ["algebra", "proof"].')
    return list(dict.fromkeys(tag.strip()[:60] for tag in value))


def _priority(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, str) and value.lower() in PRIORITIES:
        return PRIORITIES[value.lower()]
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > HIGHEST:
        raise BadRow(f"`priority` is low, normal, high, or a whole number from -{HIGHEST} to {HIGHEST}.")
    return value


def _due(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        due = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadRow("`due_at` is a date or a time with its zone, such as 2026-12-01T18:00+08:00.") from error
    return due.astimezone(UTC) if due.tzinfo else due.replace(tzinfo=UTC)


def _drafts(value: Any) -> list[DraftRow]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadRow('`drafts` is a list, such as [{"model": "…", "text": "…"}].')
    rows = []
    for index, draft in enumerate(value):
        texts = [draft.get("model"), draft.get("text")] if isinstance(draft, dict) else [None]
        if not all(isinstance(text, str) for text in texts):
            raise BadRow(f"`drafts[{index}]` needs a `model` and a `text`, both texts.")
        extra = {key: kept for key, kept in draft.items() if key not in ("model", "text")}
        rows.append(DraftRow(draft["model"][:200], draft["text"], extra))
    return rows
