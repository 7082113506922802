"""Files of lines, plain or compressed, that can be cut off at any byte and continued.

A compressed file is a row of gzip members, each of whole lines and closed at the first line end after so many bytes. So a
continued file has the bytes of one that was never cut; any gzip program reads it.
"""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from .failures import Failed

STANDARD = "-"
BLOCK, CHUNK = 2**20, 2**16
LEVEL = 6


class Writer:
    """Writes lines in blocks. What was not written by `flush` may be lost."""

    def __init__(self, file: BinaryIO, *, packed: bool) -> None:
        self._file = file
        self._packed = packed
        self._block = bytearray()

    def write(self, line: bytes) -> None:
        """Write a line with its end."""
        self._block += line
        if len(self._block) >= BLOCK:
            self.flush()

    def flush(self) -> None:
        """Write what is left, so that it survives a failure of the machine."""
        if self._block:
            self._file.write(gzip.compress(self._block, LEVEL, mtime=0) if self._packed else self._block)
            self._block.clear()
        self._file.flush()
        with suppress(OSError):  # a pipe keeps nothing
            os.fsync(self._file.fileno())


def packs(name: str) -> bool:
    """Whether a file of this name is compressed."""
    return name.endswith(".gz")


@contextmanager
def output(name: str, *, resume: bool) -> Iterator[BinaryIO]:
    """A file to write to: a new one, or one that is there and may be read too. Raises Failed, OSError."""
    if name == STANDARD:
        if resume:
            raise Failed("--resume needs a file: what was written to standard output cannot be read again")
        yield sys.stdout.buffer
        return
    if not resume and Path(name).exists():
        raise Failed(f"{name} is there already; --resume continues a dump that was cut off")
    if not Path(name).exists():
        # A dump holds what is sealed: only its owner may read it.
        os.close(os.open(name, os.O_CREAT | os.O_EXCL, 0o600))
    with Path(name).open("r+b") as file:
        yield file


def blocks(file: BinaryIO, *, packed: bool) -> Iterator[tuple[int, list[bytes]]]:
    """The whole blocks of a file that may be cut: where each ends, and its lines. A line is a block of a plain file."""
    found = _members(file) if packed else _lines(file)
    for end, text in found:
        yield end, text.splitlines(keepends=True)


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    end = 0
    for line in file:
        if not line.endswith(b"\n"):
            return
        end += len(line)
        yield end, line


def _members(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    end, ahead = 0, b""
    while True:
        unpacker, text = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16), b""
        while not unpacker.eof:
            data = ahead or file.read(CHUNK)
            if not data:
                return
            try:
                text += unpacker.decompress(data)
            except zlib.error:
                return
            end += len(data) - len(unpacker.unused_data)
            ahead = unpacker.unused_data
        yield end, text


class Reader:
    """Reads the lines of a file or of standard input. Where that is cut or damaged, the lines end. Raises OSError."""

    def __init__(self, name: str) -> None:
        self._plain = sys.stdin.buffer if name == STANDARD else Path(name).open("rb")  # noqa: SIM115 - see close
        self._file: BinaryIO | gzip.GzipFile = gzip.GzipFile(fileobj=self._plain) if packs(name) else self._plain
        self.size = None if name == STANDARD else Path(name).stat().st_size

    def __iter__(self) -> Iterator[bytes]:
        with suppress(EOFError, zlib.error, gzip.BadGzipFile):
            for line in self._file:
                if line.endswith(b"\n"):
                    yield line

    def position(self) -> int:
        """How many bytes of the file were read; 0 where it cannot tell."""
        return self._plain.tell() if self.size is not None else 0

    def close(self) -> None:
        """Close the file."""
        self._plain.close()
