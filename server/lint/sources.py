"""Where the texts to lint come from: files, folders, globs, standard input, rows of JSONL; read as they are needed."""

import glob
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from server.lint.diagnostic import message
from server.lint.document import LintContext
from server.lint.problems import reason
from server.lint.voice import Saying

STDIN = "-"
SUFFIXES = (".md", ".markdown", ".txt", ".jsonl")
Complain = Callable[[Saying], None]
ROW = message("{path}, row {row}")
CANNOT_READ = message("{path} cannot be read: {reason}")
BAD_ROW = message("{path}, row {row}: {reason}")
NOT_JSON = message("{path}, row {row}: not JSON from character {column} on: {reason}")
NO_MEMBER = message("{path}, row {row}: no member {member}; name it with --field")
NOT_TEXT = message("{path}, row {row}: {member} is not text")
NO_OBJECT = message("{path}, row {row}: not an object")


@dataclass(frozen=True, slots=True)
class Fields:
    """Which members of a JSONL row hold what."""

    response: str = "response"
    prompt: str = "prompt"
    reference: str = "reference_answer"


@dataclass(frozen=True, slots=True)
class Source:
    """One text. `row` counts from 1; `raw` is the line it stands in, without its end. Lines of JSONL that hold no text,
    being blank or wrong, come as sources too, with `text` None, so that a file can be written again whole. Where a file
    could not be read to its end, the last source is not `whole`."""

    path: str
    row: int | None
    text: str | None
    context: LintContext = field(default_factory=LintContext)
    raw: str = ""
    whole: bool = True


def expand(paths: Sequence[str]) -> list[str]:
    """Return the files that paths, folders and globs mean, each once, in order; what does not exist stays as it is."""
    found: dict[str, None] = {}
    for path in paths:
        if path != STDIN and Path(path).is_dir():
            below = (each for each in Path(path).rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file())
            visible = (each for each in below if not any(part.startswith(".") for part in each.relative_to(path).parts))
            found |= dict.fromkeys(str(each) for each in sorted(visible))
        elif path != STDIN and glob.has_magic(path) and not Path(path).exists():
            found |= dict.fromkeys(sorted(each for each in glob.glob(path, recursive=True) if Path(each).is_file()))
        else:
            found[path] = None
    return list(found)


def read(path: str, fields: Fields, stdin: TextIO, complain: Complain, stdin_name: str = "") -> Iterator[Source]:
    """Yield the texts of one file, rows as they are read. What cannot be read is complained of, not raised."""
    if path == STDIN:
        name = stdin_name or "<stdin>"
        if name.endswith(".jsonl"):
            yield from _rows(name, (line.rstrip("\n") for line in stdin), fields, complain)
        else:
            yield Source(name, None, stdin.read())
        return
    try:
        with open(path, encoding="utf-8", newline="") as file:
            if path.endswith(".jsonl"):
                yield from _rows(path, _lines(file), fields, complain)
            else:
                yield Source(path, None, file.read())
    except (OSError, UnicodeDecodeError) as error:
        complain(Saying(CANNOT_READ, {"path": path, "reason": reason(error)}))
        yield Source(path, None, None, whole=False)


def _lines(file: TextIO) -> Iterator[str]:
    r"""Yield lines as JSONL has them: only `\n` ends one, and a file that ends in it has one more, empty."""
    rest = ""
    while chunk := file.read(1 << 20):
        *whole, rest = (rest + chunk).split("\n")
        yield from whole
    yield rest


def _rows(path: str, lines: Iterator[str], fields: Fields, complain: Complain) -> Iterator[Source]:
    for number, line in enumerate(lines, 1):
        row = _read(line, fields, {"path": path, "row": number}) if line.strip() else None
        if isinstance(row, Saying):
            complain(row)
        if isinstance(row, dict):
            yield Source(path, number, row[fields.response], _context(row, fields), line)
        else:
            yield Source(path, number, None, raw=line)


def _read(line: str, fields: Fields, place: dict[str, Any]) -> dict[str, Any] | Saying:
    """Return the row in a line, or what is wrong with it."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        return Saying(NOT_JSON, place | {"column": error.colno, "reason": error.msg})
    except (ValueError, RecursionError) as error:
        return Saying(BAD_ROW, place | {"reason": str(error)})
    if not isinstance(row, dict):
        return Saying(NO_OBJECT, place)
    if fields.response not in row:
        return Saying(NO_MEMBER, place | {"member": repr(fields.response)})
    if not isinstance(row[fields.response], str):
        return Saying(NOT_TEXT, place | {"member": repr(fields.response)})
    return row


def _context(row: dict[str, Any], fields: Fields) -> LintContext:
    tags, language = row.get("tags"), row.get("language", row.get("lang"))
    return LintContext(
        prompt=str(row.get(fields.prompt) or ""),
        reference=_listed(row.get(fields.reference)),
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
        language=language if language in ("en", "zh") else "",
    )


def _listed(value: Any) -> str:
    """Return a reference as text; a list holds the answers to several questions."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def replaced(source: Source, text: str, fields: Fields) -> str:
    """Return what stands in the file when the source's text becomes `text`; all else of a row is kept."""
    if source.row is None:
        return text
    ending = "\r" if source.raw.endswith("\r") else ""
    return json.dumps({**json.loads(source.raw), fields.response: text}, ensure_ascii=False) + ending
