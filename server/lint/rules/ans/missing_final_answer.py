"""ANS001."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from server.lint import final_answers
from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule

MISSING = message("The final answer is missing: write it as {forms}.")
FORMS = {"boxed": r"\boxed{…}", "hashes": "#### …", "phrase": "“The answer is …” or “答案：…”"}
_FIND = {"boxed": final_answers.boxed, "hashes": final_answers.hashes, "phrase": final_answers.phrases}


class Forms(Options):
    r"""`forms` are the ways a final answer may be given: `boxed` (`\boxed{…}`), `hashes` (`#### …`), `phrase`."""

    forms: tuple[Literal["boxed", "hashes", "phrase"], ...] = Field(
        ("boxed", "hashes", "phrase"), min_length=1, description="The ways in which a final answer may be given."
    )


@rule(code="ANS001", name="missing-final-answer", level="error", options=Forms, standard=False)
def missing_final_answer(document: Document, options: Forms) -> Iterator[Finding]:
    r"""The answer never states its result in the form the guide asks for.

    Whoever grades by machine looks for the result in one place. The option `forms` says where: `boxed` is `\boxed{…}`,
    `hashes` a last line `#### …`, `phrase` a sentence such as “The answer is 4”, “答案：4” or “故选 B”.

    The rule is off until a guide selects it, for prose has no final answer.

    Bad:
        So there are four of them.
    Bad (forms: [boxed]):
        The answer is $4$.
    Good:
        The answer is $4$.
    Good:
        所以 $x = 2$，故选 B。
    Good (forms: [boxed, hashes]):
        So it is $\boxed{4}$.
    """
    if document.text.strip() and not any(_FIND[form](document) for form in options.forms):
        last = len(document.text.rstrip())
        start = document.text.rfind("\n", 0, last) + 1
        yield Finding(start, last, MISSING, {"forms": ", ".join(FORMS[form] for form in options.forms)})
