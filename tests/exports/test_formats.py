"""Each format writes the row its documentation shows."""

import uuid
from dataclasses import replace

import pytest

from server.errors import Invalid
from server.exports import formats
from server.exports.items import GuideRef, Item, Rejected

ITEM = Item(
    task_id=uuid.UUID(int=1),
    task_number=1,
    messages=[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "What is 2+2?"}],
    version_id=uuid.UUID(int=2),
    version_number=1,
    text="It is $4$.",
    guide=GuideRef("house", 1, "0" * 64),
    engine="0",
    katex="0",
)
ANSWER = {"role": "assistant", "content": "It is $4$."}


def test_openai_is_the_conversation_with_the_answer_last() -> None:
    (row,) = formats.find("openai").rows(ITEM)
    assert row.content == {"messages": [*ITEM.messages, ANSWER]}


def test_trl_prompt_completion_is_conversational_in_both_columns() -> None:
    (row,) = formats.find("trl-prompt-completion").rows(ITEM)
    assert row.content == {"prompt": ITEM.messages, "completion": [ANSWER]}


def test_dpo_has_a_row_for_each_rejected_draft() -> None:
    drafts = (Rejected(uuid.UUID(int=8), "one", "5", "correct 1/5"), Rejected(uuid.UUID(int=9), "two", "6"))
    rows = list(formats.find("dpo").rows(replace(ITEM, rejected=drafts)))
    assert [row.draft_id for row in rows] == [uuid.UUID(int=8), uuid.UUID(int=9)]
    assert rows[0].content == {
        "prompt": ITEM.messages,
        "chosen": [ANSWER],
        "rejected": [{"role": "assistant", "content": "5"}],
        "reason": "correct 1/5",
        "rejected_model": "one",
    }


def test_dpo_without_a_rejected_draft_has_no_row() -> None:
    assert list(formats.find("dpo").rows(ITEM)) == []


def test_an_unknown_format_names_the_ones_there_are() -> None:
    with pytest.raises(Invalid, match="openai, trl-prompt-completion, dpo"):
        formats.find("alpaca")
