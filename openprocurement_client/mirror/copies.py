"""What a copy is: the last public state of documents, and the place in the feed up to which it holds. Both move together."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from ..cursor import Place


class CopyError(Exception):
    """The copy cannot be used: it is of something else, in use, damaged, or its disk is full."""


class OtherCopy(CopyError):
    """The copy is of something else."""


class Origin(msgspec.Struct, frozen=True):
    """What a copy is of: the address of the server, the kind of documents, and the mode of the feed."""

    url: str
    kind: str
    mode: str

    def insist(self, kept: Origin, *, moved: bool) -> None:
        """Raise OtherCopy unless a kept copy is of the same; `moved` allows another address."""
        if (kept.kind, kept.mode) != (self.kind, self.mode) or (kept.url != self.url and not moved):
            raise OtherCopy(
                f"it is a copy of {kept.kind} of {kept.url} with mode {kept.mode!r}, not of {self.kind} of {self.url}"
                f" with mode {self.mode!r}: name another file, or, if only the address has changed, add --restart"
            )


class Stamp(msgspec.Struct, rename={"modified": "dateModified"}):
    """What a copy must know of a document: its id, and when it was last changed."""

    id: str
    modified: str

    @property
    def moment(self) -> datetime:
        """When the document was last changed. Raises ValueError."""
        return datetime.fromisoformat(self.modified)


STAMP = msgspec.json.Decoder(Stamp)


class Document(msgspec.Struct, frozen=True):
    """A document as the server sent it: JSON text on one line."""

    id: str
    modified: str
    text: bytes


class Copy(Protocol):
    """A copy. All methods raise CopyError."""

    @property
    def place(self) -> Place | None:
        """How far the copy holds; None if it is new."""
        ...

    def store(self, documents: Sequence[Document], place: Place) -> None:
        """Take in documents and the place after them: both, or after a crash neither."""
        ...

    def settle(self) -> None:
        """The end of the feed is reached: put things in order."""
        ...

    def close(self) -> None:
        """Close the files."""
        ...

    def __len__(self) -> int:
        """How many documents there are."""
        ...


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock file, which stays: two mirrors of one copy would undo each other's steps. Raises CopyError."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise CopyError(f"{path} cannot be made: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise CopyError("another mirror is at work on it") from error
    finally:
        os.close(handle)


def open_copy(target: str, origin: Origin, *, moved: bool = False) -> Copy:
    """The copy at a target: `*.jsonl`, `*.db`, `*.sqlite`, or `sqlite:PATH`. Raises CopyError, and ValueError for another one."""
    from .jsonl import JsonLines
    from .sqlite import Sqlite

    if kind_of(target) is None:
        raise ValueError(f"{target!r} is no target: it should end in .jsonl or .db, or be sqlite:PATH")
    return (JsonLines if kind_of(target) == "jsonl" else Sqlite)(path_of(target), origin, moved=moved)


def kind_of(target: str) -> str | None:
    """`jsonl`, `sqlite`, or None."""
    if target.startswith("sqlite:") or target.endswith((".db", ".sqlite", ".sqlite3")):
        return "sqlite"
    return "jsonl" if target.endswith(".jsonl") else None


def path_of(target: str) -> Path:
    """The file of a target; `sqlite:///var/copy.db` is relative, with four slashes it is not, as in `storage.url`."""
    if target.startswith("sqlite:///"):
        return Path(target.removeprefix("sqlite:///"))
    return Path(target.removeprefix("sqlite:"))
