"""Preferences for DPO, conversational, with explicit prompt: the approved answer against each draft it beat.

    {"chosen": [{"content": "4.", "role": "assistant"}], "prompt": [{"content": "What is 2+2?", "role": "user"}],
     "reason": "final answer marked wrong; correct 2/5", "rejected": [{"content": "5.", "role": "assistant"}],
     "rejected_model": "draft-one"}

Source: TRL, "Dataset formats and types", preference type; trainers leave `reason` and `rejected_model` alone, and both
are always text, so that every row has one schema. One row for each finished draft whose words differ from the answer's,
in the drafts' order; an answer without such a draft gives none and is counted in the manifest as left out.
"""

from collections.abc import Iterator

from server.exports.items import Item, Row

NAME = "dpo"
NEEDS_DRAFTS = True


def rows(item: Item) -> Iterator[Row]:
    """Yield one preference for each draft turned down."""
    for draft in item.rejected:
        content = {
            "prompt": item.messages,
            "chosen": [{"role": "assistant", "content": item.text}],
            "rejected": [{"role": "assistant", "content": draft.text}],
            "reason": draft.reason,
            "rejected_model": draft.model,
        }
        yield Row(content, model=draft.model, draft_id=draft.draft_id)
