"""One editor, with a server of its own, for all tests of a module."""

from collections.abc import Iterator

import pytest

from tests.language_server.editor import Editor

LIMIT = 5_000


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    editor = Editor(env={"GOLDSMITH_MAX_TEXT": str(LIMIT)})
    yield editor
    assert editor.leave() == 0
    assert editor.logged == []
