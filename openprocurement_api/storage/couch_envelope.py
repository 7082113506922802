"""What CouchDB keeps of one document: the body as text, and around it what crash-safe saving needs.

The body is one JSON string inside the document. So CouchDB's own fields and ours cannot meet, numbers come back as they were
written (JavaScript would read 2**53 + 1 as 2**53, and 1e15 as an integer), and a read copies a string instead of building a tree.
"""

from __future__ import annotations

import secrets

import msgspec

from . import codec
from .base import Rev, Stored
from .couch_names import id_of, key_of
from .index import Entry
from .shapes import Step

# How many saves later a writer can still find out whether its own was done.
TRAIL = 16


class Row(msgspec.Struct):
    """What the feed should show of a document. `instant` is the stamp as an index key, `summary` is JSON text."""

    feed: str
    stamp: str | None
    instant: str | None
    summary: str


class Revisions(msgspec.Struct):
    """The ends of CouchDB's revisions, newest first; the newest one's number is `start`."""

    start: int
    ids: list[str]


class Envelope(msgspec.Struct, omit_defaults=True):
    """One save of one document.

    - `body`: JSON text;
    - `saves`: number of saves up to this one;
    - `write`: random id of this save; `trail`: those of the saves before, newest first;
    - `history`: number of revisions so far; `pending`: the JSON text of the newest, which only its successor's writer archives;
    - `row`: what the feed should show, None for nothing; `turn`: the save that gave it its place there, 0 if none ever did;
    - `due`: the key of the due index.
    """

    body: str
    saves: int
    write: str
    trail: list[str] = []
    history: int = 0
    pending: str | None = None
    row: Row | None = None
    turn: int = 0
    due: str | None = None


class Revised(msgspec.Struct):
    """A document of which only the revision is wanted."""

    rev: str = msgspec.field(name="_rev")


class Kept(Envelope, omit_defaults=True):
    """An envelope as it is read; the last two only where they are asked for."""

    id: str = msgspec.field(name="_id", default="")
    rev: str = msgspec.field(name="_rev", default="")
    conflicts: list[str] = msgspec.field(name="_conflicts", default_factory=list)
    revisions: Revisions | None = msgspec.field(name="_revisions", default=None)

    def stored(self, steps: tuple[Step, ...]) -> Stored:
        """The document as the store's callers know it; `steps` are those of its kind."""
        return Stored(id_of(self.id), Rev(self.rev), self.body.encode(), steps)

    @property
    def archived(self) -> int:
        """How many revisions its writers have seen to the history's database."""
        return self.history if self.pending is None else self.history - 1

    def write_of(self, saves: int) -> str | None:
        """The write id of the save with this number; None if it is too long ago."""
        age = self.saves - saves
        writes = [self.write, *self.trail]
        return writes[age] if 0 <= age < len(writes) else None

    def rev_of(self, saves: int) -> str:
        """The revision that the save with this number had; the envelope was read with its `revisions`."""
        if self.revisions is None or saves == self.saves:
            return self.rev
        age = self.saves - saves
        return f"{self.revisions.start - age}-{self.revisions.ids[age]}"


def envelope_of(before: Envelope | None, doc_id: str, raw: bytes, entry: Entry, revision: bytes | None) -> Envelope:
    """The save that follows `before`. Its row takes a new place in the feed unless `Entry.stays`."""
    row, saves = row_of(entry), before.saves + 1 if before else 1
    due = due_of(entry, doc_id)
    after = Envelope(raw.decode(), saves, secrets.token_hex(8), row=row, turn=saves if row else 0, due=due)
    if before:
        after.trail = [before.write, *before.trail][:TRAIL]
        after.history, after.pending = before.history, before.pending
        if _keeps_place(before.row, entry):
            after.turn = before.turn
        elif before.row:
            after.turn = saves
    if revision is not None:
        after.history, after.pending = after.history + 1, revision.decode()
    return after


def row_of(entry: Entry) -> Row | None:
    """What the feed shows of a document's indexed part."""
    if not entry.listed:
        return None
    instant = None if entry.instant is None else key_of(entry.instant)
    return Row(entry.feed, entry.stamp, instant, entry.summary.decode())


def due_of(entry: Entry, doc_id: str) -> str | None:
    """The key of the due index; None for a document that the clock need not look at."""
    return None if entry.due is None else key_of(entry.due, doc_id)


def body_of(envelope: Envelope) -> dict[str, object]:
    """The document, decoded."""
    return codec.decode(envelope.body.encode())


def _keeps_place(row: Row | None, entry: Entry) -> bool:
    if row is None:
        return not entry.listed
    return entry.stays(row.feed, row.stamp)
