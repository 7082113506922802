"""Which revisions were read lately, with their ETags: whether a document is still the same then costs CouchDB a short answer."""

from __future__ import annotations

from threading import Lock

from cachetools import LRUCache

from .couch_database import Database, Seen
from .couch_envelope import Kept, Revised

# Some 400 bytes each.
REMEMBERED = 10_000


class Recent:
    """Reads documents and revisions of any database, and asks only for what has changed. Threads and greenlets share it."""

    def __init__(self) -> None:
        self._seen: LRUCache[tuple[str, str], Seen[Revised]] = LRUCache(REMEMBERED)
        self._lock = Lock()

    def document(self, bodies: Database, id: str) -> Kept | None:
        """A document, or None."""
        seen = bodies.look(id, Kept)
        if seen is None:
            return None
        self._remember(bodies, id, Seen(Revised(seen.value.rev), seen.etag))
        return seen.value

    def rev(self, bodies: Database, id: str) -> str | None:
        """The revision of a document, or None."""
        with self._lock:
            last = self._seen.get((bodies.name, id))
        seen = bodies.look(id, Revised, last)
        if seen is None:
            return None
        if seen is not last:
            self._remember(bodies, id, seen)
        return seen.value.rev

    def _remember(self, bodies: Database, id: str, seen: Seen[Revised]) -> None:
        with self._lock:
            self._seen[bodies.name, id] = seen
