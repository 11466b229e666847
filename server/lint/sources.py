"""Where the texts to lint come from: files, folders, globs, standard input, rows of JSONL; read as they are needed."""

import codecs
import glob
import io
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TextIO

from server.lint import rows
from server.lint.diagnostic import message
from server.lint.document import LintContext
from server.lint.problems import reason
from server.lint.voice import Complaint, Saying

STDIN = "-"
ROWS = ".jsonl"
SUFFIXES = (".md", ".markdown", ".txt", ROWS)
MARK = "\ufeff"  # some editors begin a file with it
Complain = Callable[[Saying], None]
Place = Saying | str
ROW = message("{path}, row {row}")
CANNOT_READ = message("{path} cannot be read: {reason}")
UTF_16 = message("{place} is UTF-16; save it as UTF-8")
NOT_UTF_8 = message("{place} is not UTF-8 (byte {number} is {byte}); save it as UTF-8")
NOT_JSON = message("{place} is not JSON: {reason}, at character {column}")
TOO_DEEP = message("{place} cannot be read: it is nested too deeply, or a number in it is too long")
NO_OBJECT = message("{place} is {kind}; a row is an object, as {example}")
NO_MEMBER = message("{place} has no member {member}, only {there}; name the answer's with --field")
NO_MEMBERS = message("{place} has no members; a row is an object, as {example}")
NOT_TEXT = message("{place} holds {kind} in {member}; an answer is a string")
MORE_WRONG = message("{path} has {count} more rows that are wrong")
_A_NUMBER = message("a number")
_KINDS = {
    dict: message("an object"),
    list: message("a list"),
    str: message("a string"),
    int: _A_NUMBER,
    float: _A_NUMBER,
    bool: message("true or false"),
    type(None): message("null"),
}
_SHOWN = 12
_MOST = 20  # rows of a file of which each is complained of
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LONE = re.compile("[\ud800-\udfff]")


class BadText(Complaint):
    """A file or a row that holds no text; the sentence names it and says why."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Which members of a JSONL row hold what; a dot leads into one, a number into a list: `messages.1.content`."""

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
    found: dict[str, str] = {}
    for path in paths:
        for each in [path] if path == STDIN else _meant(path):
            found.setdefault(os.path.normpath(each), each)
    return list(found.values())


def _meant(path: str) -> list[str]:
    if Path(path).is_dir():
        below = (each for each in Path(path).rglob("*") if each.suffix.lower() in SUFFIXES and each.is_file())
        visible = (each for each in below if not any(part.startswith(".") for part in each.relative_to(path).parts))
        return [str(each) for each in sorted(visible)]
    if glob.has_magic(path) and not Path(path).exists():
        return sorted(each for each in glob.glob(path, recursive=True) if Path(each).is_file())
    return [path]


def read(path: str, fields: Fields, stdin: TextIO, complain: Complain, stdin_name: str = "") -> Iterator[Source]:
    """Yield the texts of one file, rows as they are read. What cannot be read is complained of, not raised."""
    name = (stdin_name or "<stdin>") if path == STDIN else path
    try:
        with _opened(path, stdin) as file:
            if name.lower().endswith(ROWS):
                yield from _rows(name, _lines(file, name), fields, complain)
            else:
                yield Source(name, None, _decoded(file.read(), name))
            return
    except OSError as error:
        complain(Saying(CANNOT_READ, {"path": name, "reason": reason(error)}))
    except BadText as error:
        complain(error.saying)
    yield Source(name, None, None, whole=False)


def _opened(path: str, stdin: TextIO) -> AbstractContextManager[IO[bytes]]:
    if path != STDIN:
        return open(path, "rb")
    return nullcontext(getattr(stdin, "buffer", None) or io.BytesIO(stdin.read().encode()))


def _lines(file: IO[bytes], name: str) -> Iterator[bytes]:
    r"""Yield lines as JSONL has them: only `\n` ends one, and a file that ends in it has one more, empty.

    Raises BadText for UTF-16, where line ends stand elsewhere.
    """
    line = b"\n"
    for number, line in enumerate(file):
        if number == 0 and line.startswith(_UTF_16):
            _decoded(line, name)
        yield line.removesuffix(b"\n")
    if line.endswith(b"\n"):
        yield b""


def _decoded(data: bytes, place: Place) -> str:
    """Return what the bytes say. Raises BadText."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if data.startswith(_UTF_16):
            raise BadText(UTF_16, place=place) from error
        byte = f"0x{data[error.start]:02x}"
        raise BadText(NOT_UTF_8, place=place, number=error.start + 1, byte=byte) from error


def _rows(path: str, lines: Iterator[bytes], fields: Fields, complain: Complain) -> Iterator[Source]:
    wrong = 0
    for number, data in enumerate(lines, 1):
        line, whole, place = "", False, Saying(ROW, {"path": path, "row": number})
        try:
            line = _decoded(data, place)
            whole = True
            row = _row(line, fields.response, place) if line.strip() else None
        except BadText as error:
            wrong += 1
            if wrong <= _MOST:
                complain(error.saying)
            row = None
        if row is None:
            yield Source(path, number, None, raw=line, whole=whole)
        else:
            yield Source(path, number, rows.member(row, fields.response), _context(row, fields), line)
    if wrong > _MOST:
        complain(Saying(MORE_WRONG, {"path": path, "count": f"{wrong - _MOST:,}"}))


def _row(line: str, name: str, place: Place) -> dict[str, Any]:
    """Return the row a line holds, with a text in its member `name`. Raises BadText."""
    try:
        row = json.loads(line.removeprefix(MARK))
    except json.JSONDecodeError as error:
        raise BadText(NOT_JSON, place=place, reason=reason(error), column=error.pos + 1) from error
    except (ValueError, RecursionError) as error:
        raise BadText(TOO_DEEP, place=place) from error
    example = json.dumps({name: "…"}, ensure_ascii=False)
    if not isinstance(row, dict):
        raise BadText(NO_OBJECT, place=place, kind=_kind(row), example=example)
    if not row:
        raise BadText(NO_MEMBERS, place=place, example=example)
    try:
        answer = rows.member(row, name)
    except KeyError as error:
        there = ", ".join(repr(key) for key in list(row)[:_SHOWN]) + (", …" if len(row) > _SHOWN else "")
        raise BadText(NO_MEMBER, place=place, member=repr(name), there=there) from error
    if not isinstance(answer, str):
        raise BadText(NOT_TEXT, place=place, kind=_kind(answer), member=repr(name))
    return row


def _kind(value: Any) -> Saying:
    return Saying(_KINDS[type(value)])


def _context(row: dict[str, Any], fields: Fields) -> LintContext:
    tags, language = row.get("tags"), row.get("language", row.get("lang"))
    return LintContext(
        prompt=str(_given(row, fields.prompt) or ""),
        reference=_listed(_given(row, fields.reference)),
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
        language=language if language in ("en", "zh") else "",
    )


def _given(row: dict[str, Any], name: str) -> Any:
    try:
        return rows.member(row, name)
    except KeyError:
        return None


def _listed(value: Any) -> str:
    """Return a reference as text; a list holds the answers to several questions."""
    return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def replaced(source: Source, text: str, fields: Fields) -> str:
    """Return what stands in the file when the source's text becomes `text`; all else of a row is kept as it is."""
    if source.row is None:
        return text
    start, end = rows.place(source.raw, fields.response)
    escaped = source.raw.isascii() or _LONE.search(text) is not None
    return source.raw[:start] + json.dumps(text, ensure_ascii=escaped) + source.raw[end:]
