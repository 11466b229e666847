"""How the server comes and goes, and what it survives."""

import json
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from lsprotocol import types
from typer.testing import CliRunner

from server.cli import application
from server.errors import Invalid
from server.language_server import transport
from tests.language_server.editor import ROOT, Editor, codes

STUMBLING = """
import sys
from server import lint
from server.language_server import transport
engine = lint.lint
def stumble(text, *rest, **more):
    print("this does not belong on the wire", end="", flush=True)
    if "boom" in text:
        raise RuntimeError("the engine stumbled")
    return engine(text, *rest, **more)
lint.lint = stumble
sys.exit(transport.serve())
"""


def test_a_wrong_guide_of_the_command_line_is_said_and_stops_nobody() -> None:
    editor = Editor("--guide", "nowhere")
    said = editor.wait(lambda: next(iter(editor.shown), None))
    assert said.startswith("no guide called 'nowhere'")
    uri = editor.open("a.md", "We recieve $\\foo$.")
    editor.until(uri, lambda now: "TEX102" in codes(now))
    assert editor.leave() == 0


def test_a_server_ends_when_its_editor_is_gone() -> None:
    editor = Editor()
    uri = editor.open("a.md", "So $\\foo$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    editor.change(uri, "So $x^$. We recieve it.")
    assert editor.vanish() == 1


def test_a_failure_is_logged_and_survived() -> None:
    editor = Editor(command=["-c", STUMBLING])
    uri = editor.open("a.md", "boom $\\foo$")
    said = editor.wait(lambda: next(iter(editor.logged), None))
    assert "the engine stumbled" in said
    assert editor.hover(uri, "\\foo") == ""
    assert editor.actions(uri, "\\foo") == []
    editor.change(uri, "So $\\foo$")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    assert editor.leave() == 0


def test_messages_nobody_knows_are_survived() -> None:
    editor = Editor()
    editor.client.protocol.notify("goldsmith/nothing", {})
    unknown = types.TextDocumentIdentifier("untitled:never-opened")
    document = types.VersionedTextDocumentIdentifier(2, unknown.uri)
    whole = types.TextDocumentContentChangeWholeDocument("text")
    editor.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))
    editor.client.text_document_did_save(types.DidSaveTextDocumentParams(unknown))
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(unknown))
    uri = editor.open("a.md", "So $\\foo$")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    assert editor.shown == []
    assert editor.leave() == 0


def test_a_port_of_this_machine_will_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "server.cli", "language-server", "--tcp", f"localhost:{port}"]
    server = subprocess.Popen(command, cwd=ROOT)
    editor = Editor(port=port)
    uri = editor.open("a.md", "So $\\foo$.")
    editor.until(uri, lambda now: codes(now) == ["TEX102"])
    editor.take_leave()
    assert server.wait() == 0


@pytest.mark.parametrize("address", ["0.0.0.0:1", "192.168.1.1:80", "example.org:80", "127.0.0.1", "localhost:x", ":1"])
def test_no_other_machine_may_come(address: str) -> None:
    with pytest.raises(Invalid):
        transport.serve(address=address)


def test_the_command_says_what_it_is() -> None:
    shown = CliRunner().invoke(application("language-server"), ["language-server", "--help"])
    assert shown.exit_code == 0
    assert "Language Server Protocol" in shown.output


def test_no_other_command_loads_the_library() -> None:
    code = "import sys; from server.cli import application; application(); print('pygls' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def test_the_examples_for_editors_can_be_read() -> None:
    page = (ROOT / "docs" / "editors.md").read_text("utf-8")
    read = {"json": json.loads, "toml": tomllib.loads}
    found = re.findall(r"```(json|toml)\n(.*?)```", page, re.DOTALL)
    assert [kind for kind, _ in found] == ["json", "toml", "toml", "toml", "json"]
    assert all(read[kind](text) for kind, text in found)


def test_a_server_leaves_no_folder_behind(home: Path) -> None:
    editor = Editor()
    assert editor.leave() == 0
    assert not home.exists()
