"""Rows of a task file, checked: pure, streaming, one bad row never costs a good one.

A file is JSON lines in UTF-8, split at `\\n` only (strings may hold U+2028). A row is an object with `prompt` or
`messages`, and optionally `external_id`, `reference_answer`, `drafts`, `tags`, `priority`, `due_at`, `metadata`;
any other field is kept in `metadata`.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any, BinaryIO

from server.errors import Invalid
from server.text import excerpt, normalise_json, sha256

MAX_LINE = 4_000_000  # bytes: no prompt with its drafts is longer
MAX_TURN = 200_000  # characters
MAX_TAGS, MAX_DRAFTS, MAX_NAME, MAX_TAG = 50, 100, 200, 60
MAX_DEPTH = 50  # of lists in lists: what is deeper could be written, and then not be read in every place
ROLES = ("system", "user", "assistant")
PRIORITIES = {"low": -10, "normal": 0, "high": 10}
HIGHEST = 100
_KNOWN = {
    "prompt", "messages", "external_id", "reference_answer", "drafts", "tags", "priority", "due_at", "metadata",
}  # fmt: skip
# what a text may hold that `normalise` mends, as JSON writes it: most rows have none of it, and are spared the walk
_ODD = re.compile(r"\r|\\r|\\u0000|\\u[dD][89a-fA-F]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LATIN = re.compile(r"[A-Za-z]+")
_TOO_LONG = 2_000  # characters kept of a line that is too long


@dataclass(frozen=True)
class Rejected:
    """A row that was left out. `line` counts from 1; `raw` is the line as it came."""

    line: int
    error: Invalid
    raw: str = ""

    @property
    def reason(self) -> str:
        """Why, as a sentence in English."""
        return str(self.error)

    def as_line(self) -> str:
        """Return it as a line of a reject file: {line, reason, row as it came}."""
        return json.dumps({"line": self.line, "reason": self.reason, "row": self.raw}, ensure_ascii=False) + "\n"


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
    raw: str = ""

    @property
    def key(self) -> str:
        """What this row is known by when it comes again: its own key, or else its content."""
        return f"id:{self.external_id}" if self.external_id else f"sha256:{self.sha256}"

    @property
    def prompt(self) -> str:
        """The last user turn."""
        return next(turn["content"] for turn in reversed(self.messages) if turn["role"] == "user")

    @property
    def excerpt(self) -> str:
        """The last user turn on one line, cut."""
        return excerpt(self.prompt)

    @property
    def language(self) -> str:
        """zh or en, by what the last user turn is mostly written in."""
        return language_of(self.prompt)


def language_of(text: str) -> str:
    """Return zh where Chinese characters outnumber a third of the Latin words, else en."""
    sample = text[:4000]
    return "zh" if len(_HAN.findall(sample)) * 3 > len(_LATIN.findall(sample)) else "en"


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file's lines; of one that is too long only the beginning, so that it never fills the memory."""
    while line := file.readline(MAX_LINE + 1):
        rest = line
        while len(line) > MAX_LINE and rest and not rest.endswith(b"\n"):
            rest = file.readline(1 << 20)
        yield line


def read(lines: Iterable[bytes], first: int = 1) -> Iterator[TaskRow | Rejected]:
    """Yield each non-empty line as a task or as a rejection, in order; `first` is the number of the first line."""
    for number, raw in enumerate(lines, first):
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if not raw.strip():
            continue
        try:
            yield _row(number, raw)
        except Invalid as error:
            yield Rejected(number, error, _shown(raw))


def parse(line: int, row: Any, raw: str = "") -> TaskRow:
    """Check one decoded row. Raises Invalid with what is wrong, where, and how to mend it."""
    if not isinstance(row, dict):
        raise Invalid('A row is one JSON object on one line, such as {"prompt": "…"}.')
    if not raw or _ODD.search(raw):
        row = normalise_json(row)
    messages, external_id = _messages(row), _external_id(row.get("external_id"))
    reference, tags = _reference(row.get("reference_answer")), _tags(row.get("tags"))
    priority, due_at = _priority(row.get("priority")), _due(row.get("due_at"))
    metadata, drafts = _metadata(row), _drafts(row.get("drafts"))
    content = [
        *(messages, external_id, reference, tags, priority, due_at.isoformat() if due_at else None, metadata),
        [[draft.model, draft.text, draft.extra] for draft in drafts],
    ]
    digest = _hash(content)
    return TaskRow(line, messages, external_id, reference, tags, priority, due_at, metadata, drafts, digest, raw)


def _row(number: int, raw: bytes) -> TaskRow:
    if len(raw) > MAX_LINE:
        raise Invalid("This line is longer than {limit} MB. Shorten it.", limit=MAX_LINE // 1_000_000)
    try:
        text = raw.decode("utf-8")
        row = _DECODER.decode(text)
        if text.count("[") + text.count("{") > MAX_DEPTH and _is_deep(row, MAX_DEPTH):
            raise RecursionError
        return parse(number, row, text)
    except UnicodeDecodeError as error:
        raise Invalid("Byte {place} is not UTF-8. Save the file as UTF-8.", place=error.start + 1) from error
    except json.JSONDecodeError as error:
        raise _not_json(error) from error
    except RecursionError as error:
        raise Invalid("The JSON is nested too deep.") from error
    except ValueError as error:
        raise Invalid("A number in this row is too long to keep.") from error


def _not_json(error: json.JSONDecodeError) -> Invalid:
    near = error.doc[error.pos : error.pos + 20].strip()
    if not near:
        return Invalid("The JSON stops before its end. A row stands on one line.")
    return Invalid("This is not JSON from character {place} on: “{near}”.", place=error.pos + 1, near=near)


def _is_deep(value: Any, left: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left < 0 or any(_is_deep(one, left - 1) for one in inside if isinstance(one, dict | list))


def _shown(raw: bytes) -> str:
    text = raw[:_TOO_LONG] if len(raw) > MAX_LINE else raw
    return text.decode("utf-8", "replace").rstrip("\r\n")


def _no_constant(name: str) -> None:
    raise Invalid("{name} is not JSON. Use null, or a number.", name=name)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":"))


def _hash(content: list[Any]) -> str:
    """Hash in the order of the fields; infinite numbers (1e999) raise ValueError: no database keeps them."""
    return sha256(_ENCODER.encode(content))


def _messages(row: dict[str, Any]) -> list[dict[str, str]]:
    prompt, messages = row.get("prompt"), row.get("messages")
    if prompt is not None and messages is not None:
        raise Invalid("The row has both `prompt` and `messages`. Keep one of them.")
    if messages is None:
        if not isinstance(prompt, str) or not prompt.strip():
            raise Invalid("The row needs a `prompt` that is a text, or `messages`.")
        messages = [{"role": "user", "content": prompt}]
    if not isinstance(messages, list) or not messages:
        raise Invalid('`messages` is a list of turns, such as [{"role": "user", "content": "…"}].')
    turns = [_turn(index, turn) for index, turn in enumerate(messages)]
    if not any(turn["role"] == "user" for turn in turns):
        raise Invalid("`messages` needs at least one turn whose role is “user”.")
    return turns


def _turn(index: int, turn: Any) -> dict[str, str]:
    if not isinstance(turn, dict):
        raise Invalid("`messages[{index}]` needs a `role` and a `content`.", index=index)
    role, content = turn.get("role"), turn.get("content")
    if role not in ROLES:
        raise Invalid(
            "`messages[{index}].role` is “{role}”; use system, user or assistant.", index=index, role=str(role)[:40]
        )
    if not isinstance(content, str) or not content.strip():
        raise Invalid("`messages[{index}].content` must be a text that is not empty.", index=index)
    if len(content) > MAX_TURN:
        raise Invalid(
            "A turn has {count} characters; at most {limit} fit. Shorten it.", count=len(content), limit=MAX_TURN
        )
    return {"role": role, "content": content}


def _external_id(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Invalid("`external_id` must be a text or a whole number.")
    text = str(value).strip()
    if not text or len(text) > MAX_NAME:
        raise Invalid("`external_id` must have 1 to {limit} characters.", limit=MAX_NAME)
    return text


def _reference(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise Invalid("`reference_answer` must be a text.")
    return str(value)


def _tags(value: Any) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(tag, str) and tag.strip() for tag in value):
        raise Invalid('`tags` is a list of words, such as ["algebra", "proof"].')
    tags = list(dict.fromkeys(tag.strip() for tag in value))
    if len(tags) > MAX_TAGS or any(len(tag) > MAX_TAG for tag in tags):
        raise Invalid("`tags` holds at most {count} words of {limit} characters.", count=MAX_TAGS, limit=MAX_TAG)
    return tags


def _priority(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, str) and value.lower() in PRIORITIES:
        return PRIORITIES[value.lower()]
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > HIGHEST:
        raise Invalid("`priority` is low, normal, high, or a whole number from -{limit} to {limit}.", limit=HIGHEST)
    return value


def _due(value: Any) -> datetime | None:
    """Return a moment in UTC; a date alone is due when it ends."""
    if value is None:
        return None
    try:
        due = datetime.fromisoformat(value)
        if due.tzinfo:
            return due.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        due = None
    if due is None or len(value) > len("2026-12-01"):
        raise Invalid("`due_at` is a date, or a time with its zone: 2026-12-01, or 2026-12-01T18:00+08:00.")
    return datetime.combine(due, time(23, 59, 59), UTC)


def _metadata(row: dict[str, Any]) -> dict[str, Any]:
    metadata = row.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        raise Invalid('`metadata` is an object, such as {"source": "…"}.')
    return {key: value for key, value in row.items() if key not in _KNOWN} | (metadata or {})


def _drafts(value: Any) -> list[DraftRow]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MAX_DRAFTS:
        raise Invalid('`drafts` is a list, such as [{"model": "…", "text": "…"}], of at most 100.')
    return [_draft(index, draft) for index, draft in enumerate(value)]


def _draft(index: int, draft: Any) -> DraftRow:
    if not isinstance(draft, dict) or not isinstance(draft.get("text"), str):
        raise Invalid("`drafts[{index}]` needs a `model` and a `text`.", index=index)
    model, text = draft.get("model"), draft["text"]
    if not isinstance(model, str) or not model.strip() or len(model) > MAX_NAME:
        raise Invalid("`drafts[{index}].model` must be a name of 1 to {limit} characters.", index=index, limit=MAX_NAME)
    extra = {key: kept for key, kept in draft.items() if key not in ("model", "text")}
    return DraftRow(model.strip(), text, extra)
