"""Former states of a stored document: the reverse patches of its revisions, applied to the present one, newest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import takewhile

from ..domain.patching import undo
from ..domain.workflow import Doc
from ..storage.base import Revision, Store, Stored
from ..storage.shapes import upgraded

WINDOW = 1000
"""Revisions held in memory at once. To go back further the history is read again."""


def recorded(store: Store, kind: str, stored: Stored) -> Iterator[Revision]:
    """The revisions that led to `stored`, oldest first; those of later saves are left out."""
    return takewhile(lambda revision: revision.body.get("rev") != stored.rev, store.revisions(kind, stored.id))


def newest_first(store: Store, kind: str, stored: Stored) -> Iterator[Revision]:
    """The revisions that led to `stored`, newest first."""
    page = deque(recorded(store, kind, stored), maxlen=WINDOW)
    yield from reversed(page)
    while len(page) == WINDOW:
        page = deque(before(recorded(store, kind, stored), page[0].number), maxlen=WINDOW)
        yield from reversed(page)


def before(revisions: Iterator[Revision], number: int) -> Iterator[Revision]:
    """Those revisions whose numbers are lower."""
    return takewhile(lambda revision: revision.number < number, revisions)


def state_after(store: Store, kind: str, stored: Stored, number: int) -> Doc:
    """The document as the revision with this number left it."""
    doc = stored.original
    for revision in takewhile(lambda revision: revision.number > number, newest_first(store, kind, stored)):
        undo(doc, revision.body["changes"])
    return upgraded(doc, stored.steps)
