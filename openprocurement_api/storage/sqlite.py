"""The store in one SQLite file, for any number of threads, greenlets and processes on one machine."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from secrets import token_hex

from . import codec
from .base import Change, Doc, Kind, Missing, Rev, RevConflict, Revision, Stored, Unavailable, Whole
from .index import Kinds, bound_of, cursor_of, entry_of, gap_before, microseconds, moment_of, next_rev
from .sqlite_bulk import put_whole, whole
from .sqlite_index import NO_CREST, place, reindex
from .sqlite_pool import Pool
from .sqlite_schema import prepare

# How long a writer waits for the one before it, in seconds.
BUSY_SECONDS = 30.0

# Above every sequence number: where a descending listing starts.
NO_BOUND = 2**63 - 1

REVISIONS_PAGE = 100


class SqliteStore:
    """See `Store`. A missing file and its folder are made; `Unavailable` if that fails or the file is of a later version."""

    def __init__(self, path: str | Path, kinds: Iterable[Kind] = (), *, busy_seconds: float = BUSY_SECONDS) -> None:
        self._kinds = Kinds({kind.name: kind for kind in kinds})
        self.pool = Pool(Path(path), busy_seconds)
        _create(Path(path), self.pool, busy_seconds)
        reindex(self.pool, self._kinds.values())

    def get(self, kind: str, id: str) -> Stored:
        with self.pool.connection() as db:
            row = db.execute("SELECT rev, body FROM document WHERE kind = ? AND id = ?", (kind, id)).fetchone()
        if row is None:
            raise Missing(f"there is no {kind} {id}")
        return Stored(id, Rev(row[0]), row[1], self._kinds[kind].steps)

    def rev(self, kind: str, id: str) -> Rev:
        with self.pool.connection() as db:
            row = db.execute("SELECT rev FROM document WHERE kind = ? AND id = ?", (kind, id)).fetchone()
        if row is None:
            raise Missing(f"there is no {kind} {id}")
        return Rev(row[0])

    def state(self, kind: str) -> str | None:
        with self.pool.connection() as db:
            return db.state

    def put(self, kind: str, id: str, body: Doc, *, expect: Rev | None, revision: Doc | None = None) -> Stored:
        # Everything slow is done before the write lock is taken.
        declared = self._kinds[kind]
        stored, entry = Stored(id, next_rev(expect), codec.encode(body), declared.steps), entry_of(declared, body)
        patch = None if revision is None else codec.encode(revision)
        with self.pool.transaction() as db:
            _swap(db, kind, stored, expect, entry.due)
            place(db, kind, id, entry)
            if patch is not None:
                _append_revision(db, kind, id, patch)
        return stored

    def changes(
        self,
        kind: str,
        *,
        since: str = "",
        limit: int = 100,
        descending: bool = False,
        feed: str | None = "",
        summaries: bool = True,
    ) -> list[Change]:
        compare, order = ("<", "DESC") if descending else (">", "ASC")
        where, key = ("kind = ?", (kind,)) if feed is None else ("kind = ? AND feed = ?", (kind, feed))
        # Only words of ours are put into the text.
        summary = "summary" if summaries else "CAST('{}' AS BLOB)"
        query = f"SELECT seq, id, stamp, {summary} FROM place WHERE {where} AND seq {compare} ? ORDER BY seq {order} LIMIT ?"  # noqa: S608
        with self.pool.connection() as db:
            name, newest = _head(db)
            bound = bound_of(since, name, newest, descending=descending) if since else (NO_BOUND if descending else 0)
            rows = db.execute(query, (*key, bound, limit)).fetchall()
        sign = partial(cursor_of, store=name)
        return [Change(key, stamp, text, seq, sign) for seq, key, stamp, text in rows]

    def cursor_at(self, kind: str, moment: datetime) -> str:
        # One statement sees one state of the file: no document can slip in between the search and the newest number.
        query = (
            "SELECT coalesce((SELECT seq FROM place WHERE kind = ? AND crest >= ? ORDER BY crest, seq LIMIT 1), head.seq + 1),"
            " head.store FROM head"
        )
        with self.pool.connection() as db:
            sequence, name = db.execute(query, (kind, microseconds(moment))).fetchone()
        return gap_before(sequence, name)

    def due(
        self, kind: str, *, until: datetime, limit: int = 100, after: tuple[datetime, str] | None = None
    ) -> list[tuple[datetime, str]]:
        start = (microseconds(after[0]), after[1]) if after else (NO_CREST, "")
        query = "SELECT due, id FROM document WHERE kind = ? AND due <= ? AND (due, id) > (?, ?) ORDER BY due, id LIMIT ?"
        with self.pool.connection() as db:
            rows = db.execute(query, (kind, microseconds(until), *start, limit)).fetchall()
        return [(moment_of(instant), key) for instant, key in rows]

    def revisions(self, kind: str, id: str) -> Iterator[Revision]:
        query = "SELECT number, body FROM revision WHERE kind = ? AND id = ? AND number > ? ORDER BY number LIMIT ?"
        last, full = 0, True
        while full:
            # A page is read whole, so a reader who stops halfway leaves no connection behind.
            with self.pool.connection() as db:
                rows = db.execute(query, (kind, id, last, REVISIONS_PAGE)).fetchall()
            for last, raw in rows:
                yield Revision(last, codec.decode(raw))
            full = len(rows) == REVISIONS_PAGE

    def count(self, name: str) -> int:
        query = "INSERT INTO counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
        with self.pool.transaction() as db:
            ((value,),) = db.execute(query, (name,)).fetchall()
        return int(value)

    def kinds(self) -> list[str]:
        with self.pool.connection() as db:
            return sorted({*self._kinds, *(name for (name,) in db.execute("SELECT DISTINCT kind FROM document"))})

    def ids(self, kind: str, *, after: str | None = None, limit: int = 1000) -> list[str]:
        compare, start = (">=", "") if after is None else (">", after)
        # Only words of ours are put into the text.
        query = f"SELECT id FROM document WHERE kind = ? AND id {compare} ? ORDER BY id LIMIT ?"  # noqa: S608
        with self.pool.connection() as db:
            return [key for (key,) in db.execute(query, (kind, start, limit))]

    def wholes(self, kind: str, ids: Sequence[str]) -> list[Whole]:
        with self.pool.transaction(write=False) as db:
            return [found for key in ids if (found := whole(db, kind, key))]

    def restore(self, kind: str, wholes: Sequence[Whole], *, first: int = 1) -> None:
        entries = [entry_of(self._kinds[kind], codec.decode(whole.raw)) for whole in wholes]
        with self.pool.transaction() as db:
            for given, entry in zip(wholes, entries, strict=True):
                put_whole(db, kind, given, entry)

    def counters(self) -> dict[str, int]:
        with self.pool.connection() as db:
            return dict(db.execute("SELECT name, value FROM counter ORDER BY name").fetchall())

    def raise_counters(self, values: Mapping[str, int]) -> None:
        query = "INSERT INTO counter VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)"
        with self.pool.transaction() as db:
            db.executemany(query, values.items())

    def ping(self) -> None:
        with self.pool.connection() as db:
            _head(db)

    def close(self) -> None:
        self.pool.close()


def _lay(path: Path) -> None:
    """Make the empty file, if nobody else does. It is for what is sealed: only its owner may read it, and the files beside it.

    It is closed before it has its name: a process that closes a file under SQLite's hands loses all its locks on it.
    """
    new = path.with_name(f"{path.name}.{token_hex(8)}")
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with suppress(FileExistsError):
            os.link(new, path)
    finally:
        new.unlink()


def _create(path: Path, pool: Pool, busy_seconds: float) -> None:
    """Make the file and its tables where they are missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _lay(path)
        db = pool.open()
        try:
            prepare(db, busy_seconds)
        finally:
            db.close()
    except (OSError, sqlite3.Error) as error:
        raise Unavailable(f"{path}: {error}") from error


def _swap(db: sqlite3.Connection, kind: str, stored: Stored, expect: Rev | None, due: int | None) -> None:
    """Write the document if it is at revision `expect`, else raise RevConflict."""
    if expect is None:
        query = "INSERT INTO document (rev, due, body, kind, id) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        done = db.execute(query, (stored.rev, due, stored.raw, kind, stored.id))
    else:
        query = "UPDATE document SET rev = ?, due = ?, body = ? WHERE kind = ? AND id = ? AND rev = ?"
        done = db.execute(query, (stored.rev, due, stored.raw, kind, stored.id, expect))
    if not done.rowcount:
        raise RevConflict(f"{kind} {stored.id} is not at revision {expect}")


def _append_revision(db: sqlite3.Connection, kind: str, id: str, patch: bytes) -> None:
    query = (
        "INSERT INTO revision (kind, id, number, body)"
        " SELECT ?1, ?2, 1 + coalesce((SELECT max(number) FROM revision WHERE kind = ?1 AND id = ?2), 0), ?3"
    )
    db.execute(query, (kind, id, patch))


def _head(db: sqlite3.Connection) -> tuple[str, int]:
    """The name of the store, and the number of the newest place in its feeds."""
    name, sequence = db.execute("SELECT store, seq FROM head").fetchone()
    return str(name), int(sequence)
