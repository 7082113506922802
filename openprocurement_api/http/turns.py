"""Writers of one process who lost a race for a document then go one by one: else each round of a hundred has one winner.

It is a courtesy. What is stored rests on the store's compare-and-swap alone, which writers of other processes meet as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

PATIENCE = 10.0
"""Seconds after which a writer goes without its turn: one before it may hang on a store that does not answer."""


class Turns:
    """A lock for each document that somebody waits for, and none for the others."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._queues: dict[str, tuple[Lock, int]] = {}

    def __len__(self) -> int:
        return len(self._queues)

    @contextmanager
    def of(self, id: str, patience: float = PATIENCE) -> Iterator[bool]:
        """Wait for the turn of this writer, and keep it; False if it did not come in time."""
        with self._guard:
            lock, waiting = self._queues.get(id, (Lock(), 0))
            self._queues[id] = lock, waiting + 1
        mine = lock.acquire(timeout=patience)
        try:
            yield mine
        finally:
            if mine:
                lock.release()
            with self._guard:
                lock, waiting = self._queues.pop(id)
                if waiting > 1:
                    self._queues[id] = lock, waiting - 1
