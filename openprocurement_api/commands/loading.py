"""`openprocurement load`: a dump into a store."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import groupby

from ..ini import services_of
from ..storage.base import RevConflict, Store
from ..storage.bulk import batches
from .failures import Failed
from .files import Reader
from .lines import Counter, Document, End, Header, Line, Tally, checked, decoded
from .progress import progress

CUT = "the dump is cut off or damaged: it has no last line. What came before it is loaded; go on with --resume and a whole dump"


def run(arguments: argparse.Namespace) -> None:
    """The command. Raises Failed, StorageError, OSError."""
    services = services_of(arguments.ini)
    with closing(services.store) as store, closing(Reader(arguments.file)) as reader:
        if not arguments.resume and not is_empty(store):
            raise Failed("the store is not empty; --resume goes on with a load that was cut off")
        with progress("load", "B", reader.size) as advance:
            end = load(store, services.kinds, watched(reader, advance))
    told = ", ".join(f"{number} of {kind}" for kind, number in end.documents.items())
    print(f"{arguments.file} is loaded; documents: {told or 'none'}", file=sys.stderr)


def watched(reader: Reader, advance: Callable[[int], object]) -> Iterator[bytes]:
    """The lines of a file; `advance` is told how many bytes they took."""
    before = 0
    for line in reader:
        after = reader.position() or before + len(line)
        advance(after - before)
        before = after
        yield line


def is_empty(store: Store) -> bool:
    """Whether a store has no document, no row of a feed, and no counter."""
    kinds = store.kinds()
    return not (store.counters() or any(store.ids(kind, limit=1) or store.changes(kind, feed=None, limit=1) for kind in kinds))


def load(store: Store, declared: Iterable[str], texts: Iterable[bytes]) -> End:
    """Take in the lines of a dump; the last of them. What the store has already stays. Raises Failed, Unavailable."""
    tally = Tally()
    lines = tallied(texts, tally)
    header = checked(next(lines, None))
    if unknown := sorted({*header.kinds} - {*declared}):
        raise Failed(f"the dump has documents of kinds that no loaded plugin declares: {', '.join(unknown)}")
    number, counters, end = 1, {}, None
    for kind, group in groupby(lines, key=lambda line: line.kind if isinstance(line, Document) else None):
        if kind is not None:
            if kind not in header.kinds:
                raise Failed(f"the dump is damaged: it has a document of {kind}, which its first line does not name")
            number = restore(store, kind, group, number)
            continue
        for line in group:
            if isinstance(line, Counter):
                counters[line.name] = line.value
            elif isinstance(line, End):
                end = line
    store.raise_counters(counters)
    verify(store, header, end, tally)
    return tally.end()


def tallied(texts: Iterable[bytes], tally: Tally) -> Iterator[Line]:
    """The lines, up to and with the last one. Raises Failed."""
    for text in texts:
        line = decoded(text)
        if not isinstance(line, End):
            tally.add(line, text)
        yield line


def restore(store: Store, kind: str, lines: Iterable[Line], number: int) -> int:
    """Take in documents of one kind, the first of which is the dump's document `number`; the next number. Raises Failed."""
    for batch in batches(line.whole for line in lines if isinstance(line, Document)):
        try:
            store.restore(kind, batch, first=number)
        except RevConflict as conflict:
            raise Failed(f"the store is not that of this dump: {conflict}") from conflict
        except ValueError as error:
            raise Failed(f"the dump has a {kind} that cannot be kept: {error}") from error
        number += len(batch)
    return number


def verify(store: Store, header: Header, end: End | None, tally: Tally) -> None:
    """See that all came as it was written, and that the store has it. Raises Failed."""
    if end is None:
        raise Failed(CUT)
    if end != tally.end():
        raise Failed("the dump is damaged: its last line does not fit the others")
    for kind in header.kinds:
        kept, given = count(store, kind), end.documents.get(kind, 0)
        if kept != given:
            raise Failed(f"the dump has {given} documents of {kind}, the store {kept}")


def count(store: Store, kind: str) -> int:
    """How many documents of a kind there are."""
    number, last = 0, None
    while ids := store.ids(kind, after=last):
        number, last = number + len(ids), ids[-1]
    return number
