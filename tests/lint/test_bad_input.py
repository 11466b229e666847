"""What `goldsmith lint` says of files and rows it cannot read, and how it leaves what it may not write."""

import io
import json
import os
from pathlib import Path

import pytest
import typer

from server.commands import lint as commands
from server.lint import rewriting
from server.lint.sources import Fields
from tests.lint.test_command import _run

GLUED = "##Proof\n\nText."


def _written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("Vier.".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        ("Vierzehn für".encode("latin-1"), "is not UTF-8 (byte 11 is 0xfc); save it as UTF-8"),
    ],
)
def test_a_file_in_another_encoding_is_named_with_what_to_do(tmp_path: Path, data: bytes, said: str) -> None:
    path = _written(tmp_path, "a.md", data)
    status, out, errors = _run(tmp_path, str(path))
    assert (status, out) == (2, "0 checked: 0 errors, 0 warnings, 0 notes\n")
    assert errors == f"goldsmith lint: {path} {said}\n"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b"{bad", "is not JSON: expecting property name enclosed in double quotes, at character 2"),
        (b"[1]", 'is a list; a row is an object, as {"response": "…"}'),
        (b'"a"', "is a string; a row is an object"),
        (b"null", "is null; a row is an object"),
        (b"3", "is a number; a row is an object"),
        (b'{"answer": "a", "n": 1}', "has no member 'response', only 'answer', 'n'; name the answer's with --field"),
        (b"{}", "has no members; a row is an object, as"),
        (b'{"response": ["a"]}', "holds a list in 'response'; an answer is a string"),
        (b'{"response": null}', "holds null in 'response'; an answer is a string"),
        (b'{"response": "\xe9"}', "is not UTF-8 (byte 15 is 0xe9); save it as UTF-8"),
        (b'{"response": ' + b"9" * 5000 + b"}", "cannot be read: it is nested too deeply, or a number"),
    ],
)
def test_a_bad_row_is_named_with_what_is_wrong_and_the_others_are_read(tmp_path: Path, row: bytes, said: str) -> None:
    path = _written(tmp_path, "rows.jsonl", b'{"response": "Four."}\n' + row + b'\n{"response": "Five."}\n')
    status, out, errors = _run(tmp_path, str(path))
    assert (status, out) == (2, "2 checked: 0 errors, 0 warnings, 0 notes\n")
    assert f"{path}, row 2 {said}" in errors
    assert errors.count("\n") == 1


def test_rows_in_utf_16_are_told_of_once(tmp_path: Path) -> None:
    path = _written(tmp_path, "rows.jsonl", '{"response": "a"}\n{"response": "b"}\n'.encode("utf-16"))
    status, _, errors = _run(tmp_path, str(path))
    assert (status, errors) == (2, f"goldsmith lint: {path} is UTF-16; save it as UTF-8\n")


def test_of_many_bad_rows_the_first_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    path = _written(tmp_path, "rows.jsonl", b"{}\n" * 1_030)
    status, _, errors = _run(tmp_path, str(path))
    assert status == 2
    assert errors.endswith(f"goldsmith lint: {path} has 1,010 more rows that are wrong\n")
    assert errors.count("\n") == 21


def test_a_file_of_rows_may_begin_with_a_byte_order_mark_and_keeps_it(tmp_path: Path) -> None:
    path = _written(tmp_path, "rows.jsonl", b'\xef\xbb\xbf{"response": "##Proof"}\n')
    assert _run(tmp_path, str(path), fix=True)[0] == 0
    assert path.read_bytes() == b'\xef\xbb\xbf{"response": "## Proof"}\n'


def test_rows_are_read_by_the_name_in_capitals_too(tmp_path: Path) -> None:
    path = _written(tmp_path, "ROWS.JSONL", b'{"response": "##Proof"}\n')
    _, out, _ = _run(tmp_path, str(path), output="json")
    assert json.loads(out)[0]["row"] == 1


def test_a_file_named_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _written(tmp_path, "a.md", b"Four.")
    monkeypatch.chdir(tmp_path)
    assert "1 checked" in _run(tmp_path, "a.md", "./a.md")[1]


def test_a_reference_of_nought_is_a_reference(tmp_path: Path) -> None:
    path = _written(tmp_path, "rows.jsonl", b'{"response": "So $\\\\boxed{4}$.", "reference_answer": 0}\n')
    _, out, _ = _run(tmp_path, str(path), select=("ANS003",), second_tier=True)
    assert "the reference says 0" in out


class _Bytes(io.StringIO):
    """Standard input as the shell gives it."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.buffer = io.BytesIO(data)


def test_standard_input_is_read_as_files_are(tmp_path: Path) -> None:
    from server.lint.command import Wishes, run

    out, errors = io.StringIO(), io.StringIO()
    wishes = Wishes(tmp_path, output="json", select=("FMT",))
    assert run(["-"], wishes, stdin=_Bytes(b"Four.\r\n##Proof\r\n"), stdout=out, stderr=errors) == 0
    assert json.loads(out.getvalue())[0]["diagnostics"][0]["span"]["codepoints"] == [7, 9]
    assert run(["-"], wishes, stdin=_Bytes(b"\xe9"), stdout=io.StringIO(), stderr=errors) == 2
    assert errors.getvalue() == "goldsmith lint: <stdin> is not UTF-8 (byte 1 is 0xe9); save it as UTF-8\n"


def test_fixing_a_row_leaves_the_rest_of_its_line_as_it_is(tmp_path: Path) -> None:
    before = b' {"n" :1e5, "response":"no","s":"\\u00e9\\/",  "response" : "##Proof" , "half": "\\ud800"}\r\n'
    path = _written(tmp_path, "rows.jsonl", before)
    assert _run(tmp_path, str(path), fix=True)[0] == 0
    assert path.read_bytes() == before.replace(b"##Proof", b"## Proof")


def test_half_a_surrogate_pair_survives_a_fix(tmp_path: Path) -> None:
    path = _written(tmp_path, "rows.jsonl", '{"response": "##Proof \\ud800 é"}'.encode())
    assert _run(tmp_path, str(path), fix=True)[0] == 0
    assert json.loads(path.read_bytes())["response"] == "## Proof \ud800 é"


def test_fixing_through_a_link_keeps_the_link(tmp_path: Path) -> None:
    path = _written(tmp_path, "a.md", GLUED.encode())
    link = tmp_path / "link.md"
    link.symlink_to(path)
    assert _run(tmp_path, str(link), fix=True)[0] == 0
    assert link.is_symlink()
    assert path.read_text() == GLUED.replace("##", "## ")


def test_a_file_that_is_read_only_is_not_fixed_nor_any_beside_it(tmp_path: Path) -> None:
    other, path = _written(tmp_path, "a.md", GLUED.encode()), _written(tmp_path, "b.md", GLUED.encode())
    path.chmod(0o444)
    status, out, errors = _run(tmp_path, str(other), str(path), fix=True)
    assert (status, out) == (2, "")
    assert errors == f"goldsmith lint: {path} is read-only: nothing was fixed; --diff shows what would change\n"
    assert (other.read_text(), path.read_text()) == (GLUED, GLUED)
    assert _run(tmp_path, str(path), fix=True, diff=True)[0] == 1


def test_a_file_that_cannot_be_written_is_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _written(tmp_path, "a.md", GLUED.encode())

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rewriting.os, "replace", refuse)
    status, _, errors = _run(tmp_path, str(path), fix=True)
    assert status == 2
    assert f"{path} cannot be written: no space left on device; it is as it was" in errors
    assert os.listdir(tmp_path) == ["a.md"]
    assert path.read_text() == GLUED


def test_a_baseline_knows_a_file_by_any_way_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _written(tmp_path, "a.md", b"So $\\foo$.")
    monkeypatch.chdir(tmp_path)
    _run(tmp_path, "./a.md", write_baseline="known.json")
    assert list(json.loads((tmp_path / "known.json").read_text())["files"]) == ["a.md"]
    assert sorted(os.listdir(tmp_path)) == ["a.md", "known.json"]
    assert _run(tmp_path, str(path), baseline="known.json")[0] == 0


def test_a_colour_wish_that_is_none_is_refused() -> None:
    with pytest.raises(typer.BadParameter, match="none of auto, always, never"):
        commands._coloured("sometimes")


def test_a_field_may_lie_inside_others(tmp_path: Path) -> None:
    before = (
        b'{"id": "a.b", "messages": [{"content": "Write a template."}, {"role": 1, "content": "##[Your Name]"}]}\n'
        b'{"messages.1.content": "##Proof", "messages": []}\n'
    )
    path = _written(tmp_path, "rows.jsonl", before)
    fields = Fields("messages.1.content", prompt="messages.0.content")
    status, out, _ = _run(tmp_path, str(path), fields=fields, select=("PLH", "FMT103"), fix=True)
    assert (status, out) == (0, "2 checked: 0 errors, 0 warnings, 0 notes\n")
    assert path.read_bytes() == before.replace(b'"##', b'"## ')


@pytest.mark.parametrize(
    "field", ["messages.2.content", "messages.one.content", "messages.0.content.text", "a.b", "messages."]
)
def test_a_field_that_leads_nowhere_is_told_of(tmp_path: Path, field: str) -> None:
    path = _written(tmp_path, "rows.jsonl", b'{"messages": [{"content": "Four."}]}\n')
    status, _, errors = _run(tmp_path, str(path), fields=Fields(field))
    assert status == 2
    assert f"row 1 has no member {field!r}, only 'messages'" in errors
