"""Every way in which a store can fail."""

from __future__ import annotations


class StorageError(Exception):
    """Whatever a store may raise about its state; bad arguments are `ValueError`."""


class Missing(StorageError):
    """Nothing is kept under this kind and id."""


class RevConflict(StorageError):
    """The document is not at the revision the caller expected; nothing was written."""


class BadCursor(StorageError):
    """The cursor is not one that this store has given out."""


class TooNew(StorageError):
    """The document has a shape that only a later version of this program knows. It is not guessed at."""


class Unavailable(StorageError):
    """The store cannot do its work now: driver failure, full disk, locked for too long. `reason` says which."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
