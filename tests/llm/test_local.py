"""The real small model, run on this machine."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.llm import client, endpoints, local, prompts, weights

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


@pytest.fixture
def ended() -> Iterator[None]:
    yield
    local.stop()


def test_the_small_model_answers(ended: None) -> None:
    short = endpoints.SMOLLM2.model_copy(update={"max_tokens": 24, "temperature": 0.0})
    question = [{"role": "user", "content": "What is the capital of France?"}]

    async def ask() -> list[client.Piece]:
        messages = prompts.chat("drafts/answer", question, language="en")
        return [piece async for piece in client.stream(short, messages)]

    pieces = asyncio.run(ask())
    assert "Paris" in "".join(piece.text for piece in pieces if isinstance(piece, client.Chunk))
    end = pieces[-1]
    assert isinstance(end, client.Finish)
    assert 0 < end.usage["completion_tokens"] <= 24


def test_it_is_shared_kept_private_and_ends_with_its_owner(home: Path) -> None:
    script = "from server.llm import local; print(local.ensure('smollm2').pid, flush=True); input()"
    owner = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, env=os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    pid = int(owner.stdout.readline())
    mine = local.ensure("smollm2")
    assert mine.pid == pid  # nobody starts a second one
    assert httpx.get(f"{mine.base_url}/props", trust_env=False).status_code == 401
    notes = home / "local-models" / "smollm2.json"
    assert stat.S_IMODE(notes.stat().st_mode) == 0o600
    assert mine.key not in Path(f"/proc/{pid}/cmdline").read_text() + Path(f"/proc/{pid}/environ").read_text()
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{pid}/stat").exists() and " Z " not in Path(f"/proc/{pid}/stat").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    owner.stdout.close()
    again = local.ensure("smollm2")
    assert again.pid != pid
    assert json.loads(notes.read_text())["pid"] == again.pid
    local.stop()


def test_a_missing_model_says_how_to_get_it() -> None:
    with pytest.raises(local.LocalModelError, match=r"Run: goldsmith models fetch qwen2\.5-coder-1\.5b"):
        local.ensure("qwen2.5-coder-1.5b")


def test_a_damaged_model_says_so(home: Path) -> None:
    weights.folder().mkdir(parents=True)
    weights.path("qwen2.5-coder-1.5b").write_bytes(b"GGUF but not really")
    with pytest.raises(local.LocalModelError, match="may be damaged"):
        local.ensure("qwen2.5-coder-1.5b")
