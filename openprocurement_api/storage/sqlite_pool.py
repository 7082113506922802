"""Connections to one SQLite file, lent to one caller at a time."""

from __future__ import annotations

import os
import sqlite3
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any
from weakref import WeakSet

from .base import StorageError, Unavailable

# Whoever only reads looks as often as this whether the file is still the one that has this name. A writer always looks.
GLANCE_SECONDS = 1.0
NEVER = float("-inf")

_numbers = count()


class Numbered(sqlite3.Connection):
    """A connection that can say whether anything was saved since it was asked last."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.number = next(_numbers)

    @property
    def state(self) -> str:
        """Other words if anybody has written to the file: SQLite counts commits of others apart from the rows written here."""
        ((commits,),) = self.execute("PRAGMA data_version").fetchall()
        return f"{self.number}.{commits}.{self.total_changes}"


class Pool:
    """A stack of idle connections; when it is empty, one more is opened.

    A borrowed connection belongs to its borrower, so threads and greenlets never share one. Greenlets are never switched inside
    a transaction either: nothing between its first and last statement yields to their loop.
    """

    def __init__(self, path: Path, busy_seconds: float) -> None:
        self._uri = path.absolute().as_uri()
        self._path = path
        self._busy_seconds = busy_seconds
        self._idle: deque[Numbered] = deque()
        self._inherited: list[deque[Numbered]] = []
        self._file: tuple[int, int] | None = None
        self._checked = NEVER
        self._closed = False
        _pools.add(self)

    def open(self) -> Numbered:
        """A new connection in autocommit mode. A missing file is not made: it is a sqlite3.Error."""
        db = sqlite3.connect(
            f"{self._uri}?mode=rw",
            uri=True,
            timeout=self._busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            factory=Numbered,
        )
        # A saved document is a legal fact: a commit is on the disk before anybody hears of it.
        db.execute("PRAGMA synchronous=FULL")
        # Kibibytes. The upper pages of the indexes of a million documents stay in it; SQLite's own 2000 would not hold them.
        db.execute("PRAGMA cache_size=-8000")
        return db

    def connection(self, *, write: bool = False) -> Loan:
        """Borrow a connection. A sqlite3.Error inside becomes `Unavailable`, and that connection is not used again."""
        return Loan(self, write=write)

    @contextmanager
    def transaction(self, *, write: bool = True) -> Iterator[Numbered]:
        """Borrow a connection that holds the file's only write lock; all is committed at the end, or nothing was done.

        Without `write` it holds no lock, and all that is read is of one moment.
        """
        with self.connection(write=write) as db:
            db.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield db
            except StorageError:
                db.execute("ROLLBACK")
                raise
            db.execute("COMMIT")

    def drop_idle(self) -> None:
        """Close the connections that nobody uses now."""
        with suppress(IndexError):
            while True:
                self._idle.pop().close()

    def close(self) -> None:
        """Close what is idle now, the rest when it is given back; lend nothing any more."""
        self._closed = True
        self.drop_idle()

    def take(self, *, write: bool) -> Numbered:
        """An idle connection, or a new one. Raises `Unavailable`."""
        if self._closed:
            raise Unavailable("the store is closed")
        try:
            if write or time.monotonic() - self._checked >= GLANCE_SECONDS:
                self._check_file()
            with suppress(IndexError):
                return self._idle.pop()
            return self.open()
        except (sqlite3.Error, OSError) as error:
            raise self.unavailable(error) from error

    def unavailable(self, error: Exception) -> Unavailable:
        """What SQLite says, as the store's error."""
        return Unavailable(f"{self._path}: {error}")

    def inherit(self) -> None:
        """Begin anew in a child process: SQLite forbids even closing a parent's connection there, so they are kept, unused."""
        self._inherited.append(self._idle)
        self._idle = deque()

    def give(self, db: Numbered) -> None:
        """Take a connection back."""
        if self._closed:
            db.close()
        else:
            self._idle.append(db)

    def _check_file(self) -> None:
        """An open connection goes on writing to a file that was removed, and all of it would be lost at the next start."""
        self._checked = NEVER
        found = self._path.stat()
        if self._file is None:
            self._file = found.st_dev, found.st_ino
        elif self._file != (found.st_dev, found.st_ino):
            raise Unavailable(f"{self._path}: another file has taken its place")
        self._checked = time.monotonic()


class Loan:
    """A connection while it is lent. A class of its own: a generator would cost as much as a search in the file."""

    __slots__ = ("db", "pool", "write")

    def __init__(self, pool: Pool, *, write: bool) -> None:
        self.pool, self.write = pool, write

    def __enter__(self) -> Numbered:
        self.db = self.pool.take(write=self.write)
        return self.db

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if error is None or isinstance(error, StorageError):
            self.pool.give(self.db)
            return
        self.db.close()
        if isinstance(error, sqlite3.Error):
            raise self.pool.unavailable(error) from error


_pools: WeakSet[Pool] = WeakSet()


def _drop_idle_connections() -> None:
    for pool in tuple(_pools):
        pool.drop_idle()


def _inherit() -> None:
    for pool in tuple(_pools):
        pool.inherit()


# A child inherits SQLite's table of locks but not the locks: it must be born without open connections to the file.
os.register_at_fork(before=_drop_idle_connections, after_in_child=_inherit)
