"""`python -m tests.rules_doc`: writes docs/rules.md, docs/rules/CODE.md and the tables of docs/guides.md."""

from pathlib import Path

from server import lint
from server.guides import rule_page
from tests import guides_doc

DOCS = Path(__file__).parents[1] / "docs"
HEAD = """# The lint rules

Made from the rules' own docstrings by `python -m tests.rules_doc`, a page for each. A running server shows the same
under `/rules/CODE`, and `goldsmith rules CODE` prints it. The tier says when a rule answers: first within a keystroke,
second a moment later. A rule that is not recommended is on where a guide selects or sets it.

| code | allow … | what it finds | level | tier | recommended |
|---|---|---|---|---|---|
"""


def pages() -> dict[str, str]:
    """Return every page by its path below docs/."""
    return {"rules.md": _index()} | {f"rules/{code}.md": _page(rule) for code, rule in lint.rules().items()}


def _index() -> str:
    rows = [
        f"| [{rule.code}](rules/{rule.code}.md) | `{rule.name}` | {rule.title.replace('|', chr(92) + '|')} | "
        f"{rule.level} | {rule.tier} | {'yes' if rule.standard else 'no'} |"
        for rule in lint.rules().values()
    ]
    return HEAD + "\n".join(rows) + "\n"


def _page(rule: lint.Rule) -> str:
    return rule_page.markdown(rule) + "\n[All rules](../rules.md)\n"


def write() -> None:
    """Write the pages, and take away those of rules that are gone."""
    made = pages()
    (DOCS / "rules").mkdir(exist_ok=True)
    for path in (DOCS / "rules").glob("*.md"):
        if f"rules/{path.name}" not in made:
            path.unlink()
    for name, text in made.items():
        (DOCS / name).write_text(text, "utf-8")


if __name__ == "__main__":
    write()
    guides_doc.write()
