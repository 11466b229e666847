"""From YAML to rules like any other."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import TypeAdapter, ValidationError

from server.lint.diagnostic import Finding, message
from server.lint.phrases import search, verbs
from server.lint.phrases.schema import Common, Phrase

if TYPE_CHECKING:
    from server.lint.document import Document
    from server.lint.registry import Rule

_ADAPTER: TypeAdapter[Common] = TypeAdapter(Phrase)


class PhraseError(ValueError):
    """A phrase rule that cannot be used; the text names the file, the place in it and what is wrong."""


def built_in(folder: Path) -> Iterator["Rule"]:
    """Yield the rules of `<family>/<rule_name>.yaml` below `folder`, without those whose stage is `removed`."""
    pools: defaultdict[str, search.Pool] = defaultdict(search.Pool)
    for path in sorted(folder.glob("*/*.yaml")):
        phrase = from_file(path)
        if phrase.status.stage != "removed":
            yield rule_of(phrase, module=f"server.lint.rules.{path.parent.name}.{path.stem}", pool=pools[phrase.scope])


def from_file(path: Path) -> Common:
    """Read one phrase rule. Raises PhraseError."""
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
        return _ADAPTER.validate_json(json.dumps(data, default=str), strict=True)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise PhraseError(f"{path}: {error}") from error
    except ValidationError as error:
        lines = [f"{path}: {'.'.join(map(str, item['loc'][1:]))}: {item['msg']}" for item in error.errors()]
        raise PhraseError("\n".join(lines)) from error


def rule_of(phrase: Common, *, module: str = "guide", pool: search.Pool | None = None) -> "Rule":
    """Return the rule a phrase is. The first line of `doc` is its title, the examples follow the rest."""
    from server.lint.registry import Options, Rule

    title, _, body = phrase.doc.strip().partition("\n")
    find = verbs.finder(phrase, pool)

    def check(document: "Document", options: Any) -> Iterator[Finding]:
        yield from find(document)

    built_in = module != "guide"
    register = message if built_in else str
    register(phrase.message)
    if why := getattr(getattr(phrase, "fix", None), "why", ""):
        register(why)
    text = "\n".join([body.strip(), "", *_examples("Bad", phrase.bad), *_examples("Good", phrase.good)]).strip()
    standard = phrase.status.stage in ("stable", "deprecated")
    title = register((title or phrase.name).rstrip("."))
    return Rule(
        phrase.code, phrase.name, phrase.level, "first", title, text, Options, standard or not built_in, check, module
    )


def _examples(kind: str, texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        yield f"{kind}:\n{indent(text.strip(chr(10)), '    ')}"
