"""What the API needs of a document service: the Protocol that the hook `openprocurement_documents` fills in."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from .errors import Problem, TooLarge


class Readable(Protocol):
    """A stream of bytes, such as an open file or the body of a request."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


class Bounded:
    """A body that is `limit` bytes long at most, beside what a form has `around` its file; `length` is what was told of it.

    Raises TooLarge: when it is made, if the length says so already, or when more than that was read.
    """

    def __init__(self, body: Readable, limit: int, *, length: int, around: int = 0) -> None:
        if length > limit + around:
            raise too_large(limit)
        self._body, self._limit, self._left = body, limit, limit + around

    def read(self, size: int, /) -> bytes:
        """See Readable."""
        found = self._body.read(size)
        self._left -= len(found)
        if self._left < 0:
            raise too_large(self._limit)
        return found


def too_large(limit: int) -> TooLarge:
    """The refusal of a file over `limit` bytes."""
    return TooLarge(Problem("body", "file", f"File is larger than {limit} bytes"))


class Uploaded(msgspec.Struct, frozen=True):
    """A file that was kept: `url` is the proof of it, `hash` is ``md5:<hex>``."""

    url: str
    hash: str
    title: str
    format: str

    @property
    def key(self) -> str:
        """The key of the file in its store."""
        return urlsplit(self.url).path.rpartition("/")[2]


class Documents(Protocol):
    """The files of the database's documents. `limit` is that of a file, in bytes: who calls `upload` sees to it."""

    limit: int

    def upload(self, stream: Readable, filename: str, content_type: str) -> Uploaded:
        """Keep a file, or nothing of it if reading raises. Raises BadGateway, TooLarge or Invalid, as what keeps it does."""
        ...

    def accept(self, url: str, hash: str | None) -> str:
        """The key of a file whose address a client sent. Raises Forbidden for a foreign address, Invalid for one not good."""
        ...

    def public_url(self, key: str) -> str:
        """An address that works for ever."""
        ...

    def private_url(self, key: str, now: datetime) -> str:
        """An address that works for 300 s."""
        ...
