"""`openprocurement migrate`: documents of older shapes, saved in the current one."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime

from ..domain.patching import difference
from ..ini import services_of
from ..storage import codec
from ..storage.base import Doc, Kind, RevConflict, Store, Stored
from ..storage.shapes import SHAPE, current
from .failures import Failed
from .progress import progress

AUTHOR = "migration"


def run(arguments: argparse.Namespace) -> None:
    """The command. Raises Failed, StorageError."""
    services = services_of(arguments.ini)
    with closing(services.store) as store:
        for name in store.kinds():
            kind = services.kinds[name]
            if not kind.steps:
                print(f"{name}: all documents have shape 1, there is no other")
                continue
            with progress(name, "documents", None) as advance:
                found = migrate(store, kind, lambda: services.clock.now, advance, dry=arguments.dry_run)
            done = "would be saved" if arguments.dry_run else "saved"
            print(f"{name}: {found} documents {done} in shape {current(kind.steps)}")


def migrate(store: Store, kind: Kind, now: Callable[[], datetime], advance: Callable[[int], object], *, dry: bool = False) -> int:
    """Save every document of an older shape in the current one, `dry` only try it; how many there were.

    Who is interrupted begins again: what is done is read once more and left alone. Raises Failed, TooNew, Unavailable.
    """
    found = 0
    for name in ids(store, kind.name):
        found += upgrade(store, kind, name, now, dry=dry)
        advance(1)
    return found


def ids(store: Store, kind: str) -> Iterator[str]:
    """The ids of all documents of a kind."""
    last = None
    while page := store.ids(kind, after=last):
        yield from page
        last = page[-1]


def upgrade(store: Store, kind: Kind, name: str, now: Callable[[], datetime], *, dry: bool) -> bool:
    """Save one document, if it has an older shape. Whoever saves it at the same time does so in the current one."""
    stored = store.get(kind.name, name)
    old = stored.original
    if old.get(SHAPE, 1) == current(kind.steps):
        return False
    new = brought(kind, stored, old)
    changes = difference(new, old)
    revision = {"date": now().isoformat(), "author": AUTHOR, "changes": changes, "rev": stored.rev}
    if not dry:
        try:
            store.put(kind.name, name, new, expect=stored.rev, revision=revision)
        except RevConflict:
            return upgrade(store, kind, name, now, dry=dry)
    return True


def brought(kind: Kind, stored: Stored, old: Doc) -> Doc:
    """The document in the current shape. Raises Failed if a step fails, makes what cannot be kept, or moves the stamp; TooNew."""
    steps = current(kind.steps)
    try:
        new = stored.body
        codec.encode(new)
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise Failed(f"{kind.name} {stored.id} cannot be brought to shape {steps}: {type(error).__name__}: {error}") from error
    if new.get(kind.stamp) != old.get(kind.stamp):
        raise Failed(f"{kind.name} {stored.id}: the steps to shape {steps} change {kind.stamp}, which is not theirs to change")
    return new
