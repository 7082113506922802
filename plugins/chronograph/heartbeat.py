"""A sign of life in the store, from which the health page tells when a chronograph last looked at everything that was due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from openprocurement_api.domain.timing import moment
from openprocurement_api.storage.base import Kind, Missing, RevConflict, Store, Stored

HEARTBEAT = Kind("chronograph", stamp="seen")
ID = "heartbeat"
EVERY = timedelta(seconds=30)


class Heartbeat:
    """Beats at most every 30 s, whatever the number of copies."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._next: datetime | None = None

    def beat(self, now: datetime) -> None:
        """Write down that everything due was looked at. Raises Unavailable."""
        if self._next and now < self._next:
            return
        self._next = now + EVERY
        stored = last(self.store)
        seen = moment(stored.body["seen"]) if stored else None
        if seen and now < seen + EVERY:
            return
        try:
            body = {"id": ID, "seen": now.isoformat()}
            self.store.put(HEARTBEAT.name, ID, body, expect=stored.rev if stored else None)
        except RevConflict:
            return  # another copy has just written the same


def last(store: Store) -> Stored | None:
    """The last sign of life; None if there never was one."""
    try:
        return store.get(HEARTBEAT.name, ID)
    except Missing:
        return None


def facts(store: Store, now: datetime) -> dict[str, Any]:
    """For the health page: when the last sign of life was, and how many seconds ago. Raises Unavailable."""
    stored = last(store)
    if stored is None:
        return {"chronograph": "never seen"}
    seen = datetime.fromisoformat(stored.body["seen"])
    return {"chronograph": {"seen": stored.body["seen"], "age": max((now - seen).total_seconds(), 0.0)}}
