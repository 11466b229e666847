"""What a rule finds (`Finding`, `Repair`) and what a report says (`Diagnostic`, `Fix`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from server.lint.spans import Span
from server.lint.voice import Voice

Level = Literal["error", "warning", "info"]
Safety = Literal["safe", "unsafe", "display"]
LEVELS: tuple[Level, ...] = ("info", "warning", "error")

_MESSAGES: dict[str, None] = {}


def message(template: str) -> str:
    """Register `template` for translation and return it. Every text a rule shows passes here, at import."""
    _MESSAGES[template] = None
    return template


def registered() -> list[str]:
    """Return every registered template, in the order of registration."""
    return list(_MESSAGES)


LEVEL_WORDS: dict[Level, str] = {"error": message("error"), "warning": message("warning"), "info": message("info")}


@dataclass(frozen=True, slots=True)
class Repair:
    """A rule's proposal: replace each `(start, end)` in code points by a text. `safety` says who may apply it:
    `safe` a machine, `unsafe` a person after a look, `display` nobody: it only shows the way."""

    title: str
    safety: Safety
    edits: tuple[tuple[int, int, str], ...]
    why: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule yields: a span in code points, a registered message and its arguments."""

    start: int
    end: int
    template: str
    args: Mapping[str, Any] = field(default_factory=dict)
    repairs: tuple[Repair, ...] = ()
    level: Level | None = None


class CannotCheck(Exception):
    """Raised by a rule that could not finish; it becomes SUP900, never silence.

    An error where the text is to blame or the check is a duty; a warning where a slow adviser came too late, for a
    writer is not to be held up by a busy machine.
    """

    def __init__(self, what: str, reason: str, start: int = 0, end: int = 0, *, level: Level = "error") -> None:
        self.what, self.reason, self.start, self.end, self.level = what, reason, start, end, level
        super().__init__(f"{what}: {reason}")


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """One offered repair; all its edits belong together. `template` and `args` are kept for translation."""

    template: str
    safety: Safety
    edits: tuple[Edit, ...]
    why: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.template.format(**self.args)

    def told(self, voice: Voice) -> "Fix":
        """Return the fix in a reader's words, with nothing left to fill in."""
        why = self.why and voice.gettext(self.why)
        return replace(self, template=_as_template(voice.fill(self.template, self.args)), args={}, why=why)

    def to_dict(self, *, translatable: bool = False) -> dict[str, Any]:
        """Return `{"title", "safety", "edits": [{"span", "text"}], "why"}`, and what translates it if asked."""
        edits = [{"span": edit.span.to_dict(), "text": edit.text} for edit in self.edits]
        shown = {"title": self.title, "safety": self.safety, "edits": edits, "why": self.why}
        return shown | ({"template": self.template, "args": dict(self.args)} if translatable else {})


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding of a report. `line` and `column` are 1-based, the column in code points.
    `fingerprint` names the finding without its offsets, so a waiver survives edits elsewhere."""

    code: str
    name: str
    level: Level
    template: str
    args: Mapping[str, Any]
    span: Span
    line: int
    column: int
    fixes: tuple[Fix, ...]
    fingerprint: str

    @property
    def message(self) -> str:
        return self.template.format(**self.args)

    def told(self, voice: Voice) -> "Diagnostic":
        """Return the finding in a reader's words, with nothing left to fill in."""
        if voice.language == "en":
            return self
        fixes = tuple(fix.told(voice) for fix in self.fixes)
        return replace(self, template=_as_template(voice.fill(self.template, self.args)), args={}, fixes=fixes)

    @property
    def doc_url(self) -> str:
        return f"/rules/{self.code}"

    def to_dict(self, *, translatable: bool = False) -> dict[str, Any]:
        """Return the diagnostic as it is sent; `translatable` adds the message's template and what fills it."""
        shown = {
            "code": self.code,
            "name": self.name,
            "level": self.level,
            "message": self.message,
            "span": self.span.to_dict(),
            "line": self.line,
            "column": self.column,
            "fixes": [fix.to_dict(translatable=translatable) for fix in self.fixes],
            "fingerprint": self.fingerprint,
            "doc_url": self.doc_url,
        }
        return shown | ({"template": self.template, "args": dict(self.args)} if translatable else {})


def _as_template(words: str) -> str:
    """Return the template that says `words`."""
    return words.replace("{", "{{").replace("}", "}}")
