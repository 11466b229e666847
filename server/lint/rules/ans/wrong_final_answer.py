"""ANS003."""

from collections.abc import Iterator

from server.lint import equivalence, final_answers
from server.lint.diagnostic import CannotCheck, Finding, message
from server.lint.document import Document, LintContext
from server.lint.registry import Options, rule

WRONG = message("The final answer is {answer}; the reference says {reference}.")
SEEMS = message("The final answer {answer} seems to differ from the reference, {reference}.")
WHAT = message("the final answer against the reference")
LATE = message("it took too long")
_LONGEST = 200


@rule(code="ANS003", name="wrong-final-answer", level="error", tier="second", standard=False)
def wrong_final_answer(document: Document, options: Options) -> Iterator[Finding]:
    r"""The final answer differs from the reference answer.

    The last `\boxed{…}`, the last line `#### …` or the last sentence that names an answer is compared with the task's
    reference. Letters of multiple choice and plain numbers are compared exactly, and a difference is an error. Other
    formulas are compared by algebra, which can be mistaken, so a difference is a warning. What cannot be compared is
    not reported.

    The rule is off until a guide selects it, and silent where a task has no reference answer.

    Bad (reference: "18"):
        So the answer is $17$.
    Bad (reference: "C"):
        所以选 B。
    Bad (reference: "x^2 + 1"):
        So $\boxed{x^2 - 1}$.
    Good (reference: "\\frac{1}{2}"):
        So $\boxed{0.5}$.
    Good:
        So the answer is $17$.
    """
    reference = of_reference(document.context.reference)
    found = final_answers.final(document) if reference else None
    if not found:
        return
    try:
        verdict = equivalence.compare(reference, found.text, document.until)
    except equivalence.Late:
        raise CannotCheck(WHAT, LATE, found.start, found.end, level="warning") from None
    if verdict == "different" and not _all_parts(document, reference):
        args = {"answer": found.text, "reference": reference}
        if equivalence.exactly(reference, found.text) is not None:
            yield Finding(found.start, found.end, WRONG, args)
        else:
            yield Finding(found.start, found.end, SEEMS, args, level="warning")


def _all_parts(document: Document, reference: str) -> bool:
    """Say whether the reference lists the letters of several questions, and each is answered with its own."""
    named = [final_answers.letters(each.text) for each in final_answers.phrases(document)]
    return len(named) > 1 and "".join(named) == final_answers.letters(reference)


def of_reference(reference: str) -> str:
    """Return the answer a reference gives: its final answer, or all of it where it is nothing but an answer."""
    if not reference.strip():
        return ""
    found = final_answers.final(Document(reference, LintContext()))
    if found:
        return found.text
    whole = reference.strip()
    return whole if len(whole) <= _LONGEST and "\n" not in whole else ""
