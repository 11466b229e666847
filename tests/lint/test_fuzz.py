"""Hostile texts: no exception, spans that hold, fixes that apply and come to rest. `make fuzz` takes ten thousand.

Times are told, never judged.
"""

import os
import time
from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings

from server import lint
from server.config import resources
from server.lint import document, engine
from tests.lint import hostile
from tests.lint.support import RECOMMENDED

COUNT = int(os.environ.get("GOLDSMITH_FUZZ", "300"))
LONG = COUNT >= 5_000
LONGEST = 200_000 if LONG else 4_000
SETTLES = 4_100  # characters; of a rule only so many findings are listed, and only so many passes are made
SHOWN = 10
GUIDES = [RECOMMENDED, *(lint.load_guide(path) for path in sorted(resources("styleguides").glob("*.yaml")))]
_slowest: list[tuple[float, str]] = []


@pytest.fixture(scope="module", autouse=True)
def _report() -> Iterator[None]:
    yield
    if LONG:
        late = sum(seconds > 1 for seconds, _ in _slowest)
        print(f"\n{COUNT:,} texts. Over 1 s of processor time: {late if late < SHOWN else f'{SHOWN} or more'}")
        for seconds, told in _slowest:
            print(f"{seconds:7.2f} s  {told}")


def _check(text: str, name: str = "") -> None:
    name = name or repr(text if len(text) < 80 else f"{text[:60]} … {text[-20:]}")
    longest = 0.0
    for guide in GUIDES:
        started = time.process_time()
        report = lint.lint(text, guide)
        longest = max(longest, time.process_time() - started)
        _nothing_crashed(report)
        _spans_hold(text, report)
        _edits_apply(text, report)
    _slowest[:] = sorted([*_slowest, (longest, f"{name} ({len(text):,} characters)")], reverse=True)[:SHOWN]
    if len(text) < SETTLES:
        _safe_fixes_rest(text, GUIDES[len(text) % len(GUIDES)])


def _nothing_crashed(report: lint.Report) -> None:
    told = [item.args for item in report.diagnostics if item.code == engine.UNFINISHED]
    assert [each for each in told if each.get("what") in lint.rules() or each.get("reason") == document.FAILED] == []


def _spans_hold(text: str, report: lint.Report) -> None:
    """Every span lies within the text, and names the same characters in all three units."""
    eight, sixteen = text.encode("utf-8", "surrogatepass"), text.encode("utf-16-le", "surrogatepass")
    spans = [item.span for item in report.diagnostics]
    spans += [edit.span for item in report.diagnostics for fix in item.fixes for edit in fix.edits]
    for span in spans:
        (start, end), (low, high) = span.codepoints, span.utf16
        assert 0 <= start <= end <= len(text)
        words = text[start:end]
        assert eight[slice(*span.bytes)] == words.encode("utf-8", "surrogatepass")
        assert sixteen[2 * low : 2 * high] == words.encode("utf-16-le", "surrogatepass")


def _edits_apply(text: str, report: lint.Report) -> None:
    """The edits of one fix do not overlap, and making them changes nothing else."""
    for item in report.diagnostics:
        for fix in item.fixes:
            edits = sorted(fix.edits, key=lambda edit: edit.span.codepoints)
            assert all(one.span.codepoints[1] <= two.span.codepoints[0] for one, two in pairwise(edits)), item
            kept, at = [], 0
            for edit in edits:
                kept += [text[at : edit.span.codepoints[0]], edit.text]
                at = edit.span.codepoints[1]
            assert lint.apply_edits(text, fix) == "".join([*kept, text[at:]])


def _safe_fixes_rest(text: str, guide: lint.Guide) -> None:
    look = partial(lint.lint, guide=guide)
    applied = lint.apply_fixes(text, look)
    assert applied.stable
    assert lint.apply_fixes(applied.text, look).text == applied.text


@settings(
    max_examples=COUNT, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)  # fmt: skip
@given(hostile.texts(LONGEST))
def test_no_text_breaks_the_engine(text: str) -> None:
    _check(text)


@pytest.mark.parametrize("name", hostile.GIANTS)
def test_no_giant_breaks_the_engine(name: str) -> None:
    _check(hostile.GIANTS[name](LONGEST if LONG else 1_500), name)
