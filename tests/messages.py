"""Every sentence a person can meet, and the catalogue that says it in Chinese.

`python -m tests.messages` brings `server/locale/zh_CN/…/messages.po` up to date: new sentences come in empty, old ones
leave.
"""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from server import errors, lint, policy
from server.guides import rule_help
from server.i18n import IN_CONTEXT
from server.web import forms

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "server" / "locale" / "zh_CN" / "LC_MESSAGES" / "messages.po"
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
# functions whose first argument, and keyword arguments that, are message ids
MARKERS = {"gettext", "_", "message"}
KEYWORDS = {"notice"}

VALUE_ALONE = re.compile(r"\{\w+\}")

Message = str | tuple[str, str]


def collect() -> dict[Message, list[str]]:
    """Return {message id, or (singular, plural): the files it stands in}."""
    found: dict[Message, set[str]] = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for message in _in_template(path):
            found.setdefault(message, set()).add(str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "server").rglob("*.py")):
        for text in _in_python(path):
            found.setdefault(text, set()).add(str(path.relative_to(ROOT)))
    for text in [*policy.REASONS.values(), *forms.SENTENCES.values(), *_lint_messages(), *_rule_help()]:
        if not VALUE_ALONE.fullmatch(text):
            found.setdefault(text, set())
    for name in ERRORS:
        found.setdefault(getattr(errors, name).title, set()) if hasattr(getattr(errors, name), "title") else None
    return {message: sorted(places) for message, places in sorted(found.items(), key=lambda item: str(item[0]))}


def _rule_help() -> Iterator[str]:
    """Yield what the pages of rules say; their examples stay as they are."""
    for rule in lint.rules().values():
        yield from (piece.text for piece in rule_help.pieces(rule.help) if piece.kind == "text")
        yield from (option.meaning for option in rule_help.options(rule) if option.meaning)


def _lint_messages() -> list[str]:
    """Return the engine's sentences as a fresh process knows them: tests register rules of their own in this one."""
    code = "import json; from server import lint; print(json.dumps(lint.messages()))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return [str(text) for text in json.loads(run.stdout)]


def _in_template(path: Path) -> Iterator[Message]:
    options = {"newstyle_gettext": "true", "trimmed": "true", "extensions": "jinja2.ext.i18n,jinja2.ext.do"}
    keywords: dict[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
    for _line, message, _comments, context in extract(
        "jinja2.ext:babel_extract", BytesIO(path.read_bytes()), keywords=keywords, options=options
    ):
        text = message if isinstance(message, str) else (message[0], message[1])
        yield f"{context}{IN_CONTEXT}{text}" if context else text


def _in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ERRORS | MARKERS and node.args:
            yield from _constants(node.args[0])
        for keyword in node.keywords:
            if keyword.arg in KEYWORDS:
                yield from _constants(keyword.value)


def _constants(node: ast.expr) -> Iterator[str]:
    """Yield the plain strings of an argument, both branches of a choice included; values alone hold no letters."""
    parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]
    for part in parts:
        is_text = isinstance(part, ast.Constant) and isinstance(part.value, str)
        if is_text and any(map(str.isalpha, part.value)) and not VALUE_ALONE.fullmatch(part.value):
            yield part.value


def read() -> Catalog:
    """Return the Chinese catalogue as it stands."""
    if not CATALOGUE.is_file():
        return Catalog(locale="zh_CN")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh_CN")


def update() -> int:
    """Rewrite the catalogue; return how many sentences have no translation yet."""
    old, new = read(), Catalog(locale="zh_CN", project="goldsmith", fuzzy=False)
    empty = 0
    for message, places in collect().items():
        key = message if isinstance(message, str) else message[0]
        context, _, plain = key.rpartition(IN_CONTEXT)
        known = old.get(plain, context or None)
        text = known.string if known else ("" if isinstance(message, str) else ("",))
        empty += not any([text] if isinstance(text, str) else text)
        source = plain if isinstance(message, str) else message
        new.add(source, text, locations=[(place, None) for place in places], context=context or None)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, new, width=0, omit_header=True, sort_output=True, include_lineno=False)
    return empty


if __name__ == "__main__":
    print(f"{update()} sentences wait for a translation in {CATALOGUE.relative_to(ROOT)}")
