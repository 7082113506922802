"""What every store promises: the Protocol, its value types and its errors.

A store keeps JSON documents by (kind, id), replaces them by compare-and-swap only, deletes nothing, and lists them in the order
in which their saves were committed. A backend is whatever passes `openprocurement_api.storage.contract`.

Some stores are spread over machines and have no transaction over two documents. Where that shows, the promise says "distributed".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NewType, Protocol

import msgspec

from . import codec
from .failures import BadCursor, Missing, RevConflict, StorageError, TooNew, Unavailable
from .shapes import Step, upgraded

__all__ = [
    "BadCursor",
    "Change",
    "Doc",
    "Kind",
    "Missing",
    "Rev",
    "RevConflict",
    "Revision",
    "StorageError",
    "Store",
    "Stored",
    "TooNew",
    "Unavailable",
    "Whole",
]

Rev = NewType("Rev", str)
Doc = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """One document at one revision. `rev` is "<number of saves>-<random hex>", `raw` the JSON text in UTF-8.

    `steps` are those of its kind's shapes.
    """

    id: str
    rev: Rev
    raw: bytes
    steps: tuple[Step, ...] = ()

    @property
    def body(self) -> Doc:
        """The document in its kind's current shape, decoded anew each time: the caller may change it freely. Raises TooNew."""
        return upgraded(self.original, self.steps)

    @property
    def original(self) -> Doc:
        """The document in the shape in which it is kept, to which its history leads."""
        return codec.decode(self.raw)


@dataclass(frozen=True, slots=True)
class Whole:
    """One document with all of its history, as it goes from store to store: JSON texts in UTF-8, `revisions` oldest first."""

    id: str
    raw: bytes
    revisions: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """What a store must know of a kind of document; indexes are generated from it. All fields named are top-level ones.

    - `stamp`: ISO 8601 field; a save that leaves it present and as it was keeps the document's place in the feed.
    - `unlisted`: values of fields that keep a document out of every feed, e.g. `{"status": frozenset({"draft"})}`.
    - `feed`: field that names the feed the document belongs to; absent or null is the feed `""`.
    - `summary`: fields whose values travel in the feed's rows; absent ones are left out.
    - `due`: ISO 8601 field, when the clock must look at the document; absent is never.
    - `steps`: what brings documents of older shapes to the current one, see `storage.shapes`.
    """

    name: str
    stamp: str = "dateModified"
    unlisted: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    feed: str = "mode"
    summary: tuple[str, ...] = ()
    due: str = "next_check"
    steps: tuple[Step, ...] = ()


class Change(msgspec.Struct, frozen=True, eq=False):
    """One row of a feed: the latest place of one document. `stamp` is the field's text as it was saved.

    What most readers of a page do not look at is made when it is asked for: `sign` makes the cursor of the `place`.
    """

    id: str
    stamp: str | None
    text: bytes
    place: Any
    sign: Callable[[Any], str]

    @property
    def cursor(self) -> str:
        """From where to read on behind this row."""
        return self.sign(self.place)

    @property
    def summary(self) -> Doc:
        """The values of the last save or, in a distributed store, those of the save that gave the document this place."""
        return codec.decode(self.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Change) and (self.id, self.stamp, self.cursor, self.text) == (
            other.id, other.stamp, other.cursor, other.text,
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash((self.id, self.cursor))


@dataclass(frozen=True, slots=True)
class Revision:
    """One entry of a document's history; `number` counts that document's revisions from 1."""

    number: int
    body: Doc


class Store(Protocol):
    """A store of documents. Any method may raise `Unavailable`; a kind that was not declared is taken as `Kind(name)`.

    Naive times, given or stored, count as UTC.
    """

    def get(self, kind: str, id: str) -> Stored:
        """The document as last saved, or `Missing`."""

    def rev(self, kind: str, id: str) -> Rev:
        """The revision that `get` would show, or `Missing`."""

    def state(self, kind: str) -> str | None:
        """Words for the documents of a kind and its feed: while they are the same, nobody has saved any. None: it cannot be told.

        Two words may stand for the same state. They mean something to this process only.
        """

    def put(self, kind: str, id: str, body: Doc, *, expect: Rev | None, revision: Doc | None = None) -> Stored:
        """Save `body` if the document is still at revision `expect`; None means that it must not exist yet.

        The document, its place in the feed and the optional `revision` are written together or not at all. A distributed store
        may list a saved document later, and will. Raises `RevConflict` if nothing was written, `Unavailable` if nothing was or it
        cannot be told, `ValueError` for what is not plain JSON (NaN and infinities are not) or breaks a declared field's type.
        """

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
        """At most `limit` rows of a feed, in commit order; every listed document once, at its latest place.

        `since` is the cursor of a row and excludes it; "" reads from the start or, descending, from the newest row. A cursor may
        be used in the other direction too, in the same feed. `feed=None` reads all feeds as one. Without `summaries` these may be
        empty. Raises `BadCursor`.

        A distributed store may show a document more than once to a reader who changes direction, enters at a moment or outlives
        a node, but never passes one by; and descending it may order saves of different machines by their clocks.
        """

    def cursor_at(self, kind: str, moment: datetime) -> str:
        """A cursor from which reading forward yields at least every document whose stamp is `moment` or later.

        Reading backwards from it yields every document with a stamp that reading forward does not.
        """

    def due(
        self, kind: str, *, until: datetime, limit: int = 100, after: tuple[datetime, str] | None = None
    ) -> list[tuple[datetime, str]]:
        """The (UTC time, id) of documents due at `until` or before, earliest first; `after` is the last row of a page."""

    def revisions(self, kind: str, id: str) -> Iterator[Revision]:
        """The history of a document, oldest first; nothing for a document that has none."""

    def count(self, name: str) -> int:
        """The next number of a named counter: 1, 2, 3... No number is given twice, whatever the number of processes.

        A failure may leave a number out.
        """

    def kinds(self) -> list[str]:
        """The names of the kinds that are declared, and of others that have documents as far as the store can tell; sorted."""

    def ids(self, kind: str, *, after: str | None = None, limit: int = 1000) -> list[str]:
        """At most `limit` ids of a kind's documents, those that follow `after` in an order that never changes.

        A document that is there when the first page is asked for is on one of the pages, and on one only.
        """

    def wholes(self, kind: str, ids: Sequence[str]) -> list[Whole]:
        """Those of the documents that exist, in the order of `ids`; each as one save left it, with the history that led there."""

    def restore(self, kind: str, wholes: Sequence[Whole], *, first: int = 1) -> None:
        """Take in documents of another store in one go, and list them at the feed's end in the order given.

        `first` numbers the first of them: numbers rise from call to call, and a call that is made again after a failure has its
        own number. A document that is kept already exactly so stays as it is; RevConflict if one is kept otherwise. ValueError as
        in `put`.

        Nothing is written if an error is raised. A distributed store may have written some, and then completes what is given
        again; its feed may show those of one call in another order to those who read forward.
        """

    def counters(self) -> dict[str, int]:
        """The number that each counter gave last, in the order of their names."""

    def raise_counters(self, values: Mapping[str, int]) -> None:
        """See that no counter gives these numbers, or lower ones, again."""

    def ping(self) -> None:
        """Return if the store can be read, else raise `Unavailable`."""

    def close(self) -> None:
        """Let go of files and connections; every later call but `close` raises `Unavailable`."""
