"""TRL prompt-completion, conversational: loss falls on the completion only.

    {"completion": [{"content": "4.", "role": "assistant"}], "prompt": [{"content": "What is 2+2?", "role": "user"}]}

Source: TRL, "Dataset formats and types". TRL also knows plain strings here, which it joins without the model's chat
template and which cannot hold several turns. A column that is sometimes text and sometimes a list does not load, so
every row is conversational: single questions and long conversations share one file.
"""

from collections.abc import Iterator

from server.exports.items import Item, Row

NAME = "trl-prompt-completion"
NEEDS_DRAFTS = False


def rows(item: Item) -> Iterator[Row]:
    """Yield the prompt and its completion, once."""
    yield Row({"prompt": item.messages, "completion": [{"role": "assistant", "content": item.text}]})
