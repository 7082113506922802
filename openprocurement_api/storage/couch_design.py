"""The databases of a store and what is declared in them: indexes, who may write, and that nobody deletes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from openprocurement_api.storage.base import Kind, Unavailable
from openprocurement_api.storage.couch_database import Conflict, Database
from openprocurement_api.storage.couch_names import Address
from openprocurement_api.storage.couch_wire import Interrupted, Refused, Wire, persist

DESIGN, NEXT = "store", "next"
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

MADE, THERE = "made", "already there"

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
        found = _revised(database, f"_design/{name}")
        if _content(found) != content:
            changed = True
            try:
                database.put(f"_design/{name}", content, found.get("_rev"))
            except Conflict as conflict:
                raise Interrupted(f"{database.name}: {conflict} is being written by others") from conflict

    persist(attempt)
    return changed


def upgrade(database: Database, views: dict[str, dict[str, str]]) -> bool:
    """Make the indexes what they should be, without making readers wait; whether they were not.

    CouchDB builds an index at the first question, and finds it again by its content under whatever name. So a changed one is built
    under another name before it takes the place of the one in use.
    """
    found = _revised(database, f"_design/{DESIGN}")
    if found and _content(found) != {"views": views}:
        declare(database, NEXT, {"views": views})
        for name in views:
            _build(database, name)
    return declare(database, DESIGN, {"views": views})


def _build(database: Database, view: str) -> None:
    """Return when an index is built, which may take longer than a call."""
    while True:
        try:
            database.view(NEXT, view, limit=0)
        except Unavailable:
            # Raises for a server that is away; else it is still building.
            database.exists()
        else:
            return


def init_db(
    url: str, kinds: Iterable[Kind], *, user: str, password: str, tell: Callable[[str], object] = lambda text: None
) -> None:
    """Make all databases and indexes of a store, and the user that the application is to be; `tell` hears of each.

    `url` is the storage URL with the name and password of a server administrator. Afterwards only `user` may write, and nobody
    may delete. Everything may be there already; the password is set anew. Raises ValueError for the URL and `Unavailable`.
    """
    wire = Wire(Address.parse(url))
    try:
        made = _set_user(Database(wire, "_users"), user, password)
        tell(f"user {user}: {'made' if made else 'already there, password set'}")
        for database, params, views in _parts(wire, kinds):
            made = create(database, params)
            tell(f"database {database.name}: {MADE if made else THERE}")
            if views:
                changed = upgrade(database, views)
                tell(f"  indexes {', '.join(views)}: {(MADE if made else 'upgraded') if changed else THERE}")
            changed = _protect(database, user)
            tell(f"  only {user} writes, nobody deletes: {(MADE if made else 'set') if changed else THERE}")
    finally:
        wire.close()


def _parts(wire: Wire, kinds: Iterable[Kind]) -> Iterator[tuple[Database, Mapping[str, str] | None, dict[str, dict[str, str]]]]:
    """The databases of a store, with the parameters they are made by and their indexes."""
    yield Database(wire, wire.address.counters), None, {}
    for shelf in (Shelf(wire, kind) for kind in kinds):
        yield shelf.bodies, None, DUE
        yield shelf.feed, ONE_SHARD, FEED
        yield shelf.history, None, {}


def _protect(database: Database, user: str) -> bool:
    """Let only `user` write; whether others might."""
    guard = GUARD % json.dumps(user)
    changed = declare(database, "guard", {"validate_doc_update": guard})
    members = {"admins": {"names": [], "roles": ["_admin"]}, "members": {"names": [user], "roles": []}}
    try:
        persist(lambda: database.wire.once("PUT", [database.name, "_security"], msgspec.json.encode(members)))
    except Refused as refusal:
        raise database.unavailable(refusal) from refusal
    return changed


def _set_user(users: Database, user: str, password: str) -> bool:
    """Make the user, or set the password; whether there was no such user."""
    create(users)
    name = f"org.couchdb.user:{user}"

    made = False

    def attempt() -> None:
        nonlocal made
        found = _revised(users, name)
        made = made or not found
        account = {"name": user, "password": password, "roles": [], "type": "user"}
        try:
            users.put(name, account, found.get("_rev"))
        except Conflict as conflict:
            raise Interrupted(f"the user {user} is being written by others") from conflict

    persist(attempt)
    return made


def _content(design: dict[str, Any]) -> dict[str, Any]:
    """A design document without CouchDB's own fields."""
    return {key: value for key, value in design.items() if not key.startswith("_")}


def _revised(database: Database, id: str) -> dict[str, Any]:
    return database.get(id, dict[str, Any]) or {}
