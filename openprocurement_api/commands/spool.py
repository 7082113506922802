"""The order of a dump: a table of ids on the disk, so that memory does not grow with the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from ..storage.base import Store
from .failures import Failed

PAGE = 1000
OUTSIDE = -(2**62)
"""The rank of documents outside the feed: before all that are in it, whose ranks are negative too."""


class Spool:
    """Ranks of documents by kind and id; no rank for what the dump has already."""

    def __init__(self) -> None:
        # The empty name is SQLite's for a database in a file of its own that is gone when it is closed.
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("CREATE TABLE place (kind TEXT, id TEXT, rank INTEGER, PRIMARY KEY (kind, id)) WITHOUT ROWID")
        self._db.execute("CREATE INDEX place_rank ON place (kind, rank, id)")
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("BEGIN")
        self._deferred = 0

    def done(self, kind: str, id: str) -> None:
        """Note that the dump has a document."""
        self._note([(kind, id, None)])

    def rank(self, store: Store, kind: str) -> int:
        """Note all other documents of a kind, those in the feed by its order; how many these are.

        The feed is read from its newest row back: whoever moves meanwhile has left the rows that are still to be read, and is
        found among the ids. So each document has one rank.
        """
        cursor, rank = "", 0
        while rows := store.changes(kind, since=cursor, limit=PAGE, descending=True, feed=None):
            self._note([(kind, row.id, rank - number) for number, row in enumerate(rows, 1)])
            cursor, rank = rows[-1].cursor, rank - len(rows)
        last: str | None = None
        while ids := store.ids(kind, after=last, limit=PAGE):
            self._note([(kind, key, OUTSIDE) for key in ids])
            last = ids[-1]
        query = "SELECT count(*) FROM place WHERE kind = ? AND rank IS NOT NULL"
        (left,) = self._db.execute(query, (kind,)).fetchone()
        return int(left)

    def defer(self, kind: str, id: str) -> None:
        """Put a document behind all others."""
        self._deferred += 1
        self._db.execute("UPDATE place SET rank = ? WHERE kind = ? AND id = ?", (self._deferred, kind, id))

    def pages(self, kind: str, limit: int) -> Iterator[dict[str, bool]]:
        """The ids of a kind in the order of their ranks, page by page, and whether each was outside the feed."""
        query = "SELECT rank, id FROM place WHERE kind = ? AND (rank, id) > (?, ?) ORDER BY rank, id LIMIT ?"
        rank, last = OUTSIDE - 1, ""
        while rows := self._db.execute(query, (kind, rank, last, limit)).fetchall():
            rank, last = rows[-1]
            yield {key: place == OUTSIDE for place, key in rows}

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _note(self, rows: list[tuple[str, str, int | None]]) -> None:
        self._db.executemany("INSERT OR IGNORE INTO place VALUES (?, ?, ?)", rows)


@contextmanager
def spooling() -> Iterator[Spool]:
    """A new table for as long as it is needed. Raises Failed for a disk that cannot hold it."""
    try:
        with closing(Spool()) as spool:
            yield spool
    except sqlite3.Error as error:
        raise Failed(f"the table of ids in the folder for temporary files (SQLITE_TMPDIR): {error}") from error
