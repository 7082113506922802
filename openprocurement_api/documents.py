"""What the API needs of a document service: the Protocol that the hook `openprocurement_documents` fills in."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

import msgspec


class Readable(Protocol):
    """A stream of bytes, such as an open file or the body of a request."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""
        ...


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
    """The files of the database's documents."""

    def upload(self, stream: Readable, filename: str, content_type: str) -> Uploaded:
        """Keep a file. Raises BadGateway, TooLarge or Invalid, as what keeps it fails or refuses."""
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
