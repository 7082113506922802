"""A store in memory, for tests. It encodes and decodes like the others, so that no test passes on shared objects."""

from __future__ import annotations

import secrets
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from . import codec
from .base import Change, Doc, Kind, Missing, Rev, RevConflict, Revision, Stored, Unavailable, Whole
from .index import (
    Entry,
    Kinds,
    bound_of,
    cursor_of,
    entry_of,
    gap_before,
    microseconds,
    moment_of,
    next_rev,
)


@dataclass(frozen=True, slots=True)
class _Row:
    stored: Stored
    entry: Entry
    sequence: int


class MemoryStore:
    """See `Store`. Listings sort all documents of the kind, which is fine for the sizes of tests."""

    def __init__(self, kinds: Iterable[Kind] = ()) -> None:
        self._kinds = Kinds({kind.name: kind for kind in kinds})
        self._lock = threading.Lock()
        self._rows: dict[str, dict[str, _Row]] = defaultdict(dict)
        self._history: dict[tuple[str, str], list[bytes]] = defaultdict(list)
        self._counters: dict[str, int] = defaultdict(int)
        self._sequence = self._saves = 0
        self._name = secrets.token_hex(4)
        self._closed = False

    def get(self, kind: str, id: str) -> Stored:
        try:
            return self._of(kind)[id].stored
        except KeyError:
            raise Missing(f"there is no {kind} {id}") from None

    def rev(self, kind: str, id: str) -> Rev:
        return self.get(kind, id).rev

    def state(self, kind: str) -> str | None:
        self.ping()
        return str(self._saves)

    def put(self, kind: str, id: str, body: Doc, *, expect: Rev | None, revision: Doc | None = None) -> Stored:
        raw, entry = codec.encode(body), entry_of(self._kinds[kind], body)
        patch = None if revision is None else codec.encode(revision)
        stored = Stored(id, next_rev(expect), raw, self._kinds[kind].steps)
        with self._lock:
            rows = self._of(kind)
            old = rows.get(id)
            if (old.stored.rev if old else None) != expect:
                raise RevConflict(f"{kind} {id} is not at revision {expect}")
            rows[id] = _Row(stored, entry, self._place(old, entry))
            self._saves += 1
            if patch is not None:
                self._history[kind, id].append(patch)
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
        with self._lock:
            bound = bound_of(since, self._name, self._sequence, descending=descending) if since else None
            rows = [row for row in self._of(kind).values() if row.entry.listed and feed in (None, row.entry.feed)]
        rows.sort(key=lambda row: row.sequence, reverse=descending)
        if bound is not None:
            rows = [row for row in rows if (row.sequence < bound if descending else row.sequence > bound)]
        sign = partial(cursor_of, store=self._name)
        return [Change(row.stored.id, row.entry.stamp, row.entry.summary, row.sequence, sign) for row in rows[:limit]]

    def cursor_at(self, kind: str, moment: datetime) -> str:
        instant = microseconds(moment)
        with self._lock:
            entries = [(row.sequence, row.entry) for row in self._of(kind).values() if row.entry.listed]
            later = [place for place, entry in entries if entry.instant is not None and entry.instant >= instant]
            return gap_before(min(later, default=self._sequence + 1), self._name)

    def due(
        self, kind: str, *, until: datetime, limit: int = 100, after: tuple[datetime, str] | None = None
    ) -> list[tuple[datetime, str]]:
        start = (microseconds(after[0]), after[1]) if after else None
        with self._lock:
            keys = [(row.entry.due, row.stored.id) for row in self._of(kind).values() if row.entry.due is not None]
        keys = sorted(key for key in keys if key[0] <= microseconds(until) and (start is None or key > start))
        return [(moment_of(instant), key) for instant, key in keys[:limit]]

    def revisions(self, kind: str, id: str) -> Iterator[Revision]:
        self.ping()
        for number, raw in enumerate(self._history[kind, id], 1):
            yield Revision(number, codec.decode(raw))

    def count(self, name: str) -> int:
        self.ping()
        with self._lock:
            self._counters[name] += 1
            return self._counters[name]

    def kinds(self) -> list[str]:
        return sorted({*self._kinds, *(kind for kind, rows in self._rows.items() if rows)})

    def ids(self, kind: str, *, after: str | None = None, limit: int = 1000) -> list[str]:
        with self._lock:
            return [key for key in sorted(self._of(kind)) if after is None or key > after][:limit]

    def wholes(self, kind: str, ids: Sequence[str]) -> list[Whole]:
        with self._lock:
            rows = self._of(kind)
            return [self._whole(kind, rows[key].stored) for key in ids if key in rows]

    def restore(self, kind: str, wholes: Sequence[Whole], *, first: int = 1) -> None:
        entries = [entry_of(self._kinds[kind], codec.decode(whole.raw)) for whole in wholes]
        with self._lock:
            rows = self._of(kind)
            if any(whole.id in rows and self._whole(kind, rows[whole.id].stored) != whole for whole in wholes):
                raise RevConflict(f"a {kind} is kept otherwise")
            for whole, entry in zip(wholes, entries, strict=True):
                if whole.id not in rows:
                    stored = Stored(whole.id, next_rev(None), whole.raw, self._kinds[kind].steps)
                    rows[whole.id] = _Row(stored, entry, self._place(None, entry))
                    self._history[kind, whole.id] = list(whole.revisions)
            self._saves += 1

    def counters(self) -> dict[str, int]:
        self.ping()
        return dict(sorted(self._counters.items()))

    def raise_counters(self, values: Mapping[str, int]) -> None:
        self.ping()
        with self._lock:
            for name, value in values.items():
                self._counters[name] = max(self._counters[name], value)

    def ping(self) -> None:
        if self._closed:
            raise Unavailable("the store is closed")

    def close(self) -> None:
        self._closed = True

    def _of(self, kind: str) -> dict[str, _Row]:
        self.ping()
        return self._rows[kind]

    def _whole(self, kind: str, stored: Stored) -> Whole:
        return Whole(stored.id, stored.raw, tuple(self._history[kind, stored.id]))

    def _place(self, old: _Row | None, entry: Entry) -> int:
        if old and old.entry.listed and entry.stays(old.entry.feed, old.entry.stamp):
            return old.sequence
        self._sequence += 1
        return self._sequence
