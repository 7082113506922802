"""`openprocurement dump`: everything that a store keeps, as lines."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO

import msgspec

from ..ini import services_of
from ..storage import codec
from ..storage.base import Kind, Store
from ..storage.index import entry_of
from .failures import Failed
from .files import STANDARD, Writer, blocks, output, packs
from .lines import VERSION, Counter, Document, End, Header, Line, Tally, checked, decoded
from .progress import progress
from .spool import Spool, spooling

PAGE = 100
START, GZIP = b'{"line":"openprocurement-dump"', b"\x1f\x8b"
"""How a dump begins, plain or compressed."""


@dataclass
class Dump:
    """A dump that was begun, maybe by an earlier run: what it has so far."""

    writer: Writer
    spool: Spool
    tally: Tally = field(default_factory=Tally)
    header: Header | None = None
    counters: set[str] = field(default_factory=set)
    end: End | None = None

    def take(self, line: Line, text: bytes) -> None:
        """Note a line that the file has. Raises Failed."""
        if self.header is None:
            self.header = checked(line)
        if isinstance(line, Document):
            self.spool.done(line.kind, line.id)
        elif isinstance(line, Counter):
            self.counters.add(line.name)
        elif isinstance(line, End):
            if line != self.tally.end():
                raise Failed("the dump is damaged: its last line does not fit the others")
            self.end = line
        self.tally.add(line, text)

    def write(self, line: Line) -> None:
        """Write one more line."""
        text = msgspec.json.encode(line) + b"\n"
        self.tally.add(line, text)
        self.writer.write(text)


def run(arguments: argparse.Namespace) -> None:
    """The command. Raises Failed, StorageError, OSError."""
    services = services_of(arguments.ini)
    packed = packs(arguments.file)
    with (
        closing(services.store) as store,
        output(arguments.file, resume=arguments.resume) as file,
        spooling() as spool,
    ):
        begun = Dump(Writer(file, packed=packed), spool)
        if arguments.file != STANDARD:
            resume(begun, file, packed=packed)
        end = begun.end or dump(store, services.kinds, begun)
    told = ", ".join(f"{number} of {kind}" for kind, number in end.documents.items())
    print(f"{arguments.file} is whole; documents: {told or 'none'}", file=sys.stderr)


def resume(begun: Dump, file: BinaryIO, *, packed: bool) -> None:
    """Read what an earlier run has written, and cut off what is not whole. A new file has nothing. Raises Failed."""
    start = GZIP if packed else START
    found = file.read(len(start))
    if not start.startswith(found):
        raise Failed("the file is no dump")
    file.seek(0)
    whole = 0
    for end, lines in blocks(file, packed=packed):
        for text in lines:
            begun.take(decoded(text), text)
        whole = end
    file.seek(whole)
    file.truncate()


def dump(store: Store, kinds: Mapping[str, Kind], begun: Dump) -> End:
    """Write what is missing; the last line. Raises Failed, Unavailable, OSError."""
    names = store.kinds()
    if begun.header is None:
        begun.write(Header(VERSION, names))
    elif begun.header.kinds != names:
        raise Failed(f"the dump was begun with the kinds {', '.join(begun.header.kinds)}; there are {', '.join(names)}")
    for name in names:
        dump_kind(store, kinds[name], begun)
    for name, value in store.counters().items():
        if name not in begun.counters:
            begun.write(Counter(name, value))
    end = begun.tally.end()
    begun.write(end)
    begun.writer.flush()
    return end


def dump_kind(store: Store, kind: Kind, begun: Dump) -> None:
    """Write the documents of one kind.

    One that has entered the feed since the ranks were given takes its place at the end: the feed of a store which loads the dump
    has that order.
    """
    with progress(kind.name, "documents", begun.spool.rank(store, kind.name)) as advance:
        for page in begun.spool.pages(kind.name, PAGE):
            for whole in store.wholes(kind.name, list(page)):
                if page[whole.id] and entry_of(kind, codec.decode(whole.raw)).listed:
                    begun.spool.defer(kind.name, whole.id)
                    continue
                begun.write(Document.of(kind.name, whole))
                advance(1)
