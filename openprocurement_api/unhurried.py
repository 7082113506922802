"""Reading much without stopping everybody else in a worker of greenlets: half a gigabyte takes seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import IO

TURN = 1 << 16
"""Bytes that are read before others have their turn."""


class Unhurried:
    """A file, or what is sent, read so that others have their turn after each TURN bytes."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._left = source, TURN

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        return self.taken(self._source.read, size)

    def readline(self, size: int = -1, /) -> bytes:
        """The next line, or the first bytes of it."""
        return self.taken(self._source.readline, size)

    def taken(self, read: Callable[[int], bytes], size: int) -> bytes:
        """What one of the source's methods reads."""
        found = read(size)
        self._left -= len(found)
        if self._left <= 0:
            self._left = TURN
            time.sleep(0)
        return found
