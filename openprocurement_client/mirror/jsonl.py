"""A copy in JSON Lines: a document a line, the last line of an id is its present state.

The file only grows, until the lines that were overtaken outweigh the others: then it is written anew. Beside it `NAME.state` says
how many bytes of it hold, and for which place in the feed. What comes after them is left from a crash and is cut off.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import msgspec

from ..cursor import Place, put_in_place, replace_file
from .copies import STAMP, CopyError, Document, Origin, OtherCopy, alone

NOT_WORTH_IT = 1000
"""Overtaken lines that may stay while the mirror runs, however few documents there are."""


class State(msgspec.Struct, frozen=True):
    """What holds: so many bytes with so many documents."""

    origin: Origin
    place: Place | None
    size: int
    documents: int


class JsonLines:
    """See Copy."""

    def __init__(self, path: Path, origin: Origin, *, moved: bool = False) -> None:
        self.path, self.origin = path, origin
        self._state_path = path.with_name(f"{path.name}.state")
        self._last: dict[str, int] = {}
        self._lines = 0
        with ExitStack() as opened, self._told():
            opened.enter_context(alone(path.with_name(f"{path.name}.lock")))
            state = self._read_state(moved=moved)
            self._place = state.place if state else None
            self._mend(state)
            self._file = path.open("ab")
            opened.callback(self._close_file)  # it is another one after a compaction
            self._write_state(self._place)
            self._open = opened.pop_all()

    @property
    def place(self) -> Place | None:
        return self._place

    def store(self, documents: Sequence[Document], place: Place) -> None:
        with self._told():
            for document in documents:
                self._note(document.id, self._file.tell())
                self._file.write(document.text + b"\n")
            self._file.flush()
            if documents:
                os.fsync(self._file.fileno())
            self._write_state(place)
        if self._lines - len(self._last) > max(len(self._last), NOT_WORTH_IT):
            self.settle()

    def settle(self) -> None:
        """Write the file anew if it has overtaken lines."""
        if self._lines == len(self._last) or self._place is None:
            return
        with self._told():
            new = self.path.with_name(f"{self.path.name}.new")
            self._last = self._compacted(new)
            self._lines = len(self._last)
            self._file.close()
            # A crash between these two is told by a file that is shorter than its state says: it is complete, and holds.
            put_in_place(new, self.path)
            self._file = self.path.open("ab")
            self._write_state(self._place)

    def _close_file(self) -> None:
        with suppress(OSError):  # what cannot be written any more is not in the state
            self._file.close()

    def close(self) -> None:
        self._open.close()

    def __len__(self) -> int:
        return len(self._last)

    def _compacted(self, new: Path) -> dict[str, int]:
        """Write the present lines to a new file; returns where each one is."""
        found = {}
        with self.path.open("rb") as old, new.open("wb") as file:
            for key, offset in sorted(self._last.items(), key=lambda item: item[1]):
                old.seek(offset)
                found[key] = file.tell()
                file.write(old.readline())
            file.flush()
            os.fsync(file.fileno())
        return found

    def _read_state(self, *, moved: bool) -> State | None:
        if not self._state_path.exists():
            if self.path.exists() and self.path.stat().st_size:
                raise OtherCopy(f"{self.path} has no {self._state_path.name} beside it: it is not known what it is a copy of")
            return None
        state = msgspec.json.decode(self._state_path.read_bytes(), type=State)
        self.origin.insist(state.origin, moved=moved)
        return state

    def _write_state(self, place: Place | None) -> None:
        state = State(self.origin, place, self._file.tell(), len(self._last))
        replace_file(self._state_path, msgspec.json.encode(state))
        self._place = place

    def _mend(self, state: State | None) -> None:
        """Cut off what a crash left, and learn where the line of each document is. Raises CopyError if the file was changed."""
        with self.path.open("a+b") as file:
            if file.seek(0, os.SEEK_END) > (size := state.size if state else 0):
                file.truncate(size)
            file.seek(0)
            while line := file.readline():
                self._note(STAMP.decode(line).id, file.tell() - len(line))
        if state and len(self._last) != state.documents:
            raise CopyError(f"{self.path} has {len(self._last)} documents, and had {state.documents}: somebody changed it")

    def _note(self, id: str, offset: int) -> None:
        self._last[id] = offset
        self._lines += 1

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, msgspec.MsgspecError) as error:
            raise CopyError(f"{self.path}: {error}") from error
