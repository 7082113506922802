"""The databases of a store and what is declared in them: indexes, who may write, and that nobody deletes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from openprocurement_api.storage.base import Kind, Unavailable
from openprocurement_api.storage.couch_database import Conflict, Database
from openprocurement_api.storage.couch_names import Address
from openprocurement_api.storage.couch_wire import Interrupted, Refused, Wire, persist

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

GUARD = """function (doc, old, user, security) {
  if (user.name !== %s) { throw({forbidden: "only the application writes here"}); }
  if (doc._deleted) { throw({forbidden: "nothing is deleted"}); }
}"""

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


def create(database: Database, params: Mapping[str, str] | None = None) -> None:
    """Make the database if it is missing. Raises `Unavailable`, also where the user of the address may not do that."""
    if database.exists():
        return
    try:
        persist(lambda: database.wire.once("PUT", [database.name], None, params))
    except Refused as refusal:
        if refusal.status != EXISTS:
            raise Unavailable(f"{database.unavailable(refusal)} (init_db makes what is missing)") from refusal


def declare(database: Database, name: str, content: dict[str, Any]) -> None:
    """Make a design document what it should be."""

    def attempt() -> None:
        found = _revised(database, f"_design/{name}")
        if {key: value for key, value in found.items() if not key.startswith("_")} != content:
            try:
                database.put(f"_design/{name}", content, found.get("_rev"))
            except Conflict as conflict:
                raise Interrupted(f"{database.name}: {conflict} is being written by others") from conflict

    persist(attempt)


def init_db(url: str, kinds: Iterable[Kind], *, user: str, password: str) -> None:
    """Make all databases and indexes of a store, and the user that the application is to be.

    `url` is the storage URL with the name and password of a server administrator. Afterwards only `user` may write, and nobody
    may delete. Everything may be there already; the password is set anew. Raises ValueError for the URL and `Unavailable`.
    """
    wire = Wire(Address.parse(url))
    try:
        _set_user(Database(wire, "_users"), user, password)
        shelves = [Shelf(wire, kind) for kind in kinds]
        counters = Database(wire, wire.address.counters)
        create(counters)
        for shelf in shelves:
            shelf.prepare()
        for database in [counters, *(part for shelf in shelves for part in (shelf.bodies, shelf.feed, shelf.history))]:
            _protect(database, user)
    finally:
        wire.close()


def _protect(database: Database, user: str) -> None:
    guard = GUARD % json.dumps(user)
    declare(database, "guard", {"validate_doc_update": guard})
    members = {"admins": {"names": [], "roles": ["_admin"]}, "members": {"names": [user], "roles": []}}
    try:
        persist(lambda: database.wire.once("PUT", [database.name, "_security"], msgspec.json.encode(members)))
    except Refused as refusal:
        raise database.unavailable(refusal) from refusal


def _set_user(users: Database, user: str, password: str) -> None:
    create(users)
    name = f"org.couchdb.user:{user}"

    def attempt() -> None:
        account = {"name": user, "password": password, "roles": [], "type": "user"}
        try:
            users.put(name, account, _revised(users, name).get("_rev"))
        except Conflict as conflict:
            raise Interrupted(f"the user {user} is being written by others") from conflict

    persist(attempt)


def _revised(database: Database, id: str) -> dict[str, Any]:
    return database.get(id, dict[str, Any]) or {}
