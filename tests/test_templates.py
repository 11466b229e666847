"""Every template compiles, stays short, says what it needs, and speaks through gettext."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from server.web.templating import environment

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PARTIALS = [p for p in TEMPLATES if p.name.startswith("_")]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_it_compiles(path: Path) -> None:
    environment().get_template(name(path))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_it_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 100


@pytest.mark.parametrize("path", PARTIALS, ids=name)
def test_a_partial_says_what_it_needs(path: Path) -> None:
    assert path.read_text().startswith("{# needs:")


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_script_or_handler_stands_inline(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*(\bsrc=|type=\"application/json\"))", text)
    assert not re.search(r"\son[a-z]+=\"", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_words_go_through_gettext(path: Path) -> None:
    """What is left once tags, expressions and comments are gone holds no English words."""
    text = re.sub(r"\{%-?\s*trans.*?endtrans\s*-?%\}", " ", path.read_text(), flags=re.S)
    text = re.sub(r"\{% block (body_class|width) %\}.*?\{% endblock %\}", " ", text)
    text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}|<!--.*?-->|<(script|style|code|kbd).*?</\1>", " ", text, flags=re.S)
    text = re.sub(r"<[^>]*>|&[a-z]+;", " ", text, flags=re.S)
    assert re.findall(r"[A-Za-z]{4,}", text.replace("Goldsmith", "")) == []


def test_nothing_speaks_the_old_htmx() -> None:
    checker = ROOT / "node_modules" / "htmx.org" / "dist" / "scripts" / "upgrade-check.py"
    if not checker.is_file():
        pytest.skip("browser libraries are not installed")
    run = subprocess.run([sys.executable, checker, ROOT / "templates"], capture_output=True, text=True)
    found = [line for line in run.stdout.splitlines() if re.search(r":\d+", line) and "hx-disable" not in line]
    assert found == [], run.stdout
