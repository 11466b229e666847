"""What an editor may ask and tell. Thin: the server knows the texts, its neighbours know what to say of them.

Diagnostics are pushed and cannot be pulled: they come in two steps, and editors that are offered both ways show each
of them twice.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from server.i18n import Speech
from server.language_server import hover as pages
from server.language_server.actions import KINDS, Offers
from server.language_server.server import NAME, EditorLog, Server, settings_in


async def _settings(ls: Server) -> Mapping[str, Any] | None:
    """Ask the editor for its settings; None where it cannot be asked, or has none."""
    if not get_capability(ls.client_capabilities, "workspace.configuration", False):
        return None
    wish = types.ConfigurationParams([types.ConfigurationItem(section=NAME)])
    with suppress(JsonRpcException):
        return settings_in({NAME: next(iter(await ls.workspace_configuration_async(wish)), None)})
    return None


def initialize(ls: Server, params: types.InitializeParams) -> None:
    """Learn which language the editor speaks, where it works and which guide it wants."""
    ls.speak_as(params.locale)
    logging.getLogger("server").addHandler(EditorLog(ls))
    folders = [folder.uri for folder in params.workspace_folders or ()]
    root = to_fs_path(next(iter(folders), params.root_uri or ""))
    wish = (settings_in(params.initialization_options) or {}).get("guide")
    ls.trouble = ls.guides.begin(Path(root) if root else None, wish)


async def initialized(ls: Server, params: types.InitializedParams) -> None:
    """Ask for the settings there are, and to be told when they change."""
    ls.complain(ls.trouble)
    if get_capability(ls.client_capabilities, "workspace.did_change_configuration.dynamic_registration", False):
        about = types.DidChangeConfigurationRegistrationOptions(NAME)
        changes = types.Registration(f"{NAME}-settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, about)
        with suppress(JsonRpcException):
            await ls.client_register_capability_async(types.RegistrationParams([changes]))
    ls.follow(await _settings(ls))


async def configured(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """Follow changed settings; an editor that only says that there are some is asked for them."""
    sent = settings_in(params.settings)
    ls.follow(await _settings(ls) if sent is None else sent)


def opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """Read a text at once."""
    ls.open(params.text_document.uri, params.text_document.language_id)


def changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Read a text after the next pause in typing."""
    uri = params.text_document.uri
    if uri in ls.texts and not ls.refresh_guide():
        ls.texts[uri].change(ls.version_of(uri))


def saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """Read a text, or a guide, as it was saved."""
    uri = params.text_document.uri
    if uri not in ls.texts:
        ls.check_guide(uri)
    if not ls.refresh_guide() and uri in ls.texts:
        ls.read_again(uri)


def closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Forget a text and what was said of it."""
    ls.close(params.text_document.uri)
    ls.publish(params.text_document.uri, [])


async def offers(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """Offer what can be done about the findings at a place."""
    uri = params.text_document.uri
    if uri not in ls.texts:
        return None
    version = await ls.texts[uri].read()
    versioned = get_capability(ls.client_capabilities, "workspace.workspace_edit.document_changes", False)
    found = Offers(uri, version, ls.speech, versioned=bool(versioned))
    return await asyncio.to_thread(found.at, params.range, params.context)


async def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """Show the pages of the rules whose findings are at a place."""
    if params.text_document.uri not in ls.texts:
        return None
    version = await ls.texts[params.text_document.uri].read()
    here = version.at(params.position)
    if not here:
        return None
    page = types.MarkupContent(types.MarkupKind.Markdown, pages.page(here, version.text, version.guide, ls.speech))
    return types.Hover(page, version.places.range(*here[0].span.codepoints))


def leave(ls: Server, params: None) -> None:
    """End all reading."""
    ls.left = True
    for uri in [*ls.texts]:
        ls.close(uri)


_FEATURES: dict[str, Callable[..., Any]] = {
    types.INITIALIZE: initialize,
    types.INITIALIZED: initialized,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: configured,
    types.TEXT_DOCUMENT_DID_OPEN: opened,
    types.TEXT_DOCUMENT_DID_CHANGE: changed,
    types.TEXT_DOCUMENT_DID_SAVE: saved,
    types.TEXT_DOCUMENT_DID_CLOSE: closed,
    types.TEXT_DOCUMENT_CODE_ACTION: offers,
    types.TEXT_DOCUMENT_HOVER: hover,
    types.SHUTDOWN: leave,
}
_OPTIONS = {types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(KINDS)}


def build(guide: str = "", speech: Speech | None = None) -> Server:
    """Return a server with all its features. `guide` and `speech` are what the command line named."""
    server = Server(guide, speech)
    for name, feature in _FEATURES.items():
        server.feature(name, _OPTIONS.get(name))(feature)
    return server
