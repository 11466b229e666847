"""What programs, tickers and patterns look like around a dollar sign: one source for pairs and for lone ones."""

import re

from server.lint.money import WORDS

_NAME = r"[A-Za-z_]\w*"
# words that go on a sentence whose blank before them was forgotten: `$x,$where $x > 0$`
_GOES_ON = (
    r"(?:th|st|nd|rd|a|also|and|are|as|at|be|because|but|by|find|for|from|gives|has|have|hence|if|in|is|it|let|of|on|or|since|so|such|that"
    r"|the|then|there|this|thus|to|we|what|when|where|which|while|with|[A-Z][a-z]+)(?![\w$(\[.=-])"
)
FOLLOWS = re.compile(r"[A-Za-z0-9_({\[@#\"]|<<")
BEGINS = re.compile(  # what stands behind a dollar in code: a call, an index, an assignment
    r"\"|\((?:[A-Za-z]{2,}[ )]|[\"'#.])|\{#|\{[A-Za-z_]\w+[}\[%:#!]|\d+\}|[A-Za-z_]\w*(?:->|::|\[[\w\"'$]|;|\+\+)"
    r"|[#?@!*&](?:\W|\Z)|_[A-Z]{3}|[A-Za-z_][\w,%@ ]*\)[ \t]*=[ \t]*@"
    r"|(?:[a-z]{4}\w*|[a-z]+_[a-z]{2,}\w*)[ \t]*=|[A-Za-z]\w*[ \t)]*=(?:[ \t]*(?:['\"@$]|\([A-Za-z]{2,}-)"
    r"|[^=\n]*;(?=\S|[ \t]*(?:\n|\Z)))"
    rf"|{_NAME}[ \t]*(?:[-+*/.%<>=!]?=|[<>.*/+-]|&&|\|\||[=-]>)[ \t]*\$[A-Za-z_]"
)
# in `^abc$` and behind `a$|b` a dollar is the end of a line
_PATTERN_BEFORE = re.compile(r"(?:(?:\A|[\s(/|,;'\"])\^(?!\{|\\circ)|\S\$\|(?=[^|]))[^\s$]*\Z")
_TEXT = re.compile(r"\\(?:text|mbox|operatorname)")
_CODE = re.compile(r"""["]|(?<!\S)--[a-z]{2}|\}'\s*\|""")
_ALTERNATIVE = re.compile(r"/[gimsu]*[,;)]|\|(?:\^|[^|]*(?:\|[^|]*\|[^|]*)*\Z)|[,;/)].*[\s/|,;(]\^", re.DOTALL)
_GLUED_TO_PATTERN = re.compile(r"[\w)\]*+?.}\\]\Z", re.ASCII)
_QUOTED = re.compile(r"[)'”’」』】》）][^\\]*[(“‘「『【《（]\Z")
_VARIABLE = re.compile(r"\{[A-Za-z_]\w+\}")
_OPENING = re.compile(r"[(\[{]\Z")
_JOINING = re.compile(
    r"(?:[:;/*+<>@&~?]|\|\||[=!<>+*/.-]=|[,;(=][!@%&*-]|\s[A-Za-z_]\w+=)\Z|\A[^|]*(?:\|[^|]*\|[^|]*)*\|\Z"
)
_PAUSING = re.compile(
    r"(?P<name>(?:::|\.)?[A-Za-z_]\w*)(?P<more>(?:(?:->|::|[.:])\w+|\([^()]*\)|\[[^\[\]]*\]|:?\{[^{}]*\})*)[,.=]\Z"
)
_SHORT_NEXT = re.compile(r"[A-Za-z]{1,2}\d*(?!\w)")
_PARTING = re.compile(r"[-:;/*+<>@&~?,.=(\[{|]\Z")
_NAME_IN_CODE = re.compile(rf"{_NAME}(?:->|::|[\[(,;)<]|[ ]*=[^=])")
_OPERATION = re.compile(rf"{_NAME}[ \t]*(?:[-+*/.%<>=!?&|]?=|[<>.*/+?:-]|&&|\|\||\?\?|[=-]>)[ \t]*\Z")
_ROW = re.compile(r"(?:\d*:)?[A-Z]{1,3}\Z")  # of a cell in a sheet: `$A$1`
_SPECIAL = re.compile(r"[@?#!*&.][,;:/. ]+\Z")
_SPECIAL_NEXT = re.compile(r"[@?#!*&$_,]")
_LETTER = re.compile(r"[A-Za-z_]")
_CALL = re.compile(r"['\"]\w|\.[A-Za-z]|\(['\"]")
_GROUP = re.compile(r"\((?:[a-z]{2,} |[a-z]{3,}\))")
_BRACED = re.compile(r"\{\w+\}(?!\w)")
_HALF_BRACED = re.compile(r"\{[A-Za-z_][^{}]*\Z")
_LOWER = re.compile(r"[a-z]{2}")  # else the words are names of points: `$AB + CD$`
_ORDINAL_NEXT = re.compile(r"(?:th|st|nd|rd)(?!\w)")
_WORD_NEXT = re.compile(_GOES_ON)
_TICKER = re.compile(r"[A-Z]{1,5}(?:\.[A-Z])?[-–—&/,;+→、，和与或及至到]?\Z")
_TICKER_NEXT = re.compile(r"[A-Z]{2,5}(?![A-Za-z])|[A-Z](?![\w-])")
_LONG_NAME = re.compile(r"(?:[a-z]{4,}|[a-z]+_[a-z_]+)-\Z")
_LETTER_NEXT = re.compile(r"[A-Za-z](?![\w-])")
_MEMBER = re.compile(rf"(?:{_NAME}\.)*{_NAME}(?:\([^()]*\)|\[[^\[\]]*\])?\Z")
_FIRST_NAME = re.compile(r"[A-Za-z_.][\w.]*")
_LAST_NAME = re.compile(r"(?<![\w.])[A-Za-z_.][\w.]+\Z")
_BETWEEN_COLUMNS = re.compile(r"[,\[(~&]|<-|==")
_EARLY_WORD = re.compile(r"(?<![A-Za-z_.])[A-Za-z_.]{2,}[^A-Za-z_.]")
_LAST_WORD = re.compile(r"[A-Za-z_.]{2,}\Z")
_GLUED = re.compile(r"[A-Za-z0-9_.)\]]\Z")
_NEAR = 80  # characters in which a name ends


def is_program(tex: str, before: str, after: str) -> bool:
    """Say whether the dollars around `tex` are of a shell, of PHP, R or the like, of tickers or patterns:
    `$PATH:$HOME`, `"${a}${b}"`, `f($x,$y)`, `df$a,df$b`, `$MSFT,$GOOG`, `^a$|^b$`."""
    if _CODE.search(tex) and not _TEXT.search(tex):
        return True
    quoted = _QUOTED.match(tex) or tex[0] == tex[-1] == before[-1:] == after[:1] == "'"
    if quoted or is_pattern(tex, before) or tex[0] == after[:1] == "/":
        return True
    if "\\" in tex or "^" in tex or not after:
        return False
    if _SPECIAL.match(tex):
        return _SPECIAL_NEXT.match(after) is not None
    return _goes_on(tex, after) or _is_column(tex, before, after)


def are_joined(between: str, before: str, after: str) -> bool:
    """Say the same of two dollars that pair with nothing, where only `between` itself can tell: `$a = $b`, `$A$1`."""
    if not between or not after:
        return False
    if _OPERATION.match(between) and _LETTER.match(after):
        return True
    if between[-1].isspace() and not _QUOTED.match(between):
        return False
    return is_program(between, before, after) or bool(_ROW.match(between) and after[0].isdigit())


def is_pattern(tex: str, before: str) -> bool:
    """Say whether a dollar between `before` and `tex` is the end of a line, as regular expressions write it."""
    if not before[-1:].strip():
        return False
    if _PATTERN_BEFORE.search(before) or tex[:1] == before[-1:] == "/":
        return True
    return bool(_GLUED_TO_PATTERN.search(before) and _ALTERNATIVE.match(tex))


def _goes_on(tex: str, after: str) -> bool:
    """Say whether the second dollar begins a name, and `tex` ends as what stands before one does."""
    if _CALL.match(after) or tex[0] == after[0] in "({":
        both = (_GROUP.match(tex) and _GROUP.match(after)) or (_BRACED.fullmatch(tex) and _BRACED.match(after))
        return bool(_PARTING.search(tex) or _VARIABLE.match(tex) or both)
    if not _LETTER.match(after):
        return after[0] in "({" and bool(_OPENING.search(tex) or _VARIABLE.match(tex))
    if _OPENING.search(tex) or _VARIABLE.match(tex) or _HALF_BRACED.match(tex):
        return not _ORDINAL_NEXT.match(after)
    if len(tex) > 1 and _TICKER.match(tex) and _TICKER_NEXT.match(after):
        return True
    if _JOINING.search(tex):
        return not _WORD_NEXT.match(after)
    if tex[-1] in ",.=":
        paused = _PAUSING.match(tex)
        return paused is not None and _enumerates(paused, after)
    if tex[-1] == "-":
        return bool(_LONG_NAME.match(tex) or _LETTER_NEXT.match(after))
    return _LOWER.search(tex) is not None and WORDS.search(tex) is not None


def _enumerates(paused: re.Match[str], after: str) -> bool:
    """Say whether names follow one another, `$a,$b` or `$user.$host`, and no sentence goes on: `$x,$where`."""
    if _WORD_NEXT.match(after):
        return False
    long = paused["more"] or len(paused["name"]) > 2
    return bool(long or _NAME_IN_CODE.match(after) or _SHORT_NEXT.match(after))


def _is_column(tex: str, before: str, after: str) -> bool:
    """Say whether the dollars pick members of what stands before them: `df$x[df$y]`, `iris$Species~iris$Width`."""
    if not _LETTER.match(after) or not _GLUED.search(before):
        return False
    tail = tex[-_NEAR:]
    if tex.count("[") != tex.count("]") and _FIRST_NAME.match(tex):
        return True
    if _FIRST_NAME.match(tex) and _BETWEEN_COLUMNS.search(tex) and _LAST_NAME.search(tail):
        return True
    last = _LAST_WORD.search(tail)
    if last and _EARLY_WORD.search(tex, 0, len(tex) - len(tail) + last.start()):
        return True
    one, other = _MEMBER.search(before), _MEMBER.search(tail)
    return bool(one and other and len(other.group()) < len(tex) and one.group() == other.group())
