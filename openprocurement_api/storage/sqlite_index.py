"""How the SQLite store writes its index, and writes it anew when a kind is declared otherwise than before."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from . import codec
from .base import Kind
from .index import Entry, declared, entry_of
from .sqlite_pool import Pool

# Below every stamp: the crest of places before which nothing was stamped.
NO_CREST = -(2**63)

BATCH = 500


def place(db: sqlite3.Connection, kind: str, id: str, entry: Entry) -> None:
    """Put a document at its place in the feed, or take it out. `db` is in a transaction."""
    old = db.execute("SELECT seq, feed, stamp FROM place WHERE kind = ? AND id = ?", (kind, id)).fetchone()
    if old and entry.stays(old[1], old[2]):
        db.execute("UPDATE place SET summary = ? WHERE seq = ?", (entry.summary, old[0]))
        return
    if old:
        db.execute("DELETE FROM place WHERE seq = ?", (old[0],))
    if entry.listed:
        # The counter is raised under the write lock, so the order of numbers is the order of commits.
        ((seq,),) = db.execute("UPDATE head SET seq = seq + 1 RETURNING seq").fetchall()
        row = (seq, kind, id, entry.feed, entry.stamp, _crest(db, kind, entry), entry.summary)
        db.execute("INSERT INTO place (seq, kind, id, feed, stamp, crest, summary) VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def reindex(pool: Pool, kinds: Iterable[Kind]) -> None:
    """Read every document of a kind whose declaration differs from the one its index was made by.

    Works in batches so that other processes can write in between, and starts anew if it is interrupted.
    """
    for kind in kinds:
        fields = codec.encode(declared(kind)).decode()
        with pool.connection() as db:
            found = db.execute("SELECT fields FROM declaration WHERE kind = ?", (kind.name,)).fetchone()
        if found == (fields,):
            continue
        last: str | None = ""
        while last is not None:
            last = _reindex_batch(pool, kind, last)
        with pool.transaction() as db:
            db.execute("INSERT OR REPLACE INTO declaration (kind, fields) VALUES (?, ?)", (kind.name, fields))


def _reindex_batch(pool: Pool, kind: Kind, after: str) -> str | None:
    """Index the documents that follow the id `after`; the last id, or None after the last batch."""
    query = "SELECT id, body FROM document WHERE kind = ? AND id > ? ORDER BY id LIMIT ?"
    with pool.transaction() as db:
        rows = db.execute(query, (kind.name, after, BATCH)).fetchall()
        for key, raw in rows:
            entry = entry_of(kind, codec.decode(raw))
            place(db, kind.name, key, entry)
            db.execute("UPDATE document SET due = ? WHERE kind = ? AND id = ?", (entry.due, kind.name, key))
    return rows[-1][0] if len(rows) == BATCH else None


def _crest(db: sqlite3.Connection, kind: str, entry: Entry) -> int:
    newest = db.execute("SELECT crest FROM place WHERE kind = ? ORDER BY seq DESC LIMIT 1", (kind,)).fetchone()
    return max(newest[0] if newest else NO_CREST, NO_CREST if entry.instant is None else entry.instant)
