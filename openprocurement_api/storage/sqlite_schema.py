"""The tables of the SQLite store."""

from __future__ import annotations

import sqlite3
import time
from itertools import chain

from .base import Unavailable

RETRY_SECONDS = 0.01

# Bodies and the rows of the feed live apart. A body of 20 KB fills five pages, a row of `place` some 100 bytes, so a listing of
# 1000 rows reads some 30 pages in order instead of 1000 scattered ones, and never a body. The due times, two values a document,
# and rows without summaries are answered from their covering indexes alone and need no table.
#
# `crest` is the latest stamp of any place of the kind up to this one. It rises with `seq` even where stamps do not, so the first
# place with crest >= moment is found by one index search, and no document stamped at the moment or later lies before it.
FIRST = (
    (
        "CREATE TABLE document (kind TEXT NOT NULL, id TEXT NOT NULL, rev TEXT NOT NULL, due INTEGER, body BLOB NOT NULL,"
        " PRIMARY KEY (kind, id))"
    ),
    "CREATE INDEX document_due ON document (kind, due, id) WHERE due IS NOT NULL",
    (
        "CREATE TABLE place (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, feed TEXT NOT NULL, stamp TEXT,"
        " crest INTEGER NOT NULL, summary BLOB NOT NULL, UNIQUE (kind, id))"
    ),
    "CREATE INDEX place_row ON place (kind, feed, seq, id, stamp)",
    "CREATE INDEX place_kind ON place (kind, seq)",
    "CREATE INDEX place_crest ON place (kind, crest, seq)",
    (
        "CREATE TABLE revision (kind TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL, body BLOB NOT NULL,"
        " PRIMARY KEY (kind, id, number)) WITHOUT ROWID"
    ),
    "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL)",
    "INSERT INTO head VALUES (1, 0)",
    "CREATE TABLE declaration (kind TEXT PRIMARY KEY, fields TEXT NOT NULL) WITHOUT ROWID",
)

# The name of the store is part of its cursors: those of a store from whose dump this one was loaded lead to other places here.
SECOND = (
    "ALTER TABLE head ADD COLUMN store TEXT NOT NULL DEFAULT ''",
    "UPDATE head SET store = lower(hex(randomblob(4)))",
)

# Files of earlier programs have another index, which does not hold whole rows. Those programs work with this one just as well.
INDEXES = (
    "CREATE INDEX IF NOT EXISTS place_row ON place (kind, feed, seq, id, stamp)",
    "DROP INDEX IF EXISTS place_feed",
)

STEPS = (FIRST, SECOND)
"""What brings a file from each schema version to the next; a new file has version 0."""
VERSION = len(STEPS)


def prepare(db: sqlite3.Connection, busy_seconds: float) -> None:
    """Bring the tables to this version; any number of processes may do this at once. Raises `Unavailable` for a newer schema."""
    _set_wal(db, time.monotonic() + busy_seconds)
    db.execute("BEGIN IMMEDIATE")
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise Unavailable(f"the file has schema version {version}, this program knows no later one than {VERSION}")
    for statement in chain(*STEPS[version:], INDEXES):
        db.execute(statement)
    if version < VERSION:
        # Even the number that stands there already would be written, and a full disk would keep every process from starting.
        db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("COMMIT")


def _set_wal(db: sqlite3.Connection, deadline: float) -> None:
    """Turn the write-ahead log on, which the file then keeps. Two processes that try at once are refused without any waiting."""
    while True:
        try:
            db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return
