"""The databases of a kind of document, and the indexes that are declared in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .base import Kind, Unavailable
from .couch_database import Conflict, Database
from .couch_wire import Interrupted, Refused, Wire, persist

DESIGN = "store"
EVERY_FEED = "all"

# The map functions only copy: all keys were made by `couch_names.key_of`. The rows hold all that a page of the feed shows.
DUE = {"due": {"map": "function (doc) { if (doc.due) { emit(doc.due, null); } }"}}
FEED = {
    name: {
        "map": f"function (doc) {{ if (doc.row && doc.{name}) {{ var shown = [doc.row.stamp, doc.row.summary];"
        f" emit(['{EVERY_FEED}', doc.{name}], shown); emit([doc.shelf, doc.{name}], shown); }} }}"
    }
    for name in ("place", "moment")
}

EXISTS = 412


# One shard: the order of its changes is the order of saves, which the feed's observers rely on.
ONE_SHARD = {"q": "1"}


class Shelf:
    """The databases of one kind of document."""

    def __init__(self, wire: Wire, kind: Kind) -> None:
        self.kind = kind
        self.bodies = Database(wire, wire.address.database(kind.name))
        self.feed = Database(wire, wire.address.database(kind.name, "feed"))
        self.history = Database(wire, wire.address.database(kind.name, "history"))

    def prepare(self) -> None:
        """See that the databases and their indexes are there, and make what is missing."""
        create(self.bodies)
        declare(self.bodies, DESIGN, {"views": DUE})
        create(self.feed, ONE_SHARD)
        declare(self.feed, DESIGN, {"views": FEED})
        create(self.history)


def shelf_feed(feed: str | None) -> str:
    """The first part of a feed's index keys; None is all feeds. Letters and digits only, whatever the feed is called."""
    return EVERY_FEED if feed is None else f"of{feed.encode().hex()}"


def create(database: Database, params: Mapping[str, str] | None = None) -> bool:
    """Make the database if it is missing; whether it was. Raises `Unavailable`, also where the user may not do that."""
    if database.exists():
        return False
    try:
        persist(lambda: database.wire.once("PUT", [database.name], None, params))
    except Refused as refusal:
        if refusal.status != EXISTS:
            raise Unavailable(f"{database.unavailable(refusal)} (openprocurement init-db makes what is missing)") from refusal
    return True


def declare(database: Database, name: str, content: dict[str, Any]) -> bool:
    """Make a design document what it should be; whether it was not."""
    changed = False

    def attempt() -> None:
        nonlocal changed
        found = revised(database, f"_design/{name}")
        if content_of(found) != content:
            changed = True
            try:
                database.put(f"_design/{name}", content, found.get("_rev"))
            except Conflict as conflict:
                raise Interrupted(f"{database.name}: {conflict} is being written by others") from conflict

    persist(attempt)
    return changed


def content_of(design: dict[str, Any]) -> dict[str, Any]:
    """A design document without CouchDB's own fields."""
    return {key: value for key, value in design.items() if not key.startswith("_")}


def revised(database: Database, id: str) -> dict[str, Any]:
    """A document with CouchDB's own fields; empty if there is none."""
    return database.get(id, dict[str, Any]) or {}
