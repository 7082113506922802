"""How the feed's rows are written: small documents of their own, each put after the body that it shows.

A process may die between the two. So a row names the save whose place it shows, its `turn`, and the body names the turn that its
row should have: whoever saves the document next, or repairs its kind, sees that the row is behind.
"""

from __future__ import annotations

import threading
import time

import msgspec

from .couch_database import Conflict, Database
from .couch_design import shelf_feed
from .couch_envelope import Envelope, Row
from .couch_names import key_of
from .couch_wire import Interrupted, persist


class Listing(msgspec.Struct, omit_defaults=True):
    """One row of the feed: `shelf` is the feed, and `place` and `moment` the keys, under which the indexes have it.

    A document that left the feed keeps a row that shows nothing.
    """

    turn: int
    row: Row | None = None
    shelf: str | None = None
    place: str | None = None
    moment: str | None = None
    rev: str | None = msgspec.field(name="_rev", default=None)


class PlaceClock:
    """Microseconds since the epoch, each later than the one before. They order the feed for those who read it backwards.

    No rule of a procedure depends on them, and reading forward follows CouchDB's own order, whatever the clocks of machines say.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self) -> int:
        """The time, or a moment after the last answer."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1000)
            return self._last


def list_row(feed: Database, clock: PlaceClock, id: str, envelope: Envelope) -> None:
    """See that the row of the document `id` is that of `envelope` or of a later save. Raises `Unavailable`."""
    if not envelope.turn:
        return
    known: Listing | None = None
    # A new document has no row yet, unless a repair was faster.
    fresh = envelope.turn == envelope.saves == 1

    def attempt() -> None:
        nonlocal known, fresh
        if not fresh:
            known = feed.get(id, Listing)
        fresh = False
        if known and known.turn >= envelope.turn:
            return
        try:
            feed.put(id, listing_of(envelope, id, clock.next()), known.rev if known else None)
        except Conflict as conflict:
            raise Interrupted(f"{feed.name}: {conflict} is being listed by others") from conflict

    persist(attempt)


def listing_of(envelope: Envelope, id: str, instant: int) -> Listing:
    """A new row for the place in the feed that was taken at `instant`."""
    row = envelope.row
    if row is None:
        return Listing(envelope.turn)
    # The keys end in the document's id, so no two rows share one.
    place = key_of(instant, id)
    moment = row.instant and row.instant + place[len(key_of(0)) :]
    return Listing(envelope.turn, row, shelf_feed(row.feed), place, moment)
