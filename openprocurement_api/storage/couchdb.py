"""The store in Apache CouchDB 3, on one node or a cluster, for any number of threads, greenlets, processes and machines."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog

from . import codec
from .base import Change, Doc, Kind, Missing, Rev, Revision, Stored, Unavailable, Whole
from .couch_bulk import restore, wholes
from .couch_counters import count, counted, raise_to, secret_of
from .couch_cursor import Signer
from .couch_database import Database
from .couch_design import DESIGN, Shelf, create
from .couch_envelope import Envelope, Kept, envelope_of
from .couch_feed import TOP, FeedReader
from .couch_listing import PlaceClock, list_row
from .couch_names import Address, doc_id, id_of, instant_of, key_of
from .couch_recent import Recent
from .couch_repair import repair
from .couch_saving import Archived, archive, archive_id, current, save
from .couch_wire import CONNECT_SECONDS, READ_SECONDS, Wire
from .index import Kinds, entry_of, microseconds, moment_of

REVISIONS_PAGE = 100

# How old the last repair may be, in seconds, when the clock asks what is due.
REPAIR_SECONDS = 60.0

log = structlog.get_logger(__name__)


class _Opened(NamedTuple):
    shelf: Shelf
    feed: FeedReader


class CouchStore:
    """See `Store`. Missing databases and indexes are made if the URL's user may do that; else `Unavailable` (see `init_db`).

    `connect_seconds` and `read_seconds` limit each wait for the server.
    """

    def __init__(
        self,
        url: str,
        kinds: Iterable[Kind] = (),
        *,
        connect_seconds: float = CONNECT_SECONDS,
        read_seconds: float = READ_SECONDS,
    ) -> None:
        self._kinds = Kinds({kind.name: kind for kind in kinds})
        self._wire = Wire(Address.parse(url), connect_seconds, read_seconds)
        self._counters = Database(self._wire, self._wire.address.counters)
        self._opened: dict[str, _Opened] = {}
        self._behind: set[str] = set()
        self._copied: set[str] = set()
        self._repaired: dict[str, float] = {}
        self._clock = PlaceClock()
        self._recent = Recent()
        try:
            create(self._counters)
            self._secret = secret_of(self._counters)
            for name in self._kinds:
                self.repair(name)
        except BaseException:
            self._wire.close()
            raise

    def __repr__(self) -> str:
        return f"<CouchStore {self._wire.address}>"

    def get(self, kind: str, id: str) -> Stored:
        found = self._recent.document(self._open(kind).shelf.bodies, doc_id(id))
        if found is None:
            raise Missing(f"there is no {kind} {id}")
        return found.stored(self._kinds[kind].steps)

    def rev(self, kind: str, id: str) -> Rev:
        # Lists of revisions are read from one copy, which may be behind; only a document is read from a quorum of them.
        found = self._recent.rev(self._open(kind).shelf.bodies, doc_id(id))
        if found is None:
            raise Missing(f"there is no {kind} {id}")
        return Rev(found)

    def state(self, kind: str) -> str | None:
        # Copies of a database may be behind one another: that of which the state was told, and that from which a page was read.
        if kind in self._behind or kind in self._copied:
            return None
        shelf = self._open(kind).shelf
        found = [database.info() for database in (shelf.bodies, shelf.feed)]
        if any(info.cluster.n > 1 for info in found):
            self._copied.add(kind)
            return None
        return " ".join(str(info.update_seq) for info in found)

    def put(self, kind: str, id: str, body: Doc, *, expect: Rev | None, revision: Doc | None = None) -> Stored:
        raw, entry = codec.encode(body), entry_of(self._kinds[kind], body)
        patch = None if revision is None else codec.encode(revision)
        shelf, key = self._open(kind).shelf, doc_id(id)
        before = None if expect is None else current(shelf.bodies, key, expect)
        if before and patch is not None:
            archive(shelf.history, key, before)
        envelope = envelope_of(before, key, raw, entry, patch)
        rev = save(shelf.bodies, key, envelope, expect)
        self._list(shelf, key, envelope)
        return Stored(id, rev, raw, self._kinds[kind].steps)

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
        if kind in self._behind:
            self.repair(kind)
        return self._open(kind).feed.page(since, limit, feed, descending=descending)

    def cursor_at(self, kind: str, moment: datetime) -> str:
        return self._open(kind).feed.cursor_at(microseconds(moment))

    def due(
        self, kind: str, *, until: datetime, limit: int = 100, after: tuple[datetime, str] | None = None
    ) -> list[tuple[datetime, str]]:
        start = key_of(microseconds(after[0]), doc_id(after[1])) if after else ""
        end = key_of(microseconds(until)) + TOP
        # CouchDB takes a range that cannot hold a row for a mistake.
        if start > end:
            return []
        self._tend(kind)
        page = self._open(kind).shelf.bodies.view(DESIGN, "due", startkey=start, endkey=end, limit=limit + 1)
        rows = [row for row in page.rows if row.key != start][:limit]
        return [(moment_of(instant_of(row.key)), id_of(row.id)) for row in rows]

    def revisions(self, kind: str, id: str) -> Iterator[Revision]:
        shelf, key = self._open(kind).shelf, doc_id(id)
        found = shelf.bodies.get(key, Kept)
        if found is None:
            return
        for first in range(1, found.archived + 1, REVISIONS_PAGE):
            numbers = range(first, min(first + REVISIONS_PAGE, found.archived + 1))
            texts = shelf.history.several([archive_id(key, number) for number in numbers], Archived)
            for number, text in zip(numbers, texts, strict=True):
                if text is None:
                    raise Unavailable(f"{shelf.history.name}: revision {number} of {id} cannot be read")
                yield Revision(number, codec.decode(text.revision.encode()))
        if found.pending is not None:
            yield Revision(found.history, codec.decode(found.pending.encode()))

    def count(self, name: str) -> int:
        return count(self._counters, name)

    def kinds(self) -> list[str]:
        # The server tells the names of all databases to administrators only.
        return sorted({*self._kinds, *self._opened})

    def ids(self, kind: str, *, after: str | None = None, limit: int = 1000) -> list[str]:
        found = self._open(kind).shelf.bodies.ids(None if after is None else doc_id(after), limit)
        return [id_of(key) for key in found]

    def wholes(self, kind: str, ids: Sequence[str]) -> list[Whole]:
        return wholes(self._open(kind).shelf, [doc_id(key) for key in ids])

    def restore(self, kind: str, wholes: Sequence[Whole], *, first: int = 1) -> None:
        restore(self._open(kind).shelf, wholes, first)

    def counters(self) -> dict[str, int]:
        return counted(self._counters)

    def raise_counters(self, values: Mapping[str, int]) -> None:
        for name, value in values.items():
            raise_to(self._counters, name, value)

    def repair(self, kind: str) -> None:
        """List the documents whose writers died between saving and listing them. Raises `Unavailable`.

        Opening a store does this for its declared kinds; `due` does it once a minute, since the clock asks that again and again.
        """
        repair(self._open(kind).shelf, self._clock)
        self._behind.discard(kind)
        self._repaired[kind] = time.monotonic()

    def ping(self) -> None:
        if not self._counters.exists():
            raise Unavailable(f"{self._wire.address}: there is no database {self._counters.name}")

    def close(self) -> None:
        self._wire.close()

    def _open(self, kind: str) -> _Opened:
        opened = self._opened.get(kind)
        if opened is None:
            # Two threads may do this at once: making what is there already changes nothing.
            shelf = Shelf(self._wire, self._kinds[kind])
            shelf.prepare()
            opened = self._opened[kind] = _Opened(shelf, FeedReader(shelf.feed, Signer(self._secret, kind)))
        return opened

    def _tend(self, kind: str) -> None:
        """Repair the kind if nobody here did so for a while. What is due is told even if that fails."""
        now = time.monotonic()
        if now - self._repaired.get(kind, -REPAIR_SECONDS) < REPAIR_SECONDS:
            return
        self._repaired[kind] = now
        try:
            self.repair(kind)
        except Unavailable as error:
            log.warning("not_repaired", MESSAGE_ID="not_repaired", kind=kind, reason=error.reason)

    def _list(self, shelf: Shelf, key: str, envelope: Envelope) -> None:
        """List what has just been saved. If that fails, the save is done all the same, and the row is made good later."""
        try:
            list_row(shelf.feed, self._clock, key, envelope)
        except Unavailable as error:
            self._behind.add(shelf.kind.name)
            kind, document = shelf.kind.name, id_of(key)
            log.warning("not_listed_yet", MESSAGE_ID="not_listed_yet", kind=kind, document_id=document, reason=error.reason)
