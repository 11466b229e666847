"""ANS002."""

from collections.abc import Iterator

from server.lint import equivalence, final_answers
from server.lint.diagnostic import CannotCheck, Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule

DIFFERS = message("This box says {answer}, the last one {other}.")
WHAT = message("the boxed answers")
LATE = message("it took too long")


@rule(code="ANS002", name="differing-boxes", level="warning", tier="second", standard=False)
def differing_boxes(document: Document, options: Options) -> Iterator[Finding]:
    r"""Two boxes give different answers.

    Whoever reads the result by machine takes the last `\boxed{…}`, and some take the first. Box the result once; where
    a problem has several parts, box them together.

    The rule is off until a guide selects it.

    Bad:
        First $\boxed{4}$, no, $\boxed{5}$.
    Good:
        So $\boxed{\frac{1}{2}}$, that is $\boxed{0.5}$.
    Good:
        So $\boxed{(4, 5)}$.
    """
    boxes = final_answers.boxed(document)
    for box in boxes[:-1]:
        try:
            verdict = equivalence.compare(boxes[-1].text, box.text, document.until)
        except equivalence.Late:
            raise CannotCheck(WHAT, LATE, box.start, box.end, level="warning") from None
        if verdict == "different":
            yield Finding(box.start, box.end, DIFFERS, {"answer": box.text, "other": boxes[-1].text})
