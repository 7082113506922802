"""For tests of programs that run beside them: a port where nobody listens, and waiting until something is so."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack

PATIENCE = 120.0
"""Seconds until a test gives up what it waits for: far more than a slow machine with other work needs."""
GLANCE = 0.02
"""Seconds between two looks."""


def wait_until(condition: Callable[[], object], told: Callable[[], object] = lambda: None) -> None:
    """Return when the condition holds. Raises AssertionError with what is told, if it does not come to hold within PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(told() or "what was waited for did not come")
        time.sleep(GLANCE)


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 where nobody listens, each another one."""
    with ExitStack() as probes:
        found = [probes.enter_context(socket.socket()) for _ in range(count)]
        for probe in found:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in found]


def free_port() -> int:
    """A port of 127.0.0.1 where nobody listens."""
    return free_ports(1)[0]
