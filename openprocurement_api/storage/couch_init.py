"""A store for one user: databases and indexes made or brought up to date, only that user writes, and nobody deletes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from .base import Kind, Unavailable
from .couch_database import Conflict, Database
from .couch_design import (
    DESIGN,
    DUE,
    FEED,
    ONE_SHARD,
    Shelf,
    content_of,
    create,
    declare,
    revised,
)
from .couch_names import Address
from .couch_wire import Interrupted, Refused, Wire, persist

NEXT = "next"

PATIENCE = 1000
"""How often an index is asked for: for most of a day if the calls run out of time, for minutes if they fail at once."""

MADE, THERE = "made", "already there"

GUARD = """function (doc, old, user, security) {
  if (user.name !== %s) { throw({forbidden: "only the application writes here"}); }
  if (doc._deleted) { throw({forbidden: "nothing is deleted"}); }
}"""


def _unheard(_text: str) -> None:
    """For who does not want to know."""


def init_db(url: str, kinds: Iterable[Kind], *, user: str, password: str, tell: Callable[[str], object] = _unheard) -> None:
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
        found = revised(users, name)
        made = made or not found
        account = {"name": user, "password": password, "roles": [], "type": "user"}
        try:
            users.put(name, account, found.get("_rev"))
        except Conflict as conflict:
            raise Interrupted(f"the user {user} is being written by others") from conflict

    persist(attempt)
    return made


def upgrade(database: Database, views: dict[str, dict[str, str]]) -> bool:
    """Make the indexes what they should be, without making readers wait; whether they were not.

    CouchDB builds an index at the first question, and finds it again by its content under whatever name. So a changed one is
    built under another name before it takes the place of the one in use.
    """
    found = revised(database, f"_design/{DESIGN}")
    if found and content_of(found) != {"views": views}:
        declare(database, NEXT, {"views": views})
        for name in views:
            _build(database, name)
    return declare(database, DESIGN, {"views": views})


def _build(database: Database, view: str) -> None:
    """Return when an index is built, which may take longer than a call. Raises `Unavailable` for one that does not get built."""
    for _ in range(PATIENCE):
        try:
            database.view(NEXT, view, limit=0)
        except Unavailable as error:
            failure = error
            # Raises for a server that is away; else it is still building.
            database.exists()
        else:
            return
    raise failure
