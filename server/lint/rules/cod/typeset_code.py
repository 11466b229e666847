"""COD302."""

import re
import unicodedata
from collections.abc import Iterator

from server.lint.diagnostic import Finding, Repair, message
from server.lint.document import CodeBlock, Document
from server.lint.registry import Options, rule

TYPESET = message("“{text}” is no code: a compiler wants {plain}.")
NO_BREAK = message("A no-break space stands in the code.")
REPLACE = message("Replace it")
_PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " ", "、": ",",
                        "。": ".", "【": "[", "】": "]", "《": "<", "》": ">", "\u3000": " "})  # fmt: skip
_TYPESET = re.compile("[“”„‘’、。【】《》\u00a0\u202f\u3000\uff01-\uff5e]+")
_NO_BREAK = re.compile("[\u00a0\u202f]+")
# strings and comments of the usual languages; what they hold is the author's own
_QUOTED = re.compile(
    r'"""[\s\S]*?(?:"""|\Z)|\'\'\'[\s\S]*?(?:\'\'\'|\Z)|`[^`]*(?:`|\Z)|/\*[\s\S]*?(?:\*/|\Z)|<!--[\s\S]*?(?:-->|\Z)'
    r'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|(?:#|//|--|%|;;)[^\n]*|(?<![\w/])/(?:\\.|[^/\\\n])+/'
)
_MANY = 100
_LANGUAGES = """
python py python3 javascript js jsx typescript ts tsx java c cpp c++ csharp cs go golang rust rs ruby rb php swift
kotlin scala sql r bash sh shell zsh powershell json toml perl lua haskell julia matlab dart css fortran
"""
_SHELLS = ("bash", "sh", "shell", "zsh", "powershell")
_IN_CHINESE = re.compile("(?<=[\u4e00-\u9fff])[、。《》【】\uff01-\uff5e]+(?=[\u4e00-\u9fff])")
LANGUAGES = frozenset(_LANGUAGES.split())


@rule(code="COD302", name="typeset-code", level="error")
def typeset_code(document: Document, options: Options) -> Iterator[Finding]:
    """Typographic characters stand in code.

    Curly quotation marks, full-width punctuation and no-break spaces come from word processors and input methods; no
    compiler takes them. Strings and comments may hold what they like; a no-break space is found in any code block.

    How to mend: replace them by their plain forms.

    Bad:
        ```python
        print(“four”)
        ```
    Bad:
        ```js
        f(1，2);
        ```
    Good:
        ```python
        print("“four”，四")  # 注释：full width
        ```
    Good:
        ```text
        “four”
        ```
    """
    for block in document.code_blocks:
        if block.body.pieces and not block.body.text.isascii():
            sign = _TYPESET if block.language in LANGUAGES else _NO_BREAK
            yield from _in_block(document, block, sign)


def _in_block(document: Document, block: CodeBlock, sign: re.Pattern[str]) -> Iterator[Finding]:
    code = _QUOTED.sub(_blank, _without_loose_ends(block.body.text)) if sign is _TYPESET else block.body.text
    if block.language in _SHELLS:  # `echo 你好，世界` needs no quotation marks
        code = _IN_CHINESE.sub(_blank, code)
    for match in sign.finditer(code):
        start, end = block.body.span(*match.span())
        plain = _plain(match.group())
        repair = Repair(REPLACE, "safe", ((start, end, plain),))
        template = NO_BREAK if not plain.strip() else TYPESET
        args = {} if template is NO_BREAK else {"text": match.group(), "plain": plain}
        yield Finding(start, end, template, args, (repair,))


def _without_loose_ends(code: str) -> str:
    """Blank escaped marks that nothing closes: each would be tried as the beginning of a string, to its line's end."""
    lines = code.split("\n")
    for number, line in enumerate(lines):
        if line.count("\\") > _MANY:
            for mark in "\"'/":
                marks = [match.start() for match in re.finditer(rf"\\.|{mark}", line) if match.group() == mark]
                last = marks[-1] + 1 if marks else 0
                line = line[:last] + line[last:].replace(f"\\{mark}", "\\ ")
            lines[number] = line
    return "\n".join(lines)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_PLAIN))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())
