"""The kinds of personal data: how each is written, and what tells it from look-alikes."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from server.lint.diagnostic import Level, message
from server.lint.rules.pii import _numbers

EMAIL = message("An e-mail address stands in the answer.")
PHONE = message("A telephone number stands in the answer.")
IDENTITY = message("An identity number stands in the answer.")
CARD = message("The number of a bank card stands in the answer.")
KEY = message("A secret key stands in the answer.")

_STAND_IN = re.compile(
    r"@(?:[\w-]+\.)*(?:example|test|domain|email|mail|company|yourdomain)\.|@(?:[\w-]+\.)*(?:example|test|invalid)$",
    re.I,
)
_NOT_SECRET = re.compile(r"example|your|xxxx|1234567|abcdef|\*\*", re.I)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. `holds(found, before)` looks at the words found and the forty characters before; `prose` kinds are
    looked for in running text only, and in addresses only mail. Without one of the `hints` in the text (without hints:
    without ten digits that may belong together) there is nothing to look for."""

    template: str
    level: Level
    sign: re.Pattern[str]
    holds: Callable[[str, str], bool] = lambda found, before: True
    prose: bool = True
    hints: tuple[str, ...] = ()


# Chinese stands beside a number or an address without a space, so \w would not do
_LEFT, _RIGHT = "(?<![A-Za-z0-9_", "(?![A-Za-z0-9_"
KINDS = (
    Kind(
        EMAIL,
        "warning",
        re.compile(rf"{_LEFT}.+/-])[A-Za-z0-9][A-Za-z0-9_.+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{{2,24}}{_RIGHT}@-])"),
        lambda found, before: not _STAND_IN.search(found),
        hints=("@",),
    ),
    Kind(
        PHONE,
        "warning",
        re.compile(rf"{_LEFT}.+-])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{{4}}[ -]?\d{{4}}{_RIGHT}])(?![.-]\d|\s?[元万亿吨])"),
        lambda found, before: len(set(found)) > 3 and not found.endswith("00000"),
    ),
    Kind(
        PHONE,
        "warning",
        re.compile(
            rf"{_LEFT}.])\+[1-9]\d{{0,2}}[ .-]?\(?\d{{1,4}}\)?(?:[ .-]\d{{2,8}}){{1,4}}(?!\d)"
            rf"|{_LEFT}.])\+[1-9]\d{{9,13}}{_RIGHT}])"
            rf"|{_LEFT}.-])(?:\(\d{{3}}\) ?|\d{{3}}[.-])\d{{3}}[.-]\d{{4}}{_RIGHT}-])"
            rf"|{_LEFT}.-])(?:\(0\d{{2,3}}\) ?|（0\d{{2,3}}）|0\d{{2,3}}-)\d{{7,8}}{_RIGHT}-])"
        ),
        _numbers.is_phone,
    ),
    Kind(
        IDENTITY,
        "error",
        re.compile(rf"{_LEFT}.])\d{{17}}[\dXx]{_RIGHT}])"),
        lambda found, before: _numbers.is_chinese_id(found),
        prose=False,
    ),
    Kind(
        CARD,
        "error",
        re.compile(
            rf"{_LEFT}.,-])\d{{4}}(?:[ -]?\d{{4}}){{2}}[ -]?\d{{1,4}}(?:[ -]?\d{{1,3}})?{_RIGHT}-])"
            rf"|{_LEFT}.,-])3[47]\d{{2}}[ -]?\d{{6}}[ -]?\d{{5}}{_RIGHT}])"
        ),
        _numbers.is_bank_card,
    ),
    Kind(
        KEY,
        "error",
        re.compile(
            r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{60,}|\bAIza[\w-]{35}\b"
            r"|\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,}|\b[sr]k_live_[A-Za-z0-9]{20,}|\bxox[abprs]-[\w-]{20,}"
            r"|\bglpat-[\w-]{20}\b|\bhf_[A-Za-z0-9]{30,}|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
            re.ASCII,
        ),
        lambda found, before: not _NOT_SECRET.search(found),
        prose=False,
        hints=(
            "AKIA",
            "ASIA",
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_",
            "github_pat_",
            "AIza",
            "sk-",
            "_live_",
            "xox",
            "glpat-",
            "hf_",
            "PRIVATE KEY",
        ),
    ),
)
