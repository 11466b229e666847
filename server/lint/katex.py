"""KaTeX, the judge of every formula and the painter of every preview; what it said is remembered."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from server.lint import v8
from server.lint.spans import codepoint

LONGEST = 4_000
LASTING = ("ok", "parse", "nesting", "too long")  # verdicts that asking again would not change
Kind = Literal["ok", "parse", "nesting", "timeout", "memory", "crash", "too long", "missing"]
Item = v8.Item
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Verdict:
    """KaTeX's word on one formula. `start:end` are code points inside it, absent when KaTeX names no place.

    `strict` lists `(code, start, end)` of what KaTeX accepts but LaTeX would not.
    """

    kind: Kind = "ok"
    message: str = ""
    start: int | None = None
    end: int | None = None
    strict: tuple[tuple[str, int | None, int | None], ...] = ()

    @property
    def checked(self) -> bool:
        """Whether KaTeX came to a verdict at all."""
        return self.kind in ("ok", "parse")


@dataclass(frozen=True, slots=True)
class Rendered:
    """HTML of one formula, or the reason why there is none."""

    html: str = ""
    error: str = ""
    lasting: bool = True


class _Cache(Generic[V]):
    """Least recently used, shared by all threads."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._kept: OrderedDict[Item, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, items: Sequence[Item]) -> dict[Item, V]:
        with self._lock:
            found = {item: self._kept[item] for item in items if item in self._kept}
            for item in found:
                self._kept.move_to_end(item)
        return found

    def put(self, values: dict[Item, V]) -> None:
        with self._lock:
            self._kept.update(values)
            while len(self._kept) > self.size:
                self._kept.popitem(last=False)


_verdicts: _Cache[Verdict] = _Cache(50_000)
_rendered: _Cache[Rendered] = _Cache(5_000)


def remember(verdicts: int) -> None:
    """Keep no more verdicts than this from now on. Where formulas seldom come again, kept ones are so much memory."""
    _verdicts.size = verdicts
    _verdicts.put({})


_version = ""


def check(items: Sequence[Item]) -> list[Verdict]:
    """Judge formulas, given as `(tex, display)`, in one call; equal formulas are judged once and remembered."""
    known = _verdicts.get(items)
    new = [item for item in dict.fromkeys(items) if item not in known]
    if new:
        short = [item for item in new if len(item[0]) <= LONGEST]
        fresh = {item: Verdict("too long") for item in new if len(item[0]) > LONGEST}
        answers = v8.shared().ask("check", short) if short else []
        fresh |= {item: _verdict(item[0], answer) for item, answer in zip(short, answers, strict=True)}
        _verdicts.put({item: verdict for item, verdict in fresh.items() if verdict.kind in LASTING})
        known |= fresh
    return [known[item] for item in items]


def render(items: Sequence[Item]) -> list[Rendered]:
    """Render formulas to HTML in one call; what cannot be rendered carries its error instead."""
    known = _rendered.get(items)
    new = [item for item in dict.fromkeys(items) if item not in known]
    if new:
        short = [item for item in new if len(item[0]) <= LONGEST]
        fresh = {item: Rendered(error="too long") for item in new if len(item[0]) > LONGEST}
        answers = v8.shared().ask("render", short) if short else []
        fresh |= {item: _painted(answer) for item, answer in zip(short, answers, strict=True)}
        _rendered.put({item: done for item, done in fresh.items() if done.html or done.lasting})
        known |= fresh
    return [known[item] for item in items]


def tidy() -> None:
    """Have V8 give back what it no longer needs, which it puts off as long as there is memory."""
    v8.shared().tidy()


def version() -> str:
    """Return KaTeX's version, or an empty string when the scripts are not built."""
    global _version
    _version = _version or v8.shared().version()
    return _version


def _verdict(tex: str, answer: dict[str, Any] | None) -> Verdict:
    if answer is None:
        return Verdict()
    strict = tuple((code, _at(tex, start), _at(tex, end)) for code, start, end in answer.get("strict", ()))
    start, length = answer.get("position"), answer.get("length") or 0
    end = None if start is None else start + length
    return Verdict(answer["kind"], str(answer.get("message", "")), _at(tex, start), _at(tex, end), strict)


def _at(tex: str, utf16: int | None) -> int | None:
    return None if utf16 is None else codepoint(tex, utf16)


def _painted(answer: dict[str, Any] | None) -> Rendered:
    if answer is None:
        return Rendered(error="crash", lasting=False)
    if "html" in answer:
        return Rendered(html=answer["html"])
    return Rendered(error=str(answer.get("message") or answer["kind"]), lasting=answer["kind"] in LASTING)
