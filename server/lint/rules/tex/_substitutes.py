"""What a formula says in KaTeX for the commands KaTeX lacks."""

import re
from collections.abc import Iterator

from server.lint.rules.tex._lacking import FUNCTIONS, GROUPS, IN_TEXT, OF_TEXT, SAME
from server.lint.rules.tex._text_mode import closing, in_text

Edit = tuple[int, int, str]

_COMMAND = re.compile(r"\\(?P<side>left|right)\s*(?P<brace>[{}])|\\(?P<name>[A-Za-z]+|.)(?P<empty>\{\})?", re.DOTALL)
_BLANK = re.compile(r"\s*")
_PLACE = re.compile(r"#(\d)")


def names() -> frozenset[str]:
    """Return the names of all commands that have a substitute."""
    return frozenset(SAME) | frozenset(GROUPS) | FUNCTIONS


def replacements(tex: str) -> list[Edit]:
    r"""Return `(start, end, text)` for every command of `tex` that is written otherwise in KaTeX, in order.

    The empty group LaTeX writers put after a name (`\textless{}`) goes with it. A space keeps a letter that follows
    from being read as part of the new name. In `\text{…}` the commands of text stay.
    """
    found: list[Edit] = []
    for match in _COMMAND.finditer(tex):
        if match["side"]:
            found.append((match.start("brace"), match.end(), f"\\{match['brace']}"))
        elif match["name"] in GROUPS and (edits := list(_regrouped(tex, match))):
            found += edits
        elif (text := _other_name(tex, match)) is not None:
            end = match.end() if match["empty"] else match.end("name")
            found.append((match.start(), end, _apart(text, tex, end)))
    return [trimmed(tex, edit) if not edit[2] else edit for edit in sorted(found)]


def trimmed(tex: str, edit: Edit) -> Edit:
    """Let the space beside a command that goes go too where a formula begins or ends: `$ x$` would be none."""
    start, end, text = edit
    if not tex[:start].strip():
        end = len(tex) - len(tex[end:].lstrip())
    elif not tex[end:].strip():
        start = len(tex[:start].rstrip())
    return start, end, text


def _other_name(tex: str, match: re.Match[str]) -> str | None:
    name = match["name"]
    if name in FUNCTIONS:
        return rf"\operatorname{{{name}}}"
    if name not in SAME or (name == "of" and "\\root" not in tex[: match.start()]):
        return None
    if (name in OF_TEXT or name in IN_TEXT) and in_text(tex, match.start()):
        return IN_TEXT.get(name)
    return SAME[name]


def _regrouped(tex: str, match: re.Match[str]) -> Iterator[Edit]:
    """Yield the edits that put other words around the groups of a command; none where groups are missing."""
    count, template = GROUPS[match["name"]]
    groups, at = [(0, 0)], match.end("name")
    for _ in range(count):
        opened = _BLANK.match(tex, at).end()  # type: ignore[union-attr]
        end = closing(tex, opened + 1)
        if tex[opened : opened + 1] != "{" or end == len(tex):
            return
        groups.append((opened + 1, end))
        at = end + 1
    start, pieces = match.start(), _PLACE.split(template)
    for words, place in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        stop = groups[int(place)][0] if place else at
        yield start, stop, words if place else _apart(words, tex, at)
        start = groups[int(place)][1] if place else at


def _apart(text: str, tex: str, end: int) -> str:
    glued = re.search(r"\\[A-Za-z]+\Z", text) and tex[end : end + 1].isalpha()
    return f"{text} " if glued else text
