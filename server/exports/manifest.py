"""The manifest: everything a release is, in one file that proves the others.

`manifest.json` has sorted keys and two spaces of indent; its `sha256` covers its own content without that key. It lists
every file with bytes, rows and SHA-256. `rows.jsonl`, one of them, has a line for every row: file, line, the row's
SHA-256, task, version, guide version, part, and a `check` of the index line itself.

Nothing in it comes from the clock, from who exported, or from later events, so the same approved versions give the same
bytes. `audit` is the newest event among those that first approved these versions: it ties the release to the audit
trail at a point that work done since does not move.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from server.exports.items import Item, Row
from server.text import canonical_json, sha256

FILE = "manifest.json"
INDEX = "rows.jsonl"
LAYOUT: Literal[1] = 1
Count = Annotated[int, Field(ge=0, lt=1 << 63)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class File(_Part):
    """One file of a release."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*\.jsonl$", max_length=80)
    bytes: Count
    rows: Count
    sha256: str


class SplitPart(_Part):
    name: str
    share: str
    rows: Count


class GuideCount(_Part):
    guide: str
    version: Count
    sha256: str
    answers: Count


class LintCount(_Part):
    engine: str
    katex: str
    answers: Count


class ModelCount(_Part):
    """A model: in how many rows it is turned down, or beside how many answers its drafts lay."""

    model: str
    count: Count


class Anchor(_Part):
    """An event of the audit trail, by number and hash."""

    sequence: Count
    hash: str


class Counts(_Part):
    """`answers` approved answers read, `rows` written, `left_out` answers that gave no row, `characters` of answers."""

    answers: Count
    rows: Count
    left_out: Count
    characters: Count


class Manifest(_Part):
    """What a release holds. `split` is null when undivided, `audit` when no approving event is on record."""

    layout: Literal[1]
    project: str
    format: str
    split: list[SplitPart] | None
    files: list[File]
    counts: Counts
    guides: list[GuideCount]
    lint: list[LintCount]
    models: list[ModelCount]
    audit: Anchor | None
    sha256: str

    def fingerprint(self) -> str:
        """Return the SHA-256 of the content without its own `sha256`."""
        return sha256(canonical_json(self.model_dump(exclude={"sha256"})))

    def written(self) -> str:
        """Return the text of manifest.json."""
        return json.dumps(self.model_dump(), ensure_ascii=False, sort_keys=True, indent=2) + "\n"


class Tally:
    """Counts what goes by, in memory that grows with guides and models and not with rows."""

    def __init__(self) -> None:
        self._answers = self._rows = self._left_out = self._characters = 0
        self._guides: dict[tuple[str, int, str], int] = {}
        self._lint: dict[tuple[str, str], int] = {}
        self._models: dict[str, int] = {}

    def add(self, item: Item, rows: list[Row]) -> None:
        """Count one answer, its rows, and the models: those its rows turn down, else those that lay beside it."""
        self._answers += 1
        self._rows += len(rows)
        self._left_out += not rows
        self._characters += len(item.text)
        guide = (item.guide.slug, item.guide.number, item.guide.sha256)
        self._guides[guide] = self._guides.get(guide, 0) + 1
        lint = (item.engine, item.katex)
        self._lint[lint] = self._lint.get(lint, 0) + 1
        beaten = [row.model for row in rows if row.draft_id]
        for model in beaten or ({*item.models} if rows else ()):
            self._models[model] = self._models.get(model, 0) + 1

    def manifest(
        self, *, project: str, format: str, split: list[SplitPart] | None, files: list[File], audit: Anchor | None
    ) -> Manifest:
        """Return the finished manifest."""
        made = Manifest(
            layout=LAYOUT,
            project=project,
            format=format,
            split=split,
            files=files,
            counts=Counts(answers=self._answers, rows=self._rows, left_out=self._left_out, characters=self._characters),
            guides=[
                GuideCount(guide=guide, version=number, sha256=digest, answers=count)
                for (guide, number, digest), count in sorted(self._guides.items())
            ],
            lint=[LintCount(engine=e, katex=k, answers=count) for (e, k), count in sorted(self._lint.items())],
            models=[ModelCount(model=model, count=count) for model, count in sorted(self._models.items())],
            audit=audit,
            sha256="",
        )
        made.sha256 = made.fingerprint()
        return made


def index_line(entry: dict[str, Any]) -> str:
    """Return an index entry as its line; `check`, the hash of the rest, stands first and shows a changed one."""
    body = canonical_json(entry)
    return f'{{"check":"{sha256(body)}",{body[1:]}'
