"""Ports for the servers that tests start."""

import random
import socket
from contextlib import suppress

BELOW_THOSE_OF_CONNECTIONS = range(20_000, 32_000)  # from 32,768 on Linux gives them to whoever connects


def free_port() -> int:
    """Return a port that nothing listens at and that no connection is given before the server starts."""
    for port in random.SystemRandom().sample(BELOW_THOSE_OF_CONNECTIONS, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port")
