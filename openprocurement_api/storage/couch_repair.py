"""What a process that died has left: documents whose rows in the feed are behind; and what a changed declaration makes anew."""

from __future__ import annotations

import hashlib

import msgspec

from .base import Kind, Rev, RevConflict
from .couch_database import Conflict, Place
from .couch_design import Shelf
from .couch_envelope import Kept, body_of, due_of, envelope_of, row_of
from .couch_listing import Listing, PlaceClock, list_row
from .couch_saving import current, save
from .couch_wire import Interrupted
from .index import declared, entry_of

BATCH = 100

# A local document: CouchDB copies it nowhere, and its place in the changes would mean nothing anywhere else.
CHECKPOINT = "_local/repair"


class Checkpoint(msgspec.Struct, omit_defaults=True):
    """How far a kind's saves were looked at, and under which declaration."""

    seq: Place = 0
    declaration: str = ""
    rev: str | None = msgspec.field(name="_rev", default=None)


def repair(shelf: Shelf, clock: PlaceClock) -> None:
    """List every saved document whose row is behind. Costs little if nothing was saved since the last repair.

    Where the kind is declared otherwise than at that time, all documents are read, and those that are indexed otherwise now are
    saved anew with the same body. If that is broken off, the next repair begins it again. Raises `Unavailable`.
    """
    declaration = _declaration(shelf.kind)
    found = shelf.bodies.get(CHECKPOINT, Checkpoint) or Checkpoint()
    anew = found.declaration != declaration
    seq: Place = 0 if anew else found.seq
    while True:
        page = shelf.bodies.changes(seq, BATCH, Kept)
        documents = [document for _, _, document in page.rows]
        saved_anew = anew and _index_anew(shelf, documents)
        _list_behind(shelf, clock, documents)
        seq = page.last
        if not (page.more or saved_anew):
            break
    if anew or seq != found.seq:
        _note(shelf, Checkpoint(seq, declaration), found.rev)


def _list_behind(shelf: Shelf, clock: PlaceClock, documents: list[Kept]) -> None:
    public = [document for document in documents if document.turn]
    rows = shelf.feed.several([document.id for document in public], Listing) if public else []
    for document, row in zip(public, rows, strict=True):
        if row is None or row.turn < document.turn:
            list_row(shelf.feed, clock, document.id, document)


def _index_anew(shelf: Shelf, documents: list[Kept]) -> bool:
    """Save those documents again that are indexed otherwise now. If there are any (True), they come up later in the changes."""
    found = False
    for document in documents:
        entry = entry_of(shelf.kind, body_of(document))
        if (document.row, document.due) == (row_of(entry), due_of(entry, document.id)):
            continue
        found = True
        try:
            before = current(shelf.bodies, document.id, Rev(document.rev))
            after = envelope_of(before, document.id, document.body.encode(), entry, None)
            if after.row or before.row:
                after.turn = after.saves
            save(shelf.bodies, document.id, after, Rev(document.rev))
        except RevConflict:
            # Somebody else has just saved it; that comes up later, too.
            continue
    return found


def _note(shelf: Shelf, checkpoint: Checkpoint, rev: str | None) -> None:
    """Keep the checkpoint. If another repair has just noted its own, or the note is lost, the next repair reads a little more."""
    try:
        shelf.bodies.put(CHECKPOINT, checkpoint, rev)
    except (Conflict, Interrupted):
        return


def _declaration(kind: Kind) -> str:
    return hashlib.sha256(msgspec.json.encode([*declared(kind).values()])).hexdigest()[:16]
