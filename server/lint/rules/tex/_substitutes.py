"""Commands KaTeX lacks and what says the same in KaTeX."""

import re

_SAME = {
    "textless": "<", "textgreater": ">", "textbar": "|", "textasciitilde": r"\sim", "textdegree": r"^\circ",
    "mbox": r"\text", "textsc": r"\text", "textsl": r"\textit", "centerline": r"\text", "bfseries": r"\bf",
    "itshape": r"\it", "upshape": r"\rm", "normalfont": r"\rm", "mit": r"\mathit", "scr": r"\mathscr",
    "mathds": r"\mathbb", "Q": r"\mathbb{Q}", "C": r"\mathbb{C}", "F": r"\mathbb{F}", "overparen": r"\overgroup",
    "underparen": r"\undergroup", "wideparen": r"\overgroup", "Space": r"\space", "Rule": r"\rule", "Tiny": r"\tiny",
    "Arrowvert": r"\Vert", "arrowvert": r"\vert", "dd": r"\mathrm{d}", "strut": r"\mathstrut", "euro": r"\text{€}",
    "ang": r"\angle", "parallelogram": r"\square", "iiiint": r"\iint\!\iint", "idotsint": r"\int\cdots\int",
    "celsius": r"^\circ\mathrm{C}", "textcelsius": r"^\circ\mathrm{C}", "/": "",
}  # fmt: skip
_COMMAND = re.compile(r"\\(?P<side>left|right)\s*(?P<brace>[{}])|\\(?P<name>[A-Za-z]+|.)(?P<empty>\{\})?", re.DOTALL)


def replacements(tex: str) -> list[tuple[int, int, str]]:
    r"""Return `(start, end, text)` for every command of `tex` that has another name in KaTeX.

    The empty group LaTeX writers put after a name (`\textless{}`) goes with it. A space keeps a letter that follows
    from being read as part of the new name.
    """
    found: list[tuple[int, int, str]] = []
    for match in _COMMAND.finditer(tex):
        if match["side"]:
            found.append((match.start("brace"), match.end(), f"\\{match['brace']}"))
        elif match["name"] in _SAME:
            text = _SAME[match["name"]]
            end = match.end() if match["empty"] else match.end("name")
            glued = re.search(r"\\[A-Za-z]+\Z", text) and tex[end : end + 1].isalpha()
            found.append((match.start(), end, f"{text} " if glued else text))
    return found
