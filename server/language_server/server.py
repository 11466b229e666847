"""The server itself: the texts that are open, the guide they are read by, and what the editor is told."""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from server import lint
from server.config import Settings
from server.i18n import Speech, choice
from server.language_server import guides, present
from server.language_server.positions import Positions, line_end, one_line_end
from server.language_server.texts import OpenText, Version, Workers

NAME = "goldsmith"
LANGUAGES = ("markdown", "plaintext", "text")
SUFFIXES = (".md", ".markdown", ".txt")


class Server(LanguageServer):
    """Goldsmith's lint for one editor.

    `trouble` is what is wrong with the guide it began with; `left` says that the editor took its leave. `speech` is the
    language it was told to speak; without one the editor's counts, else that of the environment.
    """

    def __init__(self, guide: str = "", speech: Speech | None = None) -> None:
        super().__init__(NAME, lint.ENGINE_VERSION, types.TextDocumentSyncKind.Full)
        settings = Settings()  # type: ignore[call-arg]  # every field has a default
        self.is_told_its_language = speech is not None
        self.speech = speech or choice.of_environment()
        self.guides = guides.Guides(guide, self.speech)
        self.workers = Workers(settings.max_text)
        self.site = settings.public_url.rstrip("/")
        self.texts: dict[str, OpenText] = {}
        self.trouble = ""
        self.left = False

    def speak_as(self, locale: str | None) -> None:
        """Speak the language of an editor that says which one it speaks."""
        if locale and not self.is_told_its_language:
            self.speech = self.guides.voice = Speech(choice.named(locale) or "en")

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Tell the editor's log what went wrong outside of a request; nobody is stopped for it."""
        self.tell_log(types.MessageType.Error, str(error))

    def tell_log(self, level: types.MessageType, text: str) -> None:
        self.window_log_message(types.LogMessageParams(level, text))

    def complain(self, problem: str) -> None:
        """Show a problem, if there is one."""
        if problem:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, problem))

    def open(self, uri: str, language: str) -> None:
        """Begin to read a text, or a guide."""
        if language in LANGUAGES or PurePath(uri).suffix.lower() in SUFFIXES:
            self.texts[uri] = OpenText(self.version_of(uri), self.workers, partial(self._show, uri))
        else:
            self.check_guide(uri)

    def close(self, uri: str) -> None:
        """Stop reading a text."""
        if text := self.texts.pop(uri, None):
            text.stop()

    def version_of(self, uri: str) -> Version:
        """Return the newest version of an open text, not yet read."""
        document = self.workspace.get_text_document(uri)
        places = Positions(one_line_end(document.source), self.encoding)
        return Version(document.version or 0, places, line_end(document.source), self.guides.current)

    def read_again(self, *uris: str) -> None:
        """Read open texts once more, without a pause."""
        for uri in uris:
            version = self.version_of(uri)
            version.hurry.set()
            self.texts[uri].change(version)

    def follow(self, settings: Mapping[str, Any] | None) -> None:
        """Take what an editor's settings say of the guide; None says nothing."""
        if settings is not None:
            before = self.guides.current
            self.complain(self.guides.want(settings.get("guide")))
            if self.guides.current is not before:
                self.read_again(*self.texts)

    def refresh_guide(self) -> bool:
        """Read the guide again where its file was written since; say whether it was."""
        outdated = self.guides.outdated()
        if outdated:
            self.complain(self.guides.read())
            self.read_again(*self.texts)
        return outdated

    def check_guide(self, uri: str) -> None:
        """Show what is wrong in a guide, as it is saved."""
        document, path = self.workspace.get_text_document(uri), to_fs_path(uri)
        if path and guides.is_guide(path, document.language_id or "", document.source):
            self.publish(uri, guides.problems(Path(path), document.source, self.encoding, self.speech))

    @property
    def encoding(self) -> types.PositionEncodingKind | str:
        """What the editor counts columns in."""
        return self.workspace.position_encoding or types.PositionEncodingKind.Utf16

    def publish(self, uri: str, items: list[types.Diagnostic], version: int | None = None) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, items, version))

    def _show(self, uri: str, version: Version) -> None:
        told = (each.told(self.speech) for each in version.findings or ())
        self.publish(uri, [present.diagnostic(each, version.places, self.site) for each in told], version.number)


def settings_in(sent: Any) -> Mapping[str, Any] | None:
    """Return the settings in what an editor sent: they stand under `goldsmith`, or alone. None where there are none."""
    if not isinstance(sent, Mapping):
        return None
    section = sent.get(NAME)
    return section if isinstance(section, Mapping) else sent if "guide" in sent else None


class EditorLog(logging.Handler):
    """Tells the editor's log what goes wrong in the engine, on whichever thread."""

    def __init__(self, server: Server) -> None:
        super().__init__(logging.WARNING)
        self._server = server
        self._loop = asyncio.get_running_loop()

    def emit(self, record: logging.LogRecord) -> None:
        level = types.MessageType.Error if record.levelno >= logging.ERROR else types.MessageType.Warning
        self._loop.call_soon_threadsafe(self._server.tell_log, level, self.format(record))
