"""OpenAI chat: the whole conversation, the approved answer as its last turn.

    {"messages": [{"content": "What is 2+2?", "role": "user"}, {"content": "4.", "role": "assistant"}]}

The messages are the task's own (system, user and earlier assistant turns), in order. Source: OpenAI's supervised
fine-tuning guide; TRL reads the same shape as a conversational language-modelling dataset.
"""

from collections.abc import Iterator

from server.exports.items import Item, Row

NAME = "openai"
NEEDS_DRAFTS = False


def rows(item: Item) -> Iterator[Row]:
    """Yield the conversation, once."""
    yield Row({"messages": [*item.messages, {"role": "assistant", "content": item.text}]})
