"""The child process of server/llm/local.py: reads a line of JSON, serves a model on loopback, ends with its parent.

Run as `python -m server.llm.embedded`. It answers with a line: {"port"}, or {"error": "import" | "load", "reason"}.
"""

import json
import os
import sys
from typing import Any


def main() -> None:
    """Serve until standard input closes, which is how a parent's death arrives, however it died."""
    wish = json.loads(sys.stdin.readline())
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # the library writes what it likes to standard output; the reply must stay clean
    server = _serve(wish, replies)
    sys.stdin.buffer.read()
    del server
    os._exit(0)


def _serve(wish: dict[str, Any], replies: Any) -> Any:
    try:
        import xllamacpp
    except ImportError as error:
        _reply(replies, {"error": "import", "reason": str(error)})
        os._exit(1)
    try:
        server = xllamacpp.Server(_parameters(xllamacpp, wish))
        port = int(server.listening_address.rsplit(":", 1)[1].strip("/"))
    except Exception as error:
        _reply(replies, {"error": "load", "reason": str(error)})
        os._exit(1)
    _reply(replies, {"port": port})
    return server


def _parameters(xllamacpp: Any, wish: dict[str, Any]) -> Any:
    slots = 2
    p = xllamacpp.CommonParams()
    p.model.path = wish["model"]
    p.model_alias = {wish["alias"]}
    p.hostnames = ["127.0.0.1"]
    p.port = 0
    p.api_keys = [wish["key"]]
    p.n_parallel = slots
    p.n_ctx = wish["context"] * slots
    p.n_predict = 2048  # the default never stops
    p.cpuparams.n_threads = max(1, (os.cpu_count() or 2) - 1)
    p.no_extra_bufts = True  # repacked weights would double the memory
    p.ui = False
    p.offline = True
    return p


def _reply(replies: Any, said: dict[str, Any]) -> None:
    replies.write(json.dumps(said) + "\n")
    replies.flush()


if __name__ == "__main__":
    main()
