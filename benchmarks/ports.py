"""Ports of loopback that nobody uses now."""

import os
import random
import socket
from contextlib import ExitStack


def free_port() -> int:
    """Any one that the system gives out."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports(count: int) -> int:
    """The first of so many in a row.

    Below those that the system gives out; each process looks in an order of its own.
    """
    bases = list(range(20_000, 32_000, count))
    random.Random(os.getpid()).shuffle(bases)
    for base in bases:
        with ExitStack() as probes:
            try:
                for port in range(base, base + count):
                    probe = probes.enter_context(socket.socket())
                    probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return base
    raise AssertionError("no free ports")
