"""Where documents are kept. `open_store(url, kinds)` gives a `Store`; its contract is in `base`, its proof in `contract`."""

from __future__ import annotations

from collections.abc import Iterable

from .base import (
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
    TooNew,
    Unavailable,
    Whole,
)
from .couch_names import masked
from .memory import MemoryStore
from .sqlite import SqliteStore

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
    "TooNew",
    "Unavailable",
    "Whole",
    "open_store",
]


def open_store(url: str, kinds: Iterable[Kind] = ()) -> Store:
    """The store at `url`; `Unavailable` if it cannot be opened, ValueError for any other URL.

    - `sqlite:///relative/path.db`, `sqlite:////absolute/path.db`;
    - `couchdb://USER:PASSWORD@HOST:PORT/PREFIX`, `couchdbs://...` for the same over TLS: databases whose names begin with PREFIX;
    - `memory:`, a new and empty one.
    """
    if url == "memory:":
        return MemoryStore(kinds)
    if url.startswith(("couchdb:", "couchdbs:")):
        # Only who keeps documents there needs the client, which Python 3.13 runs with another package's help.
        from .couchdb import CouchStore

        return CouchStore(url, kinds)
    path = url.removeprefix("sqlite:///")
    if path not in ("", url):
        return SqliteStore(path, kinds)
    raise ValueError(
        f"storage.url must be sqlite:///PATH, couchdb://USER:PASSWORD@HOST:PORT/PREFIX or memory:, not {masked(url)!r}"
    )
