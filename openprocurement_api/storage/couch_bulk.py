"""Documents with their whole history, as the CouchDB store gives and takes them: many in a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from . import codec
from .base import RevConflict, Unavailable, Whole
from .couch_design import Shelf
from .couch_envelope import Envelope, Kept, envelope_of
from .couch_listing import listing_of
from .couch_names import doc_id, id_of
from .couch_saving import Archived, archive_id
from .index import entry_of

# Revisions asked for in one call.
PAGE = 1000


def wholes(shelf: Shelf, keys: Sequence[str]) -> list[Whole]:
    """The documents under these ids of CouchDB's that exist, with their history. Raises `Unavailable`."""
    found = [kept for kept in shelf.bodies.several(keys, Kept) if kept] if keys else []
    texts = _archived(shelf, found)
    return [Whole(id_of(kept.id), kept.body.encode(), tuple(_history(kept, texts))) for kept in found]


def restore(shelf: Shelf, given: Sequence[Whole], first: int) -> None:
    """See `Store.restore`. Rows of the feed are written first, and their places follow from `first`.

    So a process that dies on the way leaves no body without its row, and whoever completes its work gives each row the place
    that it was to have.
    """
    keys = [doc_id(whole.id) for whole in given]
    there = _same(wholes(shelf, keys), given)
    fresh = {key: whole for key, whole in zip(keys, given, strict=True) if whole.id not in there}
    saves = {key: _envelope(shelf, key, whole) for key, whole in fresh.items()}
    places = dict(zip(keys, range(first, first + len(keys)), strict=True))
    shelf.feed.put_new({key: listing_of(save, key, places[key]) for key, save in saves.items() if save.turn})
    archived = [(archive_id(key, n), text) for key, whole in fresh.items() for n, text in enumerate(whole.revisions[:-1], 1)]
    shelf.history.put_new({name: Archived(text.decode()) for name, text in archived})
    there_now = shelf.bodies.put_new(saves)
    if there_now:
        _same(wholes(shelf, there_now), given)


def _same(found: Sequence[Whole], given: Sequence[Whole]) -> set[str]:
    """The ids of the documents found. Raises RevConflict if one of them is not as it is given."""
    wanted = {whole.id: whole for whole in given}
    for whole in found:
        if whole != wanted[whole.id]:
            raise RevConflict(f"{whole.id} is kept otherwise")
    return {whole.id for whole in found}


def _envelope(shelf: Shelf, key: str, whole: Whole) -> Envelope:
    """The first save of a document that brings its history along."""
    envelope = envelope_of(None, key, whole.raw, entry_of(shelf.kind, codec.decode(whole.raw)), None)
    if whole.revisions:
        envelope.history, envelope.pending = len(whole.revisions), whole.revisions[-1].decode()
    return envelope


def _archived(shelf: Shelf, found: Sequence[Kept]) -> dict[str, bytes]:
    """The texts of the archived revisions of these documents, by their ids in the history's database."""
    ids = [archive_id(kept.id, number) for kept in found for number in range(1, kept.archived + 1)]
    texts: dict[str, bytes] = {}
    for start in range(0, len(ids), PAGE):
        page = ids[start : start + PAGE]
        for name, text in zip(page, shelf.history.several(page, Archived), strict=True):
            if text is None:
                raise Unavailable(f"{shelf.history.name}: {name} cannot be read")
            texts[name] = text.revision.encode()
    return texts


def _history(kept: Kept, texts: dict[str, bytes]) -> Iterator[bytes]:
    for number in range(1, kept.archived + 1):
        yield texts[archive_id(kept.id, number)]
    if kept.pending is not None:
        yield kept.pending.encode()
