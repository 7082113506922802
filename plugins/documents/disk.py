"""Single files on a disk: written so that a crash leaves the whole of them or nothing, read in spans."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from plugins.documents.storage import CHUNK, StorageFailed


@contextmanager
def medium() -> Iterator[None]:
    """Turn the system's errors into StorageFailed."""
    try:
        yield
    except OSError as error:
        raise StorageFailed(str(error)) from error


@contextmanager
def replacing(target: Path, incoming: Path, root: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of `target`, on disk to the last byte, if the block ends without an error.

    It is written in `incoming`, a folder of the same file system. Folders below `root` are made. Raises StorageFailed.
    """
    with medium(), NamedTemporaryFile(dir=incoming, delete=False) as file:
        try:
            yield file.file
            file.flush()
            os.fsync(file.fileno())
            target.parent.mkdir(parents=True, exist_ok=True)
            Path(file.name).replace(target)
            _sync_folders(target, root)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise


class Span:
    """The bytes of an open file from `start` to `end`. Closes it at the end, or when told to."""

    def __init__(self, file: IO[bytes], start: int, end: int | None) -> None:
        self.file = file
        file.seek(start)
        self.left = os.fstat(file.fileno()).st_size - start if end is None else end - start

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = self.file.read(min(CHUNK, self.left)) if self.left > 0 else b""
        if not chunk:
            self.close()
            raise StopIteration
        self.left -= len(chunk)
        return chunk

    def close(self) -> None:
        """Let go of the file."""
        self.file.close()


def drop_old(path: Path, before: datetime) -> None:
    """Remove a file last written before that moment; what an upload writes just now is younger and stays."""
    with suppress(FileNotFoundError):
        if path.stat().st_mtime < before.timestamp():
            path.unlink()


def _sync_folders(target: Path, root: Path) -> None:
    """Make the names lasting, too: of the file, and of folders that were made for it."""
    for folder in target.parents:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if folder == root:
            return
