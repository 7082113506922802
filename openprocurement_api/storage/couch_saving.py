"""How a document is saved: one compare-and-swap of CouchDB's, whose outcome is found out where the answer does not tell it."""

from __future__ import annotations

import time

import msgspec

from .base import Rev, RevConflict, Unavailable
from .couch_database import Conflict, Database
from .couch_envelope import Envelope, Kept
from .couch_wire import PAUSES, Interrupted, persist


class Archived(msgspec.Struct):
    """One revision in the history's database: its JSON text."""

    revision: str


def current(bodies: Database, id: str, expect: Rev) -> Kept:
    """The document at revision `expect`. Raises RevConflict if it is at another one or nowhere.

    Nodes of a cluster may each have taken another save. CouchDB then shows one branch and keeps the other; which of them was
    acknowledged only people can find out, so nothing is built on either: `Unavailable`.
    """
    found = bodies.get(id, Kept, conflicts="true")
    if found is None or found.rev != expect:
        raise RevConflict(f"{bodies.name}: {id} is not at revision {expect}")
    if found.conflicts:
        raise Unavailable(f"{bodies.name}: {id} has branches: {', '.join([found.rev, *found.conflicts])}")
    return found


def archive(history: Database, id: str, before: Envelope) -> None:
    """Put the revision that travels in a saved document where it stays. Doing so again changes nothing."""
    if before.pending is None:
        return
    archived = Archived(before.pending)

    def attempt() -> None:
        try:
            history.put(archive_id(id, before.history), archived)
        except Conflict:
            # A faster writer has archived the same text: it stands in a document that all of us have read.
            return

    persist(attempt)


def archive_id(id: str, number: int) -> str:
    """The id of a document's revision in the history."""
    return f"{id}:{number:010d}"


def save(bodies: Database, id: str, envelope: Envelope, expect: Rev | None) -> Rev:
    """Put the envelope over revision `expect`; its own revision.

    Raises RevConflict if it was not saved, and `Unavailable` where that could not be found out: then the document is as it was,
    or wholly as it was to be. The call is made again after a failure: only one of them can find the document at `expect`.
    """
    told = ""
    for pause in (*PAUSES, 0.0):
        try:
            return Rev(bodies.put(id, envelope, expect))
        except Conflict:
            if not told:
                raise RevConflict(f"{bodies.name}: {id} is not at revision {expect}") from None
        except Interrupted as interruption:
            told = str(interruption)
        found = _outcome(bodies, id, envelope, expect)
        if found is not None:
            return found
        time.sleep(pause)
    raise Unavailable(told)


def _outcome(bodies: Database, id: str, envelope: Envelope, expect: Rev | None) -> Rev | None:
    """The revision that the envelope was saved as; None if it was not saved yet. Raises RevConflict if it never will be."""
    found = bodies.get(id, Kept, revs="true")
    if found is None:
        if expect is None:
            return None
        raise Unavailable(f"{bodies.name}: {id} has gone")
    if found.rev == expect:
        return None
    write = found.write_of(envelope.saves)
    if write is None:
        raise Unavailable(f"{bodies.name}: {id} was saved too often since to tell whether this save was done")
    if write != envelope.write:
        raise RevConflict(f"{bodies.name}: {id} is not at revision {expect}")
    return Rev(found.rev_of(envelope.saves))
