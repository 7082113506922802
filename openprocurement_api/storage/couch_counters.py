"""Counters, and the secret that signs cursors: the documents of a store that belong to no kind."""

from __future__ import annotations

import secrets
import time

import msgspec

from .base import Unavailable
from .couch_database import Conflict, Database
from .couch_wire import Interrupted, persist

# How long writers of one counter wait for one another, in seconds, and the longest pause between two attempts in milliseconds.
BUSY_SECONDS, PAUSE = 30.0, 20

# Names of counters follow a prefix, so that none of them meets this id or one that CouchDB reserves.
SECRET, COUNTER = "cursors", "n:"

PAGE = 1000


class Counter(msgspec.Struct, omit_defaults=True):
    """The number given last, and the random id of the call that it was given to."""

    value: int
    write: str
    rev: str | None = msgspec.field(name="_rev", default=None)


class Secret(msgspec.Struct):
    """What signs the store's cursors."""

    secret: str


def count(counters: Database, name: str) -> int:
    """The next number of a counter. Raises `Unavailable`; a number whose save could not be confirmed is left out."""
    counter, write = f"{COUNTER}{name}", secrets.token_hex(8)
    deadline = time.monotonic() + BUSY_SECONDS
    while time.monotonic() < deadline:
        found = counters.get(counter, Counter)
        if found and found.write == write:
            return found.value
        value = found.value + 1 if found else 1
        try:
            counters.put(counter, Counter(value, write), found.rev if found else None)
        except (Conflict, Interrupted):
            time.sleep(secrets.randbelow(PAUSE) / 1000)
        else:
            return value
    raise Unavailable(f"{counters.name}: no number of {name} within {BUSY_SECONDS:g} seconds")


def counted(counters: Database) -> dict[str, int]:
    """The number that each counter gave last, in the order of their names. Raises `Unavailable`."""
    names: list[str] = []
    while page := counters.ids(names[-1] if names else None, PAGE):
        names += page
    ours = [name for name in names if name.startswith(COUNTER)]
    found = {
        name.removeprefix(COUNTER): counter.value
        for start in range(0, len(ours), PAGE)
        for name, counter in zip(ours[start : start + PAGE], counters.several(ours[start : start + PAGE], Counter), strict=True)
        if counter
    }
    return dict(sorted(found.items()))


def raise_to(counters: Database, name: str, value: int) -> None:
    """See that a counter gives no number up to `value` again. Raises `Unavailable`."""

    def attempt() -> None:
        found = counters.get(f"{COUNTER}{name}", Counter)
        if found is None or found.value < value:
            try:
                counters.put(f"{COUNTER}{name}", Counter(value, secrets.token_hex(8)), found.rev if found else None)
            except Conflict as conflict:
                raise Interrupted(f"{counters.name}: {conflict} is being written by others") from conflict

    persist(attempt)


def secret_of(counters: Database) -> str:
    """The secret of this store's cursors, made by whoever is first to need it."""

    def attempt() -> str:
        found = counters.get(SECRET, Secret)
        if found is None:
            found = Secret(secrets.token_hex(16))
            try:
                counters.put(SECRET, found)
            except Conflict as conflict:
                raise Interrupted(f"{counters.name}: {conflict} is being written by others") from conflict
        return found.secret

    return persist(attempt)
