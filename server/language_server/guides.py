"""Which guide is in force, and what is wrong with the guides that are written in the editor."""

import re
from pathlib import Path, PurePath
from typing import Any

from lsprotocol import types

from server.config import resources
from server.language_server.positions import Encoding, Positions, one_line_end
from server.language_server.present import SOURCE
from server.lint import GuideError, load_tried
from server.lint.command import Usage, find_guide
from server.lint.problems import reason
from server.lint.voice import ENGLISH, Complaint, Saying, Voice
from server.text import message

NOT_A_NAME = message("“goldsmith.guide” is the name of a guide or the path of its YAML file.")
STAYS = message("{problem}\nUntil that is mended, lint goes by “{guide}”.")
BUILT_IN = resources("styleguides")
YAML = ("yaml", "yml")
_IS_GUIDE = re.compile(r"^guide[ \t]*:", re.MULTILINE)


class Guides:
    """The guide in force: what the editor asks for, else what the command line named, else the recommended rules.

    A guide that cannot be used changes nothing: the last good one stays in force. `voice` says what is wrong with one.
    """

    def __init__(self, named: str = "", voice: Voice = ENGLISH) -> None:
        self.voice = voice
        self.named = named
        self.wanted = named
        self.folder: Path | None = None
        self.current = find_guide("", BUILT_IN)
        self._stamp: object = None

    def begin(self, folder: Path | None, wish: Any) -> str:
        """Take the folder paths count from, and the guide an editor starts with. Return what is wrong, or ''."""
        self.folder = folder
        if wish and not isinstance(wish, str):
            return self._complaint(Saying(NOT_A_NAME))
        self.named = self.wanted = wish or self.named
        return self.read()

    def want(self, wish: Any) -> str:
        """Take the guide an editor asks for later; none means the one it began with. Return what is wrong, or ''."""
        if wish and not isinstance(wish, str):
            return self._complaint(Saying(NOT_A_NAME))
        before, self.wanted = self.wanted, wish or self.named
        return self.read() if self.wanted != before else ""

    def read(self) -> str:
        """Read the wanted guide. Return what is wrong with it, or ''."""
        self._stamp = self._written()
        try:
            self.current = find_guide(self._place(), BUILT_IN)
        except (Usage, GuideError) as error:
            return self._complaint(error)
        except (OSError, RuntimeError) as error:
            return self._complaint(Complaint("{reason}", reason=reason(error)))
        return ""

    def outdated(self) -> bool:
        """Say whether the guide's file was written since it was read."""
        return self._written() != self._stamp

    def _complaint(self, what: Saying | Complaint | GuideError) -> str:
        return self.voice.fill(STAYS, {"problem": what.told(self.voice), "guide": self.current.guide})

    def _place(self) -> str:
        """Return the wanted guide: a name, or a path, which counts from the editor's folder where that holds it."""
        if not self.wanted or (BUILT_IN / f"{self.wanted}.yaml").is_file():
            return self.wanted
        path = Path(self.wanted).expanduser()
        inside = self.folder / path if self.folder else path
        return str(inside if inside.is_file() else path)

    def _written(self) -> object:
        try:
            found = Path(self._place()).stat()
        except (OSError, ValueError, RuntimeError):
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino


def is_guide(name: str, language: str, text: str) -> bool:
    """Say whether a text is a guide being written: YAML with a line `guide: …`."""
    return (language in YAML or PurePath(name).suffix[1:].lower() in YAML) and bool(_IS_GUIDE.search(text))


def problems(path: Path, text: str, encoding: Encoding, voice: Voice = ENGLISH) -> list[types.Diagnostic]:
    """Return what is wrong in the guide saved at `path`, each on its line of `text`, which the editor shows."""
    try:
        load_tried(path)
    except GuideError as error:
        places = Positions(one_line_end(text), encoding)
        return [
            types.Diagnostic(
                places.line(max(problem.line - 1, 0)),
                f"{problem.path}: {problem.told(voice)}" if problem.path else problem.told(voice),
                types.DiagnosticSeverity.Error,
                source=SOURCE,
            )
            for problem in error.problems
        ]
    return []
