"""ZHT103."""

from collections.abc import Iterator

from server.lint.diagnostic import Finding
from server.lint.document import Document
from server.lint.registry import rule
from server.lint.rules.zht import _spacing

_KIND = _spacing.kind("A-Za-z", r" ?(?<![A-Za-z])(?:[A-Z]{1,4}|[a-z])(?![A-Za-z]) ?")


@rule(code="ZHT103", name="letter-spacing", level="info", options=_spacing.Spacing)
def letter_spacing(document: Document, options: _spacing.Spacing) -> Iterator[Finding]:
    """Chinese and Latin words are spaced unevenly.

    `用 Python 写` and `用Python写` are both in use; one answer should keep to one. Single letters and up to four
    capitals, such as the names of points and lines, are left alone unless the profile is `zh-general`.

    `profile: consistent` follows the majority in the answer, `zh-general` and `zh-maths` want a space. `spacing: add`
    or `remove` decides it outright.

    Bad:
        用 Python 写，用 Rust 算，用Java跑。
    Bad (profile: zh-general):
        用Python写。
    Bad (spacing: remove):
        用 Python 写。
    Good:
        用Python写，用Rust算。
    Good (profile: zh-maths):
        点A在直线AB上 `用Python写`。
    """
    yield from _spacing.check(document, options, _KIND, lenient=options.profile != "zh-general")
