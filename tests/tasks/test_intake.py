"""Rows of a task file: what comes in, what is left out, and why."""

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from server.errors import Invalid
from server.tasks import intake
from server.tasks.intake import Rejected, TaskRow


def row(**over: Any) -> TaskRow:
    return intake.parse(1, {"prompt": "What is 2+2?"} | over)


def reason(**over: Any) -> str:
    with pytest.raises(Invalid) as refused:
        row(**over)
    return str(refused.value)


def read(content: bytes) -> list[TaskRow | Rejected]:
    return list(intake.read(intake.lines_of(io.BytesIO(content))))


def only(content: bytes) -> TaskRow | Rejected:
    (found,) = read(content)
    return found


def why(content: bytes) -> str:
    found = only(content)
    assert isinstance(found, Rejected)
    return found.reason


def test_a_prompt_becomes_one_user_turn() -> None:
    assert row().messages == [{"role": "user", "content": "What is 2+2?"}]


def test_turns_keep_their_order_and_the_last_question_is_the_prompt() -> None:
    turns = [
        {"role": r, "content": c}
        for r, c in (("system", "Be brief."), ("user", "a"), ("assistant", "b"), ("user", "c"))
    ]
    found = intake.parse(1, {"messages": turns})
    assert (found.messages, found.prompt) == (turns, "c")


def test_every_field_is_kept() -> None:
    found = row(
        external_id=17,
        reference_answer=4,
        tags=["sum", " sum ", "easy"],
        priority="High",
        due_at="2026-12-01T18:00+08:00",
        metadata={"source": "book"},
        page=3,
        drafts=[{"model": "small", "text": "4", "is_correct": True}],
    )
    assert (found.external_id, found.reference_answer, found.tags, found.priority) == ("17", "4", ["sum", "easy"], 10)
    assert found.due_at == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert found.metadata == {"source": "book", "page": 3}
    assert found.drafts == [intake.DraftRow("small", "4", {"is_correct": True})]


def test_a_date_is_due_when_the_day_ends() -> None:
    assert row(due_at="2026-12-01").due_at == datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"prompt": None}, "needs a `prompt`"),
        ({"prompt": "  "}, "needs a `prompt`"),
        ({"prompt": 4}, "needs a `prompt`"),
        ({"messages": []}, "both `prompt` and `messages`"),
        ({"prompt": None, "messages": []}, "`messages` is a list of turns"),
        ({"prompt": None, "messages": ["hello"]}, "`messages[0]` needs a `role` and a `content`"),
        (
            {"prompt": None, "messages": [{"role": "user", "content": "a"}, {"role": "usr", "content": "b"}]},
            "`messages[1].role` is “usr”; use system, user or assistant.",
        ),
        ({"prompt": None, "messages": [{"role": ["user"], "content": "a"}]}, "use system, user or assistant"),
        ({"prompt": None, "messages": [{"role": "user", "content": [1]}]}, "`messages[0].content` must be a text"),
        ({"prompt": None, "messages": [{"role": "system", "content": "a"}]}, "at least one turn whose role is “user”"),
        ({"prompt": "x" * 200_001}, "A turn has 200001 characters; at most 200000 fit."),
        ({"external_id": True}, "`external_id` must be a text"),
        ({"external_id": "x" * 201}, "1 to 200 characters"),
        ({"reference_answer": ["4"]}, "`reference_answer` must be a text"),
        ({"tags": "algebra"}, "`tags` is a list of words"),
        ({"tags": ["a", 1]}, "`tags` is a list of words"),
        ({"tags": ["x" * 61]}, "at most 50 words of 60 characters"),
        ({"priority": 101}, "from -100 to 100"),
        ({"priority": "urgent"}, "low, normal, high"),
        ({"priority": True}, "low, normal, high"),
        ({"due_at": "tomorrow"}, "`due_at` is a date"),
        ({"due_at": "2026-12-01T18:00"}, "with its zone"),
        ({"due_at": "0001-01-01T00:00+14:00"}, "`due_at` is a date"),
        ({"due_at": 20261201}, "`due_at` is a date"),
        ({"metadata": []}, "`metadata` is an object"),
        ({"drafts": {}}, "`drafts` is a list"),
        ({"drafts": [{"model": "m", "text": "a"}, {"model": "m"}]}, "`drafts[1]` needs a `model` and a `text`"),
        ({"drafts": [{"model": "", "text": "a"}]}, "`drafts[0].model` must be a name"),
        ({"drafts": [{"model": "m" * 201, "text": "a"}]}, "`drafts[0].model` must be a name"),
    ],
)
def test_a_bad_field_is_named_with_its_mend(over: dict[str, Any], said: str) -> None:
    assert said in reason(**over)


def test_a_bad_row_costs_no_good_one_and_is_named_by_its_line() -> None:
    found = read(b'{"prompt": "a"}\n\n{"prompt": \n[1]\n{"prompt": "b"}')
    assert [(r.line, isinstance(r, TaskRow)) for r in found] == [(1, True), (3, False), (4, False), (5, True)]
    assert isinstance(found[1], Rejected)
    assert found[1].raw == '{"prompt": '


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"prompt": "a"\n', "The JSON stops before its end"),
        (b'{"prompt": a}\n', "not JSON from character 12 on: “a}”"),
        (b'"a text"', "A row is one JSON object on one line"),
        (b'{"prompt": "a\xff"}', "Byte 14 is not UTF-8"),
        (b'{"prompt": "a", "x": NaN}', "NaN is not JSON"),
        (b'{"prompt": "a", "x": 1e999}', "too long to keep"),
        (b'{"prompt": "a", "x": ' + b"9" * 5000 + b"}", "too long to keep"),
        (b'{"prompt": "a", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deep"),
        (b'{"prompt": "a", "x": ' + b"[" * 51 + b"]" * 51 + b"}", "nested too deep"),
    ],
)
def test_a_line_that_is_not_a_row_says_why(line: bytes, said: str) -> None:
    assert said in why(line)


def test_nesting_that_every_place_can_read_comes_in() -> None:
    assert isinstance(only(b'{"prompt": "a [[[", "x": ' + b"[" * 50 + b"]" * 50 + b"}"), TaskRow)


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter() -> None:
    found = read(b'\xef\xbb\xbf{"prompt": "a\\r\\nb"}\r\n{"prompt": "c"}\r\n')
    assert [r.prompt for r in found if isinstance(r, TaskRow)] == ["a\nb", "c"]


def test_a_line_separator_inside_a_text_ends_no_line() -> None:
    found = only('{"prompt": "a\u2028b\x85c"}\n'.encode())
    assert isinstance(found, TaskRow)
    assert found.prompt == "a\u2028b\x85c"


def test_what_no_database_holds_is_replaced() -> None:
    found = only(b'{"prompt": "a\\ud800b\\u0000c", "metadata": {"k\\u0000": ["\\udfff"]}}')
    assert isinstance(found, TaskRow)
    assert (found.prompt, found.metadata) == ("a�b�c", {"k�": ["�"]})


def test_a_line_too_long_is_left_out_without_being_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MAX_LINE", 100)
    lines = list(intake.lines_of(io.BytesIO(b"x" * 5000 + b'\n{"prompt": "a"}\n' + b"y" * 5000)))
    assert max(map(len, lines)) == 101
    found = list(intake.read(lines))
    assert [(r.line, isinstance(r, TaskRow)) for r in found] == [(1, False), (2, True), (3, False)]


def test_a_line_of_exactly_the_most_bytes_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    line = b'{"prompt": "' + b"x" * 50 + b'"}\n'
    monkeypatch.setattr(intake, "MAX_LINE", len(line))
    assert [type(r) for r in read(line + line)] == [TaskRow, TaskRow]


def test_equal_rows_have_equal_hashes_whatever_the_order_of_their_fields() -> None:
    one = intake.parse(1, {"prompt": "a", "metadata": {"x": 1, "y": 2}, "tags": []})
    two = intake.parse(9, {"metadata": {"y": 2, "x": 1}, "prompt": "a"})
    assert one.sha256 == two.sha256


@pytest.mark.parametrize(
    "over",
    [
        {"prompt": "b"}, {"reference_answer": "5"}, {"tags": ["a"]}, {"priority": 1}, {"due_at": "2026-12-01"},
        {"metadata": {"a": 1}}, {"drafts": [{"model": "m", "text": "a"}]}, {"external_id": "a"},
    ],
)  # fmt: skip
def test_every_field_counts_in_the_hash(over: dict[str, Any]) -> None:
    assert row(**over).sha256 != row().sha256


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is 2+2?", "en"),
        ("求函数的最大值。", "zh"),
        ("设 $f(x)=x^2$，求 f 的最小值", "zh"),
        ("$x^2$", "en"),
        ("", "en"),
    ],
)
def test_the_language_is_the_one_mostly_written(text: str, language: str) -> None:
    assert intake.language_of(text) == language


def test_a_reject_line_holds_the_row_as_it_came() -> None:
    found = only("  {“prompt”: 1}\r\n".encode())
    assert isinstance(found, Rejected)
    kept = json.loads(found.as_line())
    assert (kept["line"], kept["row"]) == (1, "  {“prompt”: 1}")
    assert kept["reason"].startswith("This is not JSON from character 4 on: ““prompt”")


@pytest.mark.corpora
def test_every_task_of_the_corpus_comes_in() -> None:
    path = Path(os.environ["GOLDSMITH_CORPORA"]) / "gsm8k_tasks_with_drafts.jsonl"
    if not path.is_file():
        pytest.skip("there is no corpora folder")
    with path.open("rb") as file:
        found = list(intake.read(intake.lines_of(file)))
    assert [type(r) for r in found] == [TaskRow] * 658
    assert {len(r.drafts) for r in found if isinstance(r, TaskRow)} == {4}
