"""A copy in SQLite: one row a document, and where the feed was in the same transaction. One file may hold several kinds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..cursor import Place
from ..errors import ClientError
from .copies import CopyError, Document, Origin, alone

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT NOT NULL, id TEXT NOT NULL, dateModified TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS copies (kind TEXT PRIMARY KEY, url TEXT NOT NULL, mode TEXT NOT NULL, place TEXT NOT NULL);
"""
PATIENCE = 30.0
"""Seconds to wait for another writer of the file."""


class Sqlite:
    """See Copy. The table `documents` has `kind`, `id`, `dateModified` and `body`, JSON for SQLite's own functions."""

    def __init__(self, path: Path, origin: Origin, *, moved: bool = False) -> None:
        self.path, self.origin = path, origin
        with ExitStack() as opened:
            opened.enter_context(alone(path.with_name(f"{path.name}.{origin.kind}.lock")))
            with self._told():
                self._db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
                opened.callback(self._db.close)
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.executescript(SCHEMA)
            self._place = self._kept(moved=moved)
            self._open = opened.pop_all()

    @property
    def place(self) -> Place | None:
        return self._place

    def store(self, documents: Sequence[Document], place: Place) -> None:
        rows = [(self.origin.kind, d.id, d.modified, d.text.decode()) for d in documents]
        with self._told():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._db.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)", rows)
                self._db.execute(
                    "INSERT OR REPLACE INTO copies VALUES (?, ?, ?, ?)",
                    (self.origin.kind, self.origin.url, self.origin.mode, place.dumps()),
                )
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
        self._place = place

    def settle(self) -> None:
        """Nothing is left lying about."""

    def close(self) -> None:
        self._open.close()

    def __len__(self) -> int:
        with self._told():
            (count,) = self._db.execute("SELECT count(*) FROM documents WHERE kind = ?", (self.origin.kind,)).fetchone()
        return int(count)

    def _kept(self, *, moved: bool) -> Place | None:
        with self._told():
            row = self._db.execute("SELECT url, mode, place FROM copies WHERE kind = ?", (self.origin.kind,)).fetchone()
        if row is None:
            return None
        self.origin.insist(Origin(row[0], self.origin.kind, row[1]), moved=moved)
        try:
            return Place.loads(row[2])
        except ClientError as error:
            raise CopyError(f"{self.path}: {error}") from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise CopyError(f"{self.path}: {error}") from error
