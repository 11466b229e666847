"""The lint report as OpenAPI shows it: the shape that `goldsmith lint --format json` prints too."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Level = Literal["error", "warning", "info"]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SpanRecord(Strict):
    """[start, end) of the same words, counted three ways."""

    codepoints: tuple[int, int]
    utf16: tuple[int, int]
    bytes: tuple[int, int]


class EditRecord(Strict):
    """Replace the words of `span` by `text`."""

    span: SpanRecord
    text: str


class FixRecord(Strict):
    """A repair; its edits belong together. `safety` says whether it may be applied unseen."""

    title: str
    safety: Literal["safe", "unsafe", "display"]
    edits: list[EditRecord]
    why: str


class DiagnosticRecord(Strict):
    """A finding. `fingerprint` names it without its place, so that a waiver survives edits elsewhere.

    `doc_url` is the page of its rule on this server; of a rule of the guide's own, as this version of the guide has it.
    """

    code: str
    name: str
    level: Level
    message: str
    span: SpanRecord
    line: int
    column: int
    fixes: list[FixRecord]
    fingerprint: str
    doc_url: str


class CountsRecord(Strict):
    characters: int
    words: int
    cjk: int
    tokens: int
    formulas: int
    paragraphs: int


class Report(Strict):
    """What lint found, in the order of the text; the same input gives the same report."""

    engine: str
    katex: str
    guide: str
    tiers: list[Literal["first", "second"]]
    counts: CountsRecord
    diagnostics: list[DiagnosticRecord]


class AnswerReport(Report):
    """A report on a task's answer, with what the desk draws beside it."""

    later: list[str]
    waived: list[str]
    attribution: dict[str, float]
