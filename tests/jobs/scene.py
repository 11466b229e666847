"""For tests of the worker: a store in a folder, and a model endpoint that answers as slowly as asked."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Model(ThreadingHTTPServer):
    """An endpoint on loopback. `calls` counts the requests; each answer is `words`, one every `pause` seconds."""

    daemon_threads = True

    def __init__(self, words: list[str], pause: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.words, self.pause, self.calls = words, pause, 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        with self.server.lock:
            self.server.calls += 1
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        try:
            for word in self.server.words:
                self._send({"index": 0, "delta": {"content": word}, "finish_reason": None})
                time.sleep(self.server.pause)
            self._send({"index": 0, "delta": {}, "finish_reason": "stop"})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            pass  # the caller went away

    def _send(self, choice: dict[str, Any]) -> None:
        body = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "slow", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(body)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_: object) -> None: ...


@contextmanager
def model(words: list[str], pause: float = 0.02) -> Iterator[Model]:
    """Serve such an endpoint."""
    server = Model(words, pause)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def until(true: Any, seconds: float = 20.0) -> None:
    """Wait until `true()` holds; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
