"""Where documents are kept. `open_store(url, kinds)` gives a `Store`; its contract is in `base`, its proof in `contract`."""

from __future__ import annotations

from collections.abc import Iterable

from openprocurement_api.storage.base import (
    BadCursor,
    Change,
    Doc,
    Kind,
    Missing,
    Rev,
    RevConflict,
    Revision,
    StorageError,
    Store,
    Stored,
    Unavailable,
)
from openprocurement_api.storage.memory import MemoryStore
from openprocurement_api.storage.sqlite import SqliteStore

__all__ = [
    "BadCursor",
    "Change",
    "Doc",
    "Kind",
    "Missing",
    "Rev",
    "RevConflict",
    "Revision",
    "StorageError",
    "Store",
    "Stored",
    "Unavailable",
    "open_store",
]


def open_store(url: str, kinds: Iterable[Kind] = ()) -> Store:
    """The store at `url`: `sqlite:///relative/path.db`, `sqlite:////absolute/path.db` or `memory:` (a new, empty one).

    Raises ValueError for any other URL and `Unavailable` if the store cannot be opened.
    """
    if url == "memory:":
        return MemoryStore(kinds)
    path = url.removeprefix("sqlite:///")
    if path not in ("", url):
        return SqliteStore(path, kinds)
    raise ValueError(f"storage.url must be sqlite:///PATH or memory:, not {url!r}")
