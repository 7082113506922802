"""How far a mirror is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, Protocol, TextIO

EVERY = 10.0
"""Seconds between two lines."""


class Watch(Protocol):
    """Hears what a mirror does."""

    def stored(self, count: int, modified: str) -> None:
        """So many more documents are in the copy; the last one was changed then."""
        ...

    def say(self, text: str) -> None:
        """Something worth a line."""
        ...

    def close(self) -> None:
        """It is over."""
        ...


class Lines:
    """A line after every ten seconds with news, for logs."""

    def __init__(self, out: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        self.out, self.now = out, now
        self.count, self.next = 0, now() + EVERY

    def stored(self, count: int, modified: str) -> None:
        self.count += count
        if self.now() >= self.next:
            self.say(f"{self.count} documents so far, the last one of {modified}")
            self.next = self.now() + EVERY

    def say(self, text: str) -> None:
        self.out.write(f"mirror: {text}\n")
        self.out.flush()

    def close(self) -> None:
        """Nothing is kept open."""


class Bar:
    """A bar of tqdm without an end: nobody knows how long a feed is."""

    def __init__(self, out: TextIO) -> None:
        from tqdm import tqdm

        self.bar: Any = tqdm(desc="mirror", unit=" documents", file=out, dynamic_ncols=True, mininterval=0.2)

    def stored(self, count: int, modified: str) -> None:
        self.bar.set_postfix_str(modified[:19], refresh=False)
        self.bar.update(count)

    def say(self, text: str) -> None:
        self.bar.write(f"mirror: {text}", file=self.bar.fp)

    def close(self) -> None:
        self.bar.close()


def watching(out: TextIO) -> Watch:
    """A bar if somebody looks, and tqdm is installed; else lines."""
    return Bar(out) if out.isatty() and find_spec("tqdm") else Lines(out)
