"""Where a reader of the feed is, kept in a file that is whole at any moment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from .errors import ClientError


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """A place in the feed: what comes after `forward` is news, what lies before `backward` is history still to be read.

    `forward` is an offset of the server, or a date to begin with, or empty: the beginning. `backward` is None if there is no
    history left.
    """

    forward: str = ""
    backward: str | None = None

    def dumps(self) -> str:
        """As text, for a file or a field of a database."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def loads(cls, text: str | bytes) -> Place:
        """From text. Raises ClientError if it is none that `dumps` wrote."""
        try:
            return msgspec.json.decode(text, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ClientError(f"this is no place in a feed: {error}") from error


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that, whenever the power fails, it is the old one or the new one. Raises OSError."""
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    put_in_place(new, path)


def put_in_place(new: Path, path: Path) -> None:
    """Give a finished file its name, for good. Raises OSError."""
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@dataclass(frozen=True, slots=True)
class CursorFile:
    """A place in a file of its own."""

    path: Path

    def read(self) -> Place | None:
        """The place, None if there is no file yet. Raises ClientError if the file is something else, OSError."""
        try:
            return Place.loads(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except ClientError as error:
            raise ClientError(f"{self.path}: {error}") from error

    def write(self, place: Place) -> None:
        """Keep a place. Raises OSError."""
        replace_file(self.path, place.dumps().encode())
