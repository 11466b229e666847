"""JSON5 written as JSON: what people and models write for JSON, with what has to change."""

import re

_TOKEN = re.compile(
    r'"(?:[^"\\\n]|\\.)*"?|(?P<single>\'(?P<inner>(?:[^\'\\\n]|\\.)*)\'?)|(?P<comment>//[^\n\r]*|/\*[\s\S]*?(?:\*/|\Z))'
    r"|(?P<name>[A-Za-z_$][\w$]*)|(?P<comma>,)"
)
_COLON = re.compile(r"\s*:")
_END = re.compile(r"\s*[\]}]")
Edit = tuple[int, int, str]


def edits(text: str) -> list[Edit]:
    """Return the edits that make JSON of JSON5, as far as names, strings, comments and last commas go."""
    found, commas, bare = [], [], list(text)
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match["comma"]:
            commas.append(start)
        elif match["comment"]:
            found.append((len(text[:start].rstrip()), end, ""))
            bare[start:end] = " " * (end - start)
        elif match["single"]:
            found.append((start, end, f'"{_in_double(match["inner"])}"'))
        elif match["name"] and _COLON.match(text, end):
            found.append((start, end, f'"{match["name"]}"'))
    without = "".join(bare)
    return sorted([*found, *((at, at + 1, "") for at in commas if _END.match(without, at + 1))])


def _in_double(inner: str) -> str:
    return re.sub(r"\\.|\"", lambda match: {"\\'": "'", '"': '\\"'}.get(match.group(), match.group()), inner)
