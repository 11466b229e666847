"""The tables of docs/guides.md, made from the models that check guides; the prose around them is written by hand.

Each stands between `<!-- made: NAME -->` and `<!-- end -->`; `python -m tests.rules_doc` writes them anew.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from server.guides import rule_help
from server.lint import guide
from server.lint.phrases import measures, schema, scopes

PAGE = Path(__file__).parents[1] / "docs" / "guides.md"
MADE = re.compile(r"(<!-- made: (?P<name>[a-z]+) -->\n).*?(?=<!-- end -->)", re.DOTALL)
VERBS: tuple[type[schema.Common], ...] = get_args(schema.Verb)


def page(text: str) -> str:
    """Return the page with its tables made anew. Raises KeyError for a table nobody makes."""
    return MADE.sub(lambda match: f"{match[1]}\n{TABLES[match['name']]()}\n\n", text)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    cells = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in cells)


def keys(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Yield every key of a mapping with its path: `profiles[].when.tags`. Phrase rules have tables of their own."""
    for name, field in model.model_fields.items():
        inside = _model_in(field.annotation)
        yield f"{path}{name}", field
        if inside:
            step = {"[": "[]", "{": ".CODE"}.get(rule_help.takes(field.annotation)[0], "")
            yield from keys(inside, f"{path}{name}{step}.")


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = [_model_in(each) for each in get_args(annotation)]
    known = [each for each in found if each]
    return known[0] if len(known) == 1 else None


def _row(name: str, field: FieldInfo) -> tuple[str, ...]:
    default = "must be given" if field.is_required() else _default(field)
    return f"`{name}`", f"`{rule_help.takes(field.annotation)}`", default, field.description or ""


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    shown = "" if isinstance(value, (BaseModel, dict)) or value == () else rule_help.written(value)
    return f"`{shown}`" if shown else "nothing"


def _keys(found: Iterator[tuple[str, FieldInfo]]) -> str:
    return _table(("key", "takes", "unless set", "meaning"), [_row(name, field) for name, field in found])


def guide_keys() -> Iterator[tuple[str, FieldInfo]]:
    """Yield the keys of a guide but for those below `lint`."""
    return ((name, field) for name, field in keys(guide.Guide) if not name.startswith("lint."))


def lint_keys() -> Iterator[tuple[str, FieldInfo]]:
    """Yield the keys of `lint:`."""
    return keys(guide.LintSettings)


def own_keys(verb: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """Yield what one verb takes beside what all take."""
    common = schema.Common.model_fields
    return ((name, field) for name, field in keys(verb) if name.split(".")[0] not in {*common, "extends"})


def _verbs() -> str:
    rows = [(f"`{verb_name(verb)}`", " ".join((verb.__doc__ or "").split())) for verb in VERBS]
    return _table(("`extends`", "finds"), rows)


def _verb_keys() -> str:
    rows = [(f"`{verb_name(verb)}`", *_row(*key)) for verb in VERBS for key in own_keys(verb)]
    return _table(("`extends`", "key", "takes", "unless set", "meaning"), rows)


def verb_name(verb: type[schema.Common]) -> str:
    """Return what `extends` says for a verb."""
    return rule_help.takes(verb.model_fields["extends"].annotation)


def _meanings(head: str, meanings: Any) -> str:
    return _table((head, "meaning"), [(f"`{name}`", meaning) for name, meaning in meanings.items()])


TABLES = {
    "guide": lambda: _keys(guide_keys()),
    "lint": lambda: _keys(lint_keys()),
    "verbs": _verbs,
    "verbkeys": _verb_keys,
    "common": lambda: _keys(keys(schema.Common)),
    "fills": lambda: _meanings("in braces", schema.FILLS),
    "scopes": lambda: _meanings("`scope`", scopes.MEANINGS),
    "measures": lambda: _meanings("measure", measures.MEANINGS),
}


def write() -> None:
    """Write the tables into the page."""
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")
