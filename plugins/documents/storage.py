"""What a place for files must be able to do. Written so that a directory and an S3-like bucket can both do it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

import msgspec

from openprocurement_api.documents import Readable

#: Bytes in one step of reading and writing.
CHUNK = 64 * 1024
DEFAULT_TYPE = "application/octet-stream"
#: Bytes a file may have, where no setting says otherwise.
MAX_SIZE = 1024**3


class FileInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One file: `hash` is ``md5:<32 hex>``, `date` when it was registered or uploaded, `size` in bytes.

    A file without size is registered: its hash was announced, its content has not come.
    """

    key: str
    hash: str
    date: datetime
    size: int | None = None
    content_type: str = DEFAULT_TYPE
    title: str = ""

    @property
    def uploaded(self) -> bool:
        """Whether the content is here."""
        return self.size is not None

    @property
    def format(self) -> str:
        """The media type alone, as documents name it: parameters such as a charset are for who downloads the file."""
        return self.content_type.partition(";")[0].rstrip()


class StorageError(Exception):
    """A file store refused or failed."""


class FileUnknown(StorageError):
    """No file was registered or uploaded under this key."""


class AlreadyUploaded(StorageError):
    """The content came before; a file never changes."""


class WrongChecksum(StorageError):
    """The content is not the one whose hash was registered."""


class StorageFailed(StorageError):
    """The medium failed: disk full, bucket out of reach. Nothing was kept; the same call may succeed later."""


class FileStore(Protocol):
    """A place for files. Keys are chosen by the store. Every method may raise StorageFailed."""

    def register(self, hash: str) -> str:
        """Announce a file by its hash (``md5:<hex>``) and return its key."""
        ...

    def put(self, chunks: Iterable[bytes], content_type: str, title: str, key: str | None = None) -> FileInfo:
        """Keep a file, whole or not at all: under a registered `key`, or under a new one.

        Raises FileUnknown, AlreadyUploaded, WrongChecksum; what `chunks` raises passes through. In each case nothing is kept.
        """
        ...

    def stat(self, key: str) -> FileInfo:
        """What is known of a file, registered or uploaded. Raises FileUnknown."""
        ...

    def open(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`; at most CHUNK at a time. Raises FileUnknown."""
        ...

    def redirect(self, info: FileInfo, /) -> str | None:
        """The URL where the store itself serves the file for a short while, or None if the bytes come through `open`."""
        ...

    def collect(self, before: datetime) -> int:
        """Forget what was registered before that moment and never uploaded; return how many registrations went."""
        ...


def chunked(stream: Readable) -> Iterator[bytes]:
    """Read a stream to its end, CHUNK bytes at a time; other greenlets have their turn after each of them."""
    while chunk := stream.read(CHUNK):
        yield chunk
        time.sleep(0)
