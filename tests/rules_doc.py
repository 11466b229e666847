"""`python -m tests.rules_doc`: writes docs/rules.md from the rules themselves."""

from pathlib import Path

from server import lint

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "rules.md"
HEAD = """# The lint rules

Made from the rules' own docstrings by `python -m tests.rules_doc`. A running server shows each with its examples
and options under `/rules/CODE`; `goldsmith rules CODE` prints the same. The tier says when a rule answers: first
within a keystroke, second a moment later. A rule that is not recommended is on where a guide selects or sets it.

| code | allow … | what it finds | level | tier | recommended |
|---|---|---|---|---|---|
"""


def page() -> str:
    """Return the text of docs/rules.md."""
    rows = [
        f"| {rule.code} | `{rule.name}` | {rule.title.replace('|', chr(92) + '|')} | {rule.level} | {rule.tier} | "
        f"{'yes' if rule.standard else 'no'} |"
        for rule in lint.rules().values()
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
