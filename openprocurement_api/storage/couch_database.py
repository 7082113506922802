"""One CouchDB database: documents, pages of views and of changes, as values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import msgspec

from .base import Unavailable
from .couch_wire import UNCHANGED, Interrupted, Params, Refused, Wire, persist

T = TypeVar("T")

# What CouchDB gives as a change's place: opaque text, a number in some servers.
Place = str | int

NOTHING: Final = msgspec.Raw(b"null")

NOT_FOUND, CONFLICT, ACCEPTED = 404, 409, 202
CONFLICTS = "conflict"

# Reasons of a 404 that speak of the document; any other speaks of the database.
NO_DOCUMENT: Final = ("missing", "deleted")


class Conflict(Exception):
    """The document is not at the revision that was given."""


class Saved(msgspec.Struct):
    """The answer to a save."""

    rev: str


class ViewRow(msgspec.Struct):
    """One row of a view, or of a list of documents: `doc` where it was asked for."""

    key: Any
    id: str = ""
    value: Any = None
    doc: msgspec.Raw = NOTHING


class ViewPage(msgspec.Struct):
    """Rows of a view, and the place in the changes up to which they hold."""

    rows: list[ViewRow]
    update_seq: Place | None = None


class BulkRow(msgspec.Struct):
    """What became of one of many documents: an error and its reason, or none."""

    id: str
    error: str = ""
    reason: str = ""


class ChangeRow(msgspec.Struct):
    """One document that changed, as it is now."""

    id: str
    seq: Place
    doc: msgspec.Raw
    deleted: bool = False


class ChangePage(msgspec.Struct):
    """Changes in order, and the place that they reach."""

    results: list[ChangeRow]
    last_seq: Place


class Cluster(msgspec.Struct):
    """On how many nodes each document of a database is kept."""

    n: int = 1


class Info(msgspec.Struct):
    """What a database tells of itself: the place of its newest change. Servers that are no clusters do not speak of one."""

    update_seq: Place
    cluster: Cluster = msgspec.field(default_factory=Cluster)


@dataclass(frozen=True, slots=True)
class Changes(Generic[T]):
    """A page of changes: id, place and decoded document of each. `last` is where the next page begins, if there are `more`."""

    rows: list[tuple[str, Place, T]]
    last: Place
    more: bool


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """A document as it was read, and its ETag: "" where the server gives none."""

    value: T
    etag: str


class Database:
    """See the module. Reading calls are repeated if they fail; all raise `Unavailable` for what CouchDB refuses."""

    def __init__(self, wire: Wire, name: str) -> None:
        self.wire = wire
        self.name = name

    def get(self, id: str, type: type[T], **params: str) -> T | None:
        """The document, decoded as `type`, or None."""
        return self._document(lambda: self._decoded(self.wire.once("GET", self._path(id), None, params).raw, type))

    def look(self, id: str, type: type[T], last: Seen[T] | None = None) -> Seen[T] | None:
        """The document with its ETag, or None: `last` itself where it is what would be read again."""

        def attempt() -> Seen[T]:
            answer = self.wire.once("GET", self._path(id), None, None, last.etag if last else "")
            return last if last and answer.status == UNCHANGED else Seen(self._decoded(answer.raw, type), answer.etag)

        return self._document(attempt)

    def put(self, id: str, document: msgspec.Struct | dict[str, Any], rev: str | None = None) -> str:
        """Save over revision `rev` (None: the document is new); the new revision.

        Raises `Conflict`, and `Interrupted` if it may have been saved. A save on too few copies for a quorum is `Unavailable`: it
        is there now, but a failing node could still take it away.
        """
        body = msgspec.to_builtins(document) | ({"_rev": rev} if rev else {})
        try:
            answer = self.wire.once("PUT", self._path(id), msgspec.json.encode(body))
            if answer.status == ACCEPTED:
                raise self._below_quorum()
            return self._decoded(answer.raw, Saved).rev
        except Refused as refusal:
            if refusal.status == CONFLICT:
                raise Conflict(id) from None
            raise self.unavailable(refusal) from refusal

    def several(self, ids: Sequence[str], type: type[T]) -> list[T | None]:
        """The documents with these ids, each decoded as `type` or None, in one call."""
        body = msgspec.json.encode({"keys": ids})
        page = self._page("POST", ["_all_docs"], ViewPage, {"include_docs": "true"}, body)
        return [None if row.doc == NOTHING else self._value(row.doc, type) for row in page.rows]

    def put_new(self, documents: Mapping[str, msgspec.Struct]) -> list[str]:
        """Save new documents by id in one call; the ids of those that are there already and stay as they are.

        The call is made again if it is interrupted: what it has written by then counts as there already. Raises `Unavailable`;
        any of the documents may have been written then.
        """
        if not documents:
            return []
        texts = [msgspec.to_builtins(document) | {"_id": key} for key, document in documents.items()]
        body = msgspec.json.encode({"docs": texts})
        try:
            answer = persist(lambda: self.wire.once("POST", [self.name, "_bulk_docs"], body))
        except Refused as refusal:
            raise self.unavailable(refusal) from refusal
        if answer.status == ACCEPTED:
            raise self._below_quorum()
        rows = self._value(msgspec.Raw(answer.raw), list[BulkRow])
        for row in rows:
            if row.error and row.error != CONFLICTS:
                raise Unavailable(f"{self.wire.address}: {self.name}: {row.id}: {row.error}: {row.reason}")
        return [row.id for row in rows if row.error]

    def ids(self, after: str | None, limit: int) -> list[str]:
        """At most `limit` ids of documents that follow `after`, in CouchDB's order."""
        found: list[str] = []
        more = True
        while more and len(found) < limit:
            start = {} if after is None else {"startkey": msgspec.json.encode(after).decode()}
            page = self._page("GET", ["_all_docs"], ViewPage, {"limit": str(limit + 1), **start})
            found += [row.id for row in page.rows if row.id != after and not row.id.startswith("_design/")]
            more, after = len(page.rows) > limit, page.rows[-1].id if page.rows else after
        return found[:limit]

    def view(self, design: str, name: str, **params: object) -> ViewPage:
        """A page of a view, from the copies of the index that the other pages come from. Values of `params` become JSON."""
        texts = {name: msgspec.json.encode(value).decode() for name, value in params.items()}
        return self._page("GET", ["_design", design, "_view", name], ViewPage, texts | {"update_seq": "true", "stable": "true"})

    def changes(self, since: Place, limit: int, type: type[T]) -> Changes[T]:
        """At most `limit` documents that changed after `since` (0: ever), in the order of their last changes."""
        params = {"since": str(since), "limit": str(limit), "include_docs": "true"}
        page = self._page("GET", ["_changes"], ChangePage, params)
        # The store deletes nothing. What an administrator deletes is gone; it must not stop the readers of all the rest.
        documents = [row for row in page.results if not row.deleted and not row.id.startswith("_design/")]
        rows = [(row.id, row.seq, self._value(row.doc, type)) for row in documents]
        return Changes(rows, page.last_seq, more=len(page.results) >= limit)

    def info(self) -> Info:
        """The database as it is now."""
        return self._page("GET", [], Info, {})

    def exists(self) -> bool:
        """Whether the database is there and may be read."""
        try:
            self._read("GET", [self.name], dict[str, Any], {})
        except Refused as refusal:
            if refusal.status == NOT_FOUND:
                return False
            raise self.unavailable(refusal) from refusal
        return True

    def unavailable(self, refusal: Refused) -> Unavailable:
        """The refusal as the store's error."""
        return Unavailable(f"{self.wire.address}: {self.name}: {refusal}")

    def _document(self, call: Callable[[], T]) -> T | None:
        """What a call for a document returns, made again if it is interrupted; None if there is no document."""
        try:
            return persist(call)
        except Refused as refusal:
            if refusal.status == NOT_FOUND and refusal.reason in NO_DOCUMENT:
                return None
            raise self.unavailable(refusal) from refusal

    def _below_quorum(self) -> Unavailable:
        return Unavailable(f"{self.wire.address}: {self.name} was written on fewer nodes than a quorum")

    def _path(self, id: str) -> list[str]:
        # The slash after these words is the one that is not part of the id.
        special = id.startswith(("_design/", "_local/"))
        return [self.name, *(id.split("/", 1) if special else [id])]

    def _page(self, method: str, path: Sequence[str], type: type[T], params: Params, body: bytes | None = None) -> T:
        try:
            return self._read(method, [self.name, *path], type, params, body)
        except Refused as refusal:
            raise self.unavailable(refusal) from refusal

    def _read(self, method: str, path: Sequence[str], type: type[T], params: Params, body: bytes | None = None) -> T:
        """The decoded answer to a call that changes nothing; it is made again if it is interrupted."""
        return persist(lambda: self._decoded(self.wire.once(method, path, body, params).raw, type))

    def _value(self, raw: msgspec.Raw, type: type[T]) -> T:
        """A document inside an answer. One that is not of its type was not written by this program."""
        try:
            return self._decoded(raw, type)
        except Interrupted as error:
            raise Unavailable(str(error)) from error

    def _decoded(self, raw: bytes | msgspec.Raw, type: type[T]) -> T:
        try:
            return msgspec.json.decode(raw, type=type)
        except msgspec.MsgspecError as error:
            raise Interrupted(f"{self.wire.address}: {self.name}: an answer that is no answer: {error}") from error
