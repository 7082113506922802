"""The lines of a dump, each one JSON text.

The first says what the file is, the last how many lines of which sort there were and the SHA-256 of all before it. In between
are the documents, kind by kind: those outside the feed by id, then those in it in its order. Counters follow: a number that a
document bears was given before the counter was read. Nothing in a dump depends on the store, its revisions, or the time.
"""

from __future__ import annotations

import hashlib
from collections import Counter as Count
from typing import Annotated

import msgspec

from ..storage.base import Whole
from .failures import Failed

VERSION = 1


class Header(msgspec.Struct, frozen=True, tag_field="line", tag="openprocurement-dump"):
    """The first line: the version of the format, and the kinds of documents that may come."""

    version: int
    kinds: list[str]


class Document(msgspec.Struct, frozen=True, tag_field="line", tag="document"):
    """One document, with its revisions from the first on; texts as the store keeps them."""

    kind: str
    id: str
    doc: msgspec.Raw
    history: list[msgspec.Raw]

    @classmethod
    def of(cls, kind: str, whole: Whole) -> Document:
        """The line of a document."""
        return cls(kind, whole.id, msgspec.Raw(whole.raw), [msgspec.Raw(revision) for revision in whole.revisions])

    @property
    def whole(self) -> Whole:
        """The document of a line."""
        return Whole(self.id, bytes(self.doc), tuple(bytes(revision) for revision in self.history))


class Counter(msgspec.Struct, frozen=True, tag_field="line", tag="counter"):
    """The number that a counter gave last."""

    name: str
    value: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class End(msgspec.Struct, frozen=True, tag_field="line", tag="end"):
    """The last line: documents and revisions by kind, counters, and the digest."""

    documents: dict[str, int]
    revisions: dict[str, int]
    counters: int
    sha256: str


Line = Header | Document | Counter | End

_decoder = msgspec.json.Decoder(Line)


def decoded(text: bytes) -> Line:
    """The line of a text. Raises Failed."""
    try:
        line: Line = _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Failed(f"the dump has a line that is none: {error}") from error
    return line


def checked(line: Line | None) -> Header:
    """The first line. Raises Failed if it is not that of a dump which this program reads."""
    if not isinstance(line, Header):
        raise Failed("the file is no dump")
    if line.version != VERSION:
        raise Failed(f"the dump has version {line.version}; this program reads version {VERSION}")
    return line


class Tally:
    """Counts the lines of a dump and digests their texts."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._documents: Count[str] = Count()
        self._revisions: Count[str] = Count()
        self._counters = 0

    def add(self, line: Line, text: bytes) -> None:
        """Take one more line into account."""
        self._digest.update(text)
        if isinstance(line, Document):
            self._documents[line.kind] += 1
            self._revisions[line.kind] += len(line.history)
        elif isinstance(line, Counter):
            self._counters += 1

    def end(self) -> End:
        """The last line of a dump that has these lines."""
        return End(dict(self._documents), dict(self._revisions), self._counters, self._digest.hexdigest())
