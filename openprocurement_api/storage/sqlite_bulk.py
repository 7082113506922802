"""Documents with their whole history, as the SQLite store gives and takes them."""

from __future__ import annotations

import sqlite3

from .base import RevConflict, Whole
from .index import Entry, next_rev
from .sqlite_index import place


def whole(db: sqlite3.Connection, kind: str, id: str) -> Whole | None:
    """A document with its history, or None. `db` is in a transaction."""
    row = db.execute("SELECT body FROM document WHERE kind = ? AND id = ?", (kind, id)).fetchone()
    if row is None:
        return None
    revisions = db.execute("SELECT body FROM revision WHERE kind = ? AND id = ? ORDER BY number", (kind, id))
    return Whole(id, row[0], tuple(body for (body,) in revisions))


def put_whole(db: sqlite3.Connection, kind: str, given: Whole, entry: Entry) -> None:
    """Write a document that is not there yet; RevConflict if another one is. `db` is in a transaction."""
    found = whole(db, kind, given.id)
    if found == given:
        return
    if found:
        raise RevConflict(f"{kind} {given.id} is kept otherwise")
    row = (next_rev(None), entry.due, given.raw, kind, given.id)
    db.execute("INSERT INTO document (rev, due, body, kind, id) VALUES (?, ?, ?, ?, ?)", row)
    revisions = [(kind, given.id, number, body) for number, body in enumerate(given.revisions, 1)]
    db.executemany("INSERT INTO revision (kind, id, number, body) VALUES (?, ?, ?, ?)", revisions)
    place(db, kind, given.id, entry)
