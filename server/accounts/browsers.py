"""What a browser calls itself, in two words."""

_NAMES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def name(agent: str) -> str:
    """Return "Firefox · Linux" and the like; empty for what is no browser known here."""
    found = [next((word for mark, word in marks if mark in agent), "") for marks in (_NAMES, _SYSTEMS)]
    return " · ".join(word for word in found if word)
