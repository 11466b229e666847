"""How the engine's sentences reach a reader: as templates and what fills them, said by whoever knows the language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Voice(Protocol):
    """Says the engine's sentences in a reader's language: `language` is en or zh_CN."""

    @property
    def language(self) -> str: ...

    def gettext(self, message: str) -> str:
        """Return a text that is shown as it stands."""

    def fill(self, template: str, values: Mapping[str, Any]) -> str:
        """Return a template filled in; two braces mean one."""


class _English:
    language = "en"

    def gettext(self, message: str) -> str:
        return message

    def fill(self, template: str, values: Mapping[str, Any]) -> str:
        return template.format(**values)


ENGLISH: Voice = _English()


@dataclass(frozen=True, slots=True)
class Saying:
    """A registered text and what fills it; that may be sayings too."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.told(ENGLISH)

    def told(self, voice: Voice) -> str:
        """Return the text as `voice` says it."""
        values = {
            name: value.told(voice) if isinstance(value, Saying) else value for name, value in self.values.items()
        }
        return voice.fill(self.template, values)


class Complaint(Exception):
    """Something for whoever asked to mend. Its text is English; `saying` can be told in their language."""

    def __init__(self, template: str, **values: Any) -> None:
        self.saying = Saying(template, values)
        super().__init__(str(self.saying))

    def told(self, voice: Voice) -> str:
        """Return the sentence as `voice` says it."""
        return self.saying.told(voice)
