"""An editor for tests: starts the real server, speaks the protocol with it, and keeps texts as editors do."""

import asyncio
import os
import re
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

ROOT = Path(__file__).parents[2]
UNITS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
HANG = 120.0  # seconds after which a test is taken to hang; nothing depends on it otherwise
_LINE_END = re.compile("(?<=\r\n)|(?<=\n)|(?<=\r)(?!\n)")

T = TypeVar("T")
Published = types.PublishDiagnosticsParams


class Stale(Exception):
    """An edit made for another version of the text."""


class Editor:
    """One editor and its server, a process of its own. Every method returns when the server has answered."""

    def __init__(
        self,
        *arguments: str,
        encodings: Sequence[str] | None = None,
        options: Any = None,
        folder: Path | None = None,
        settings: Any = None,
        versioned: bool = True,
        env: dict[str, str] | None = None,
        command: Sequence[str] = ("-m", "server.cli", "language-server"),
        port: int = 0,
        locale: str | None = None,
    ) -> None:
        self.loop = asyncio.new_event_loop()
        self.client = LanguageClient("test editor", "1")
        self.published: dict[str, list[Published]] = {}
        self.shown: list[str] = []
        self.logged: list[str] = []
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.settings = settings
        self._news = asyncio.Event()
        self._listen()
        self._run(self._start([*command, *arguments], env or {}, port))
        self.server = self._run(self._initialize(encodings, options, folder, versioned, locale))
        self.encoding = str(self.server.capabilities.position_encoding or "utf-16")

    # what an editor's user does

    def open(self, name: str, text: str, language: str = "markdown", uri: str = "") -> str:
        """Open a text and return its URI."""
        uri = uri or f"untitled:{len(self.texts)}/{name}"
        self.texts[uri], self.versions[uri] = text, 1
        item = types.TextDocumentItem(uri, language, 1, text)
        self._tell(lambda: self.client.text_document_did_open(types.DidOpenTextDocumentParams(item)))
        return uri

    def change(self, uri: str, text: str) -> None:
        """Replace a whole text."""
        self.texts[uri] = text
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self._tell(lambda: self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole])))

    def save(self, uri: str) -> None:
        document = types.TextDocumentIdentifier(uri)
        self._tell(lambda: self.client.text_document_did_save(types.DidSaveTextDocumentParams(document)))

    def close(self, uri: str) -> None:
        document = types.TextDocumentIdentifier(uri)
        self._tell(lambda: self.client.text_document_did_close(types.DidCloseTextDocumentParams(document)))

    def configure(self, settings: Any) -> None:
        self._tell(lambda: self.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings)))

    def actions(
        self,
        uri: str,
        words: str = "",
        *,
        only: Sequence[str] | None = None,
        automatic: bool = False,
        about: Sequence[types.Diagnostic] = (),
    ) -> list[types.CodeAction]:
        """Ask for the code actions at `words`, or at the very start; `about` are diagnostics the editor names."""
        kind = types.CodeActionTriggerKind.Automatic if automatic else types.CodeActionTriggerKind.Invoked
        context = types.CodeActionContext(about, only, kind)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), self.range_of(uri, words), context)
        found = self._run(self.client.text_document_code_action_async(params))
        return [action for action in found or () if isinstance(action, types.CodeAction)]

    def hover(self, uri: str, words: str) -> str:
        """Return what is shown over the first character of `words`, or ''."""
        place = self.range_of(uri, words).start
        params = types.HoverParams(types.TextDocumentIdentifier(uri), place)
        found = self._run(self.client.text_document_hover_async(params))
        return found.contents.value if found and isinstance(found.contents, types.MarkupContent) else ""

    def apply(self, action: types.CodeAction) -> None:
        """Make an action's edits, and tell the server. Raises Stale, as editors refuse edits of another version."""
        assert action.edit is not None
        for change in action.edit.document_changes or ():
            assert isinstance(change, types.TextDocumentEdit)
            uri = change.text_document.uri
            if change.text_document.version != self.versions[uri]:
                raise Stale(f"{change.text_document.version}, not {self.versions[uri]}")
            self.change(uri, self._edited(self.texts[uri], change.edits))
        for uri, edits in (action.edit.changes or {}).items():
            self.change(uri, self._edited(self.texts[uri], edits))

    def leave(self) -> int:
        """Shut the server down as the protocol has it and return its exit status."""
        self.take_leave()
        return self.ended()

    def take_leave(self) -> None:
        """Ask the server to shut down, and to exit."""
        self._run(self.client.shutdown_async(None))
        self._tell(lambda: self.client.exit(None))

    def vanish(self) -> int:
        """Close the pipe without a word, as a killed editor does, and return the server's exit status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.ended()

    def ended(self) -> int:
        """Wait for the end of the server and return its exit status."""
        status = self._run(self.process.wait())
        self._run(self.client.stop())
        self.loop.close()
        return status

    # what an editor's user sees

    def until(self, uri: str, holds: Callable[[list[types.Diagnostic]], bool]) -> list[types.Diagnostic]:
        """Wait until the diagnostics of a text's newest version are as said, and return them."""

        def found() -> list[types.Diagnostic] | None:
            news = self.published.get(uri, [])
            now = news[-1] if news and news[-1].version in (None, self.versions[uri]) else None
            return [*now.diagnostics] if now and holds([*now.diagnostics]) else None

        return self.wait(found)

    def wait(self, found: Callable[[], T | None]) -> T:
        """Wait for the server to say something that `found` finds."""

        async def listen() -> T:
            while (it := found()) is None:
                self._news.clear()
                await self._news.wait()
            return it

        return self._run(listen())

    def range_of(self, uri: str, words: str) -> types.Range:
        """Return the range of the first place where `words` stand, in the agreed encoding."""
        start = self.texts[uri].index(words)
        return types.Range(self._position(uri, start), self._position(uri, start + len(words)))

    def words(self, uri: str, place: types.Range) -> str:
        """Return the words in a range of a text."""
        text = self.texts[uri]
        return text[self._offset(text, place.start) : self._offset(text, place.end)]

    def _position(self, uri: str, index: int) -> types.Position:
        before = _LINE_END.split(self.texts[uri][:index])
        return types.Position(len(before) - 1, self._units(before[-1]))

    def _units(self, text: str) -> int:
        codec = f"{self.encoding}-le" if self.encoding != "utf-8" else self.encoding
        return len(text.encode(codec, "surrogatepass")) // UNITS[self.encoding]

    def _offset(self, text: str, at: types.Position) -> int:
        lines = _LINE_END.split(text)
        line = lines[at.line]
        inside = next(n for n in range(len(line) + 1) if self._units(line[:n]) >= at.character)
        assert self._units(line[:inside]) == at.character, "a position inside a character"
        return sum(map(len, lines[: at.line])) + inside

    def _edited(self, text: str, edits: Sequence[Any]) -> str:
        placed = [(self._offset(text, e.range.start), self._offset(text, e.range.end), e.new_text) for e in edits]
        for start, end, words in sorted(placed, reverse=True):
            text = text[:start] + words + text[end:]
        return text

    # the wire

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self.client._server is not None
        return self.client._server

    def _run(self, work: Awaitable[T]) -> T:
        async def in_time() -> T:
            return await asyncio.wait_for(work, HANG)

        return self.loop.run_until_complete(in_time())

    def _tell(self, notify: Callable[[], None]) -> None:
        async def told() -> None:
            notify()
            await asyncio.sleep(0)

        self._run(told())

    def _listen(self) -> None:
        def published(params: Published) -> None:
            self.published.setdefault(params.uri, []).append(params)
            self._news.set()

        def said(kept: list[str]) -> Callable[[Any], None]:
            def hear(params: Any) -> None:
                kept.append(params.message)
                self._news.set()

            return hear

        def asked(params: types.ConfigurationParams) -> list[Any]:
            return [self.settings for _ in params.items]

        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(published)
        self.client.feature(types.WINDOW_SHOW_MESSAGE)(said(self.shown))
        self.client.feature(types.WINDOW_LOG_MESSAGE)(said(self.logged))
        self.client.feature(types.WORKSPACE_CONFIGURATION)(asked)
        self.client.feature(types.CLIENT_REGISTER_CAPABILITY)(lambda params: None)

    async def _start(self, command: Sequence[str], env: dict[str, str], port: int) -> None:
        while port and not self.client._async_tasks:
            with suppress(ConnectionRefusedError):  # until the server listens
                await self.client.start_tcp("127.0.0.1", port)
            await asyncio.sleep(0.05)
        if not port:
            await self.client.start_io(sys.executable, *command, cwd=ROOT, env={**os.environ, **env})

    async def _initialize(
        self,
        encodings: Sequence[str] | None,
        options: Any,
        folder: Path | None,
        versioned: bool,
        locale: str | None,
    ) -> types.InitializeResult:
        workspace = types.WorkspaceClientCapabilities(
            configuration=self.settings is not None,
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=versioned),
            did_change_configuration=types.DidChangeConfigurationClientCapabilities(self.settings is not None),
        )
        general = types.GeneralClientCapabilities(position_encodings=encodings) if encodings else None
        answer = await self.client.initialize_async(
            types.InitializeParams(
                types.ClientCapabilities(workspace=workspace, general=general),
                process_id=os.getpid(),
                root_uri=folder.as_uri() if folder else None,
                initialization_options=options,
                locale=locale,
            )
        )
        self.client.initialized(types.InitializedParams())
        return answer


def codes(found: Sequence[types.Diagnostic]) -> list[Any]:
    """Return the codes of diagnostics."""
    return [item.code for item in found]
