"""What exists is documented, and the documents point at what exists."""

import re
from pathlib import Path
from typing import get_args

import click
import pytest
import typer.main

from server import lint
from server.cli import application
from server.config import Settings
from server.exports import formats
from server.guides import rule_help
from server.lint.document import Document
from server.lint.phrases import measures, schema, scopes
from server.policy import Action
from tests import guides_doc, rules_doc

ROOT = Path(__file__).parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CODE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1$|(?<!`)(`+)(?!`).*?(?<!`)\2(?!`)", re.MULTILINE | re.DOTALL)


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def commands(group: click.Group, prefix: str = "goldsmith") -> list[str]:
    found = []
    for name, command in group.commands.items():
        full = f"{prefix} {name}"
        found += commands(command, full) if hasattr(command, "commands") else [full]
    return found


def test_every_setting_is_documented() -> None:
    missing = [n for n in Settings.model_fields if f"GOLDSMITH_{n.upper()}" not in text("docs/settings.md")]
    assert missing == []


def test_every_action_is_documented() -> None:
    assert [a.value for a in Action if f"`{a.value}`" not in text("docs/permissions.md")] == []


def test_every_command_is_documented() -> None:
    found = commands(typer.main.get_command(application()))  # type: ignore[arg-type]
    assert len(found) > 12
    assert [c for c in found if c not in text("docs/commands.md")] == []


def test_the_pages_of_rules_are_what_the_rules_say() -> None:
    made = rules_doc.pages()
    stale = "run: python -m tests.rules_doc"
    assert {f"rules/{path.name}" for path in (ROOT / "docs" / "rules").iterdir()} | {"rules.md"} == set(made), stale
    assert [name for name, page in made.items() if text(f"docs/{name}") != page] == [], stale
    assert [code for code in lint.rules() if f"(rules/{code}.md)" not in made["rules.md"]] == []


def test_no_example_breaks_out_of_its_fence() -> None:
    for code, rule in lint.rules().items():
        blocks = Document(text(f"docs/rules/{code}.md")).code_blocks
        examples = [piece.text for piece in rule_help.pieces(rule.help) if piece.kind != "text"]
        assert [block.body.text for block in blocks] == [f"{example}\n" for example in examples], code


def test_the_tables_of_the_page_on_guides_are_what_the_models_say() -> None:
    page = text("docs/guides.md")
    assert guides_doc.page(page) == page, "run: python -m tests.rules_doc"
    assert set(re.findall(r"<!-- made: (\w+) -->", page)) == set(guides_doc.TABLES)


def test_every_key_verb_scope_and_measure_of_guides_is_documented() -> None:
    page = text("docs/guides.md")
    keys = [*guides_doc.guide_keys(), *guides_doc.lint_keys(), *guides_doc.keys(schema.Common)]
    keys += [key for verb in guides_doc.VERBS for key in guides_doc.own_keys(verb)]
    assert len(keys) > 60
    assert [name for name, field in keys if not field.description or f"| `{name}` |" not in page] == []
    assert set(scopes.MEANINGS) == set(get_args(scopes.Scope))
    assert set(measures.MEANINGS) == set(measures.MEASURES)
    verbs = map(guides_doc.verb_name, guides_doc.VERBS)
    named = [*verbs, *scopes.MEANINGS, *measures.MEANINGS, *schema.FILLS]
    assert [name for name in named if f"| `{name}` |" not in page] == []


def test_the_example_guides_are_guides() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", text("docs/guides.md"), re.S)
    found = [lint.parse_guide(example, file="docs/guides.md").guide for example in examples]
    assert found == ["maths-en", "our-house"]


def test_every_export_format_is_documented() -> None:
    assert [name for name in formats.FORMATS if f"`{name}`" not in text("docs/export.md")] == []


def test_every_make_verb_of_the_readme_exists() -> None:
    verbs = set(re.findall(r"(?:^|`)make ([a-z-]+)", text("README.md"), re.M))
    assert [v for v in verbs if not re.search(rf"^{v}:", text("Makefile"), re.M)] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", CODE.sub("", path.read_text("utf-8")))
    local = [t for t in targets if "://" not in t]
    assert [t for t in local if not (path.parent / t).exists()] == []
