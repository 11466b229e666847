"""Which language a piece of code is in: a guess by signs that hardly another language has."""

import json
import re

PLAIN = "text"
LOOKED_AT = 4_000  # characters
_HTML = "html head body div p span script style table ul ol form button input a img template h[1-6]".replace(" ", "|")
_SHELL = (
    "sudo apt apt-get yum dnf brew pip3? npm npx yarn cargo composer git cd mkdir curl wget docker docker-compose "
    r"kubectl chmod chown ln cp mv rm ls systemctl ssh scp tar export echo conda gem python3?[ ][\w./-]+\.py"
).replace(" ", "|").replace("[|]", "[ ]")  # fmt: skip
_SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("markdown", (r"^(?:```|~~~)",)),
    ("diff", (r"\Adiff --git ", r"\A--- \S.*\n\+\+\+ ")),
    ("perl", (r"\A#!.*\bperl\b", r"^\s*use strict;", r"^\s*my [$@%]\w")),
    ("php", (r"\A\s*<\?php\b", r"^\s*\$\w+(?:\[[^\]\n]*\])*\s*=[^=~].*;\s*$", r"\$this->",
             r"\bfunction \w*\((?:\w+ )?\$")),
    ("xml", (r"\A\s*<(?:\?xml|svg|project|manifest)\b",)),
    ("html", (rf"(?i:\A\s*<(?:!DOCTYPE|{_HTML})\b)",)),
    ("rust", (r"\bfn \w+(?:<[^>\n]*>)?\(", r"\blet mut \w", r"^\s*use \w+::")),
    ("go", (r"^package \w+\s*$", r"^func (?:\(\w+ \*?\w+\) )?\w+\(.*\{$", r"\bfmt\.Print")),
    ("kotlin", (r"^\s*(?:(?:override|private|suspend) )*fun \w+\(", r"^\s*val \w+(?:: \w+)? = ")),
    ("swift", (r"^import (?:UIKit|SwiftUI|Foundation)\b", r"\bfunc \w+\(.*\) -> \w", r"\bguard let\b",
               r"^\s*case let \w")),
    ("csharp", (r"^\s*using [A-Z]\w*(?:\.\w+)*;", r"\bConsole\.Write", r"^\s*namespace [A-Z][\w.]*")),
    ("java", (r"^import java\w*\.", r"\bSystem\.out\.print", r"\bpublic static void main\b",
              r"^\s*(?:public |private )(?:static )?(?:final )?class \w")),
    ("cpp", (r"^#include\s*<(?:iostream|vector|string|map|algorithm|memory|thread)>", r"\bstd::", r"\bcout\s*<<",
             r"^using namespace \w+;")),
    ("c", (r"^#include\s*[<\"]\w+(?:/\w+)*\.h[>\"]", r"\bint main\s*\(")),
    ("sql", (r"(?i:^\s*SELECT\s[^;]{1,400}\sFROM\s)", r"(?i:^\s*CREATE (?:OR REPLACE )?(?:TABLE|VIEW|INDEX)\b)",
             r"(?i:^\s*(?:INSERT INTO \w|UPDATE \w+\s+SET\s|ALTER TABLE\b|DELETE FROM\b|WITH \w+ AS \())")),
    ("dockerfile", (r"^FROM [\w./:-]+(?: AS \w+)?\s*$",)),
    ("bash", (r"\A#!.*\b(?:ba|z)?sh\b", r"^\s*(?:local \w+=|fi$|done$)", r"\bif \[\[? ")),
    ("javascript", (r"^\s*(?:const|let|var) (?:\w+|\{[^}\n]*\}|\[[^\]\n]*\]) = .*[;{(\[]\s*$", r"\bconsole\.log\(",
                    r"=> ?\{\s*$", r"^\s*(?:export )?(?:async )?function \w+\(", r"\brequire\(['\"]",
                    r"^\s*import .* from ['\"]", r"^export default ")),
    ("python", (r"^\s*(?:async )?def \w+\([^\n]*:\s*(?:#.*)?$", r"^\s*from [a-z_.]\w*(?:\.\w+)* import \w",
                r"^\s*import [a-z_]\w*(?:\.\w+)*(?: as \w+)?\s*$", r"^\s*class \w+(?:\([^)\n]*\))?:\s*$",
                r"^\s*(?:for \w+(?:, \w+)* in .*|while .*|if .*|try):\s*$", r"^print\(")),
    ("bash", (rf"^\s*(?:\$ +)?(?:{_SHELL})(?! *[=:(])(?: \S|$)", r"^\$ \w")),
)  # fmt: skip
_COMPILED = tuple((name, re.compile("|".join(signs), re.MULTILINE)) for name, signs in _SIGNS)


def guess(code: str) -> str:
    """Return the tag of the language `code` looks like, `text` where nothing tells it."""
    start = code[:LOOKED_AT]
    if start.lstrip()[:1] in ("{", "[") and '"' in start and _is_json(code):
        return "json"
    return next((name for name, sign in _COMPILED if sign.search(start)), PLAIN)


def _is_json(code: str) -> bool:
    try:
        json.loads(code)
    except (ValueError, RecursionError):
        return False
    return True
