"""COD202."""

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator

from server.lint.diagnostic import CannotCheck, Finding, message
from server.lint.document import CodeBlock, Document
from server.lint.registry import Options, rule

INVALID = message("This is not Python: {reason}.")
_NOT_A_SCRIPT = re.compile(r"^\s*(?:>>>|\.\.\. |In \[\d+\]:)", re.MULTILINE)
_SHELL_LINE = re.compile(r"^(\s*)[%!?].*$", re.MULTILINE)
_ELISION = re.compile(r"^(\s*)(?:…|\[\.\.\.\]|<\.\.\.>)\s*$", re.MULTILINE)
# `...` for names left out: of an import, of parameters, of a dictionary
_LEFT_OUT = (
    (re.compile(r"\bimport[ \t]+\.\.\."), "import _"),
    (re.compile(r"^([ \t]*(?:async[ ]+)?def \w+\((?:[^)\n]*,)?[ \t]*)\.\.\.(?=[ \t]*[,)])", re.MULTILINE), r"\1*_"),
    (re.compile(r"([{,][ \t\n]*)\.\.\.(?=[ \t\n]*,?[ \t\n]*\})"), r"\1**_"),
)
_PLACE = re.compile(r" on line (\d+)| \(detected at line \d+\)")  # counted in the block, not in the answer
LONGEST = 100_000


@rule(code="COD202", name="invalid-python", level="warning")
def invalid_python(document: Document, options: Options) -> Iterator[Finding]:
    """A block tagged python is not Python.

    Read as Python 3. Sessions with `>>>`, notebook lines with `%` or `!`, and `...` for what is left out are allowed.

    Bad:
        ```python
        print "4"
        ```
    Bad:
        ```python
        def answer(
        ```
    Good:
        ```python
        %matplotlib inline
        def answer():
            ...
        ```
    Good:
        ```python
        >>> 2 + 2
        4
        ```
    """
    for block in document.code_blocks:
        if block.closed and block.language in ("python", "py", "python3") and len(block.body.text) < LONGEST:
            yield from _in_block(block)


def _in_block(block: CodeBlock) -> Iterator[Finding]:
    code = block.body.text
    if _NOT_A_SCRIPT.search(code):
        return
    try:
        _parse(textwrap.dedent(code))
    except SyntaxError as error:
        # a body that is missing is told of below it; the line that wants it says more
        head = _PLACE.search(error.msg)
        start, end = _line(block, int(head[1]) if head and head[1] else error.lineno or 1)
        yield Finding(start, end, INVALID, {"reason": _PLACE.sub("", error.msg.partition(". ")[0])})
    except ValueError as error:
        yield Finding(block.start, block.end, INVALID, {"reason": str(error)})
    except (RecursionError, MemoryError) as error:
        raise CannotCheck("Python", "nesting", block.start, block.end) from error


def _parse(code: str) -> None:
    """Parse as it stands, then with notebook lines and elisions replaced: a line of a script may begin with `%` too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(code)
        except SyntaxError:
            relaxed = _ELISION.sub(r"\1...", _SHELL_LINE.sub(r"\1pass", code))
            for sign, instead in _LEFT_OUT:
                relaxed = sign.sub(instead, relaxed)
            if relaxed == code:
                raise
            ast.parse(relaxed)


def _line(block: CodeBlock, number: int) -> tuple[int, int]:
    """Return the source span of a 1-based line of the code, or of the last that is not blank."""
    lines = block.body.text.rstrip("\n").split("\n")
    number = min(number, len(lines))
    while number > 1 and not lines[number - 1].strip():
        number -= 1
    start, line = sum(len(line) + 1 for line in lines[: number - 1]), lines[number - 1]
    return block.body.span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
