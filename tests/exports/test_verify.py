"""A release proves itself: each kind of change is found and named."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from server.exports import build, formats, manifest, splits
from server.exports.items import GuideRef, Item
from server.exports.manifest import Manifest
from server.exports.verify import Verdict, verify_release


def item(number: int) -> Item:
    return Item(
        task_id=uuid.UUID(int=number),
        task_number=number,
        messages=[{"role": "user", "content": f"第 {number} 题: what is ${number}+1$? 😀"}],
        version_id=uuid.UUID(int=1000 + number),
        version_number=1,
        text=f"It is ${number + 1}$.\nSo it is.",
        guide=GuideRef("house", 1, "0" * 64),
        engine="0.1.0",
        katex="0.19.1",
    )


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Six rows in one file, with index and manifest."""
    return written(tmp_path / "release")


def written(folder: Path, split: str = "") -> Path:
    folder.mkdir()
    plan = build.Plan("desk", formats.find("openai"), splits.parse(split))
    build.build(plan, map(item, range(1, 7)), None, folder)
    return folder


def said(verdict: Verdict) -> list[str]:
    return [str(problem) for problem in verdict.problems]


def rewrite(path: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    lines = path.read_bytes().split(b"\n")[:-1]
    path.write_bytes(b"".join(line + b"\n" for line in change(lines)))


def test_an_untouched_release_is_sound(release: Path) -> None:
    verdict = verify_release(release)
    assert verdict.is_sound
    assert verdict.manifest is not None
    assert [(file.name, file.rows) for file in verdict.manifest.files] == [("data.jsonl", 6), ("rows.jsonl", 6)]


def test_building_twice_gives_the_same_bytes(release: Path, tmp_path: Path) -> None:
    again = written(tmp_path / "again")
    assert {p.name: p.read_bytes() for p in release.iterdir()} == {p.name: p.read_bytes() for p in again.iterdir()}


def test_a_flipped_byte_anywhere_is_found(release: Path) -> None:
    for path in sorted(release.iterdir()):
        original = path.read_bytes()
        for place in range(0, len(original), 7):
            path.write_bytes(original[:place] + bytes([original[place] ^ 1]) + original[place + 1 :])
            verdict = verify_release(release)
            assert not verdict.is_sound, (path.name, place)
            assert {problem.file for problem in verdict.problems} == {path.name}, (path.name, place, said(verdict))
            if path.suffix == ".jsonl":
                assert verdict.problems[0].row == original[:place].count(b"\n") + 1, (path.name, place)
        path.write_bytes(original)
    assert verify_release(release).is_sound


@pytest.mark.parametrize("name", ["data.jsonl", "rows.jsonl"])
@pytest.mark.parametrize("row", [1, 4, 6])
def test_a_removed_row_is_named(release: Path, name: str, row: int) -> None:
    rewrite(release / name, lambda lines: lines[: row - 1] + lines[row:])
    assert said(verify_release(release)) == [f"{name}, row {row}: This row was removed."]


@pytest.mark.parametrize("row", [1, 4, 7])
def test_an_added_row_is_named(release: Path, row: int) -> None:
    rewrite(release / "data.jsonl", lambda lines: [*lines[: row - 1], b'{"messages":[]}', *lines[row - 1 :]])
    assert said(verify_release(release)) == [f"data.jsonl, row {row}: This row was added."]


def test_two_rows_that_changed_places_are_named(release: Path) -> None:
    rewrite(release / "data.jsonl", lambda lines: [lines[0], lines[2], lines[1], *lines[3:]])
    assert said(verify_release(release)) == ["data.jsonl, row 2: This row and the next changed places."]


def test_a_changed_word_is_named_by_file_and_row(tmp_path: Path) -> None:
    folder = written(tmp_path / "split", "0.5/0.5")
    path = folder / "test.jsonl"
    path.write_bytes(path.read_bytes().replace(b"So it is.", b"So it was."))
    assert said(verify_release(folder)) == ["test.jsonl, row 1: This row was changed."]


def test_a_lost_line_end_is_named(release: Path) -> None:
    path = release / "data.jsonl"
    path.write_bytes(path.read_bytes()[:-1])
    assert said(verify_release(release)) == ["data.jsonl, row 6: The line end of this row was changed."]


@pytest.mark.parametrize("name", ["data.jsonl", "rows.jsonl"])
def test_a_missing_file_is_named(release: Path, name: str) -> None:
    (release / name).unlink()
    assert said(verify_release(release)) == [f"{name}: It is missing."]


def test_a_file_that_does_not_belong_is_named(release: Path) -> None:
    (release / "more.jsonl").write_text("{}\n")
    assert said(verify_release(release)) == ["more.jsonl: It does not belong to this release."]


def test_a_row_cannot_be_named_once_the_index_is_changed_too(release: Path) -> None:
    for name in ("data.jsonl", "rows.jsonl"):
        rewrite(release / name, lambda lines: [line.replace(b"1", b"7") for line in lines])
    first, second = said(verify_release(release))
    assert first == "rows.jsonl, row 1: This row was changed."
    assert second.startswith("data.jsonl: It was changed. The index is not sound either")


def test_an_edited_manifest_is_found(release: Path) -> None:
    path = release / "manifest.json"
    path.write_text(path.read_text().replace('"project": "desk"', '"project": "dusk"'))
    (only,) = said(verify_release(release))
    assert only.startswith(
        "manifest.json: It was changed after it was written: its content does not match its own hash"
    )


def test_a_manifest_laid_out_anew_is_found(release: Path) -> None:
    path = release / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text())))
    assert "in other bytes" in said(verify_release(release))[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        "{",
        "\udcff",
        "[" * 100_000,
        '{"files": 1e999}',
        '{"sha256": "\\ud800"}',
        '{"layout":' + "9" * 5_000 + "}",
    ],
)
def test_what_is_no_manifest_gets_a_sentence(release: Path, text: str) -> None:
    (release / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    (only,) = said(verify_release(release))
    assert only.startswith("manifest.json: This is not a manifest of Goldsmith")


def test_a_manifest_cannot_point_outside_its_folder(release: Path) -> None:
    path = release / "manifest.json"
    made = json.loads(path.read_text())
    made["files"][0]["name"] = "../release/data.jsonl"
    path.write_text(json.dumps(made))
    assert "files.0.name" in said(verify_release(release))[0]


def test_an_index_that_is_not_listed_is_a_problem(release: Path) -> None:
    path = release / "manifest.json"
    made = Manifest.model_validate_json(path.read_bytes())
    made.files = made.files[:1]
    made.sha256 = made.fingerprint()
    path.write_text(made.written())
    assert "manifest.json: It does not list rows.jsonl." in said(verify_release(release))


FORGED = manifest.index_line({"file": [], "line": "x", "sha256": 1}).encode()
BROKEN = [b"[]", b"7", b'{"check":1}', b'{"check":"\\ud800"}', b'{"check":1,"n":1e999}', b"\xff", FORGED]


@pytest.mark.parametrize("line", BROKEN)
def test_a_broken_index_line_is_named_whatever_it_holds(release: Path, line: bytes) -> None:
    rewrite(release / "rows.jsonl", lambda lines: [*lines[:2], line, *lines[3:]])
    assert said(verify_release(release)) == ["rows.jsonl, row 3: This row was changed."]


def test_a_folder_that_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    assert said(verify_release(tmp_path / "nowhere")) == [
        "manifest.json: It is missing, so nothing here can be checked."
    ]
