"""What the lint benchmarks read: the corpora where they are at hand, else what the project brings along."""

import re
from collections.abc import Iterator, Sequence
from itertools import count

from server.lint import rules
from server.lint.document import Document
from tests.lint import support

BESIDE = ("math_test", "llm_outputs_arena_hard")
BULK = ("math_test", "gsm8k_gold", "gaokao_math_gold_zh", "gaokao_gpt4_outputs_zh", "llm_outputs_arena_hard",
        "oasst_human_en")  # fmt: skip
FORMULAS = [f"\\frac{{a_{{{n}}}}}{{b+{n}}} \\le \\sqrt{{x^{n} + y_{n}}}" for n in range(40)]
SENTENCE = "The next step follows from the one before it because the sum of both sides keeps its order"
_NUMBER = re.compile(r"\d+")


def answer() -> str:
    """Return an answer of about 1,000 words with 40 formulas in 20 paragraphs."""
    parts = []
    for n in range(20):
        first, second = FORMULAS[2 * n], FORMULAS[2 * n + 1]
        parts.append(f"{SENTENCE}, so ${first}$ holds. {SENTENCE}.\n\n$$\n{second}\n$$\n\n{SENTENCE} as well.")
    return "\n\n".join(parts)


def responses(names: Sequence[str]) -> list[str]:
    """Return the responses of some corpora; without the folder, the rules' own examples and a long answer."""
    if support.CORPORA.is_dir():
        return [row["response"] for name in names for row in support.rows(name)]
    return [answer(), *(each.text for rule in rules().values() for each in support.examples(rule))] * 10


def source() -> str:
    """Say in a few words where the responses come from."""
    return "the corpora" if support.CORPORA.is_dir() else "the project's own examples, for want of the corpora"


def endless(texts: Sequence[str]) -> Iterator[str]:
    """Yield the texts again and again, each time with other numbers, so that nothing remembered makes them cheap.

    Every number grows by how often the text has come; a formula without one gets a term.
    """
    prepared = [_with_numbers(text) for text in texts]
    for turn in count():
        for text, numbered in zip(texts, prepared, strict=True):
            yield _NUMBER.sub(lambda match: str(int(match[0][:9]) + turn), numbered) if turn else text  # noqa: B023


def _with_numbers(text: str) -> str:
    for each in reversed(Document(text).formulas):
        if each.body.pieces and not _NUMBER.search(each.tex):
            text = f"{text[: each.body.end]}+1{text[each.body.end :]}"
    return text
