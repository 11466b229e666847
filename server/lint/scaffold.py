"""`goldsmith new-rule`: the two files a rule begins with, and which must fail until it is written."""

import re
from pathlib import Path

from server.lint import registry

RULE = '''"""{code}."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding, message
from server.lint.document import Document
from server.lint.registry import Options, rule

FOUND = message("“{{text}}” …")


@rule(code="{code}", name="{name}", level="warning")
def {function}(document: Document, options: Options) -> Iterator[Finding]:
    """Say in one line what it finds.

    Say what is wrong with it, and how to mend it.

    Bad:
        A text it finds something in.
    Good:
        A text it passes.
    """
    yield from ()
'''
PHRASE = """code: {code}
name: {name}
status: {{stage: preview, since: "0.1"}}
extends: existence
scope: prose
level: info
tokens:
  - a phrase to find
message: "“{{match}}” …"
doc: |
  Say in one line what it finds

  Say what is wrong with it, and how to mend it.
bad:
  - "Here is a phrase to find."
good:
  - "Here is none."
"""
SPEC = """# {code}

Say what is marked.

## What it finds

```md
A text it finds something in.
```
→ `something`

## What it passes

```md
A text it passes.
```
→ silent
"""


class Refused(ValueError):
    """The rule cannot be started; the text says why."""


def new_rule(root: Path, code: str, name: str, *, phrase: bool = False) -> list[Path]:
    """Write the files of a new rule below the checkout `root` and return them. Raises Refused."""
    if not re.fullmatch(r"[A-Z]{3}\d{3}", code):
        raise Refused(f"{code!r} is no code: three capitals and three digits")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise Refused(f"{name!r} is no name: small letters and hyphens; it reads after “allow …”")
    if code in registry.rules() or name in registry.by_name():
        raise Refused(f"there is a rule {code} or {name} already")
    rules = root / "server" / "lint" / "rules"
    if not rules.is_dir():
        raise Refused(f"{root} is not a checkout of Goldsmith")
    function = name.replace("-", "_")
    folder = rules / code[:3].lower()
    source = folder / f"{function}.{'yaml' if phrase else 'py'}"
    texts = {source: PHRASE if phrase else RULE, root / "tests" / "lint" / "rules" / f"{code}.md": SPEC}
    if not (folder / "__init__.py").exists():
        texts[folder / "__init__.py"] = ""
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(code=code, name=name, function=function), "utf-8")
    return list(texts)
