"""Many tenders, quickly: copies of one, through the store's bulk path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from openprocurement_api.engine import DUE
from openprocurement_api.storage import codec
from openprocurement_api.storage.base import Doc, Store, Whole

from .documents import Sample

WAITING = 100
"""Tenders that the chronograph has to look at now."""
BATCH = 500


def load(store: Store, kind: str, bodies: Iterable[Doc], first: int) -> int:
    """Add documents, of which the first is this one of all that are ever added so; returns the number of the next."""
    rest = iter(bodies)
    while batch := [Whole(body["id"], codec.encode(body)) for body in islice(rest, BATCH)]:
        store.restore(kind, batch, first=first)
        first += len(batch)
    return first


def tenders(sample: Sample, size: int, now: datetime) -> Iterator[Doc]:
    """Copies of a sample: a hundred of them due, the others one second after the other from tomorrow on."""
    for number in range(size):
        due = now - timedelta(hours=1) if number < WAITING else now + timedelta(days=1, seconds=number)
        yield sample.copy(number) | {"next_check": due.isoformat(), DUE: due.isoformat()}
