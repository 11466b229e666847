"""How the server and its editor reach one another: standard input and output, or a port of this machine."""

import logging
import os
import signal
from ipaddress import ip_address

from server.errors import Invalid
from server.i18n import Speech
from server.language_server.features import build
from server.language_server.server import Server


def serve(guide: str = "", address: str = "", speech: Speech | None = None) -> int:
    """Serve one editor until it leaves, and return the exit status: 0 when it said so before, else 1.

    `address` is HOST:PORT to listen on; empty means standard input and output. `speech` is what to speak whatever the
    editor says of itself. Raises Invalid.
    """
    place = _place(address) if address else None
    logging.getLogger("pygls").setLevel(logging.ERROR)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # nobody who tries it in a terminal has to close the input first
    server = build(guide, speech)
    try:
        if place:
            server.start_tcp(*place)
        else:
            _over_stdio(server)
    finally:
        server.workers.close()
    return 0 if server.left else 1


def _over_stdio(server: Server) -> None:
    """Keep both streams to the protocol alone: what else reads or prints, here or in a child, gets others."""
    reader, writer = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    server.start_io(reader, writer)


def _place(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    try:
        found, number = ip_address("127.0.0.1" if host == "localhost" else host.strip("[]")), int(port)
    except ValueError as error:
        raise Invalid("{address} is not HOST:PORT.", address=address) from error
    if not found.is_loopback:
        raise Invalid("Only this machine may reach a language server: 127.0.0.1:{port}", port=number)
    return str(found), number
