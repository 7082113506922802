"""Many tenders, quickly: many in a transaction where the store has such, with a progress bar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from openprocurement_api.engine import DUE
from openprocurement_api.storage import codec
from openprocurement_api.storage.base import Doc, Kind, Store
from openprocurement_api.storage.index import entry_of, next_rev
from openprocurement_api.storage.sqlite import SqliteStore
from openprocurement_api.storage.sqlite_index import place

from .documents import Sample

WAITING = 100
"""Tenders that the chronograph has to look at now."""
BATCH = 1000


def load(store: Store, kind: Kind, bodies: Iterable[Doc]) -> None:
    """Add documents that are not there: a thousand in a transaction on SQLite, one by one elsewhere."""
    if not isinstance(store, SqliteStore):
        for body in bodies:
            store.put(kind.name, body["id"], body, expect=None)
        return
    rest = iter(bodies)
    while batch := list(islice(rest, BATCH)):
        with store.pool.transaction() as db:
            for body in batch:
                entry = entry_of(kind, body)
                row = (next_rev(None), entry.due, codec.encode(body), kind.name, body["id"])
                db.execute("INSERT INTO document (rev, due, body, kind, id) VALUES (?, ?, ?, ?, ?)", row)
                place(db, kind.name, body["id"], entry)


def tenders(sample: Sample, size: int, now: datetime) -> Iterator[Doc]:
    """Copies of a sample: a hundred of them due, the others one second after the other from tomorrow on."""
    for number in range(size):
        due = now - timedelta(hours=1) if number < WAITING else now + timedelta(days=1, seconds=number)
        yield sample.copy(number) | {"next_check": due.isoformat(), DUE: due.isoformat()}
