"""Files in a local directory.

::

    ab/cd/abcd...        content, in folders of the first two and the next two digits of the key
    ab/cd/abcd....json   its FileInfo; a file counts as uploaded once this is there
    registered/          FileInfo of files whose content has not come
    incoming/            content on its way

Each file is written aside, synced and moved into its place (`disk`), so that after a crash it is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import uuid4

import msgspec

from openprocurement_api.clock import Clock
from plugins.documents.disk import Span, drop_old, medium, replacing
from plugins.documents.storage import AlreadyUploaded, FileInfo, FileUnknown, StorageFailed, WrongChecksum

_KEY = re.compile(r"[0-9a-f]{32}")


class LocalStore:
    """A FileStore under `root`, which is made if missing. Several processes may use one root."""

    def __init__(self, root: Path, clock: Clock | None = None) -> None:
        self.root = root
        self.registered = root / "registered"
        self.incoming = root / "incoming"
        self.clock = clock or Clock()
        with medium():
            self.registered.mkdir(parents=True, exist_ok=True)
            self.incoming.mkdir(exist_ok=True)

    def register(self, hash: str) -> str:
        """See FileStore."""
        key = uuid4().hex
        self._describe(self._announced(key), FileInfo(key=key, hash=hash, date=self.clock.now))
        return key

    def put(self, chunks: Iterable[bytes], content_type: str, title: str, key: str | None = None) -> FileInfo:
        """See FileStore. Two uploads under one registered key may both succeed: their bytes are the same."""
        announced = None if key is None else self.stat(key)
        if announced and announced.uploaded:
            raise AlreadyUploaded(announced.key)
        key = announced.key if announced else uuid4().hex
        digest, size = hashlib.md5(usedforsecurity=False), 0
        with self._written(self._place(key)) as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            found = f"md5:{digest.hexdigest()}"
            if announced and announced.hash != found:
                raise WrongChecksum(key)
        info = FileInfo(key=key, hash=found, date=self.clock.now, size=size, content_type=content_type, title=title)
        self._describe(_described(self._place(key)), info)
        with medium():
            self._announced(key).unlink(missing_ok=True)
        return info

    def stat(self, key: str) -> FileInfo:
        """See FileStore."""
        described = _described(self._place(key))
        # Looked at twice: an upload that ends between two looks moves the file's description from one place to the other.
        for path in (described, self._announced(key), described):
            with medium(), suppress(FileNotFoundError):
                return _decoded(path)
        raise FileUnknown(key)

    def open(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """See FileStore."""
        with medium():
            try:
                return Span(self._place(key).open("rb"), start, end)
            except FileNotFoundError:
                raise FileUnknown(key) from None

    def redirect(self, _info: FileInfo, /) -> str | None:
        """See FileStore: a directory serves nothing itself."""
        return None

    def collect(self, before: datetime) -> int:
        """See FileStore. Content left behind by crashed uploads goes too."""
        with medium():
            for path in self.incoming.iterdir():
                drop_old(path, before)
        stale = [info for info in self._announcements() if info.date < before]
        for info in stale:
            with medium():
                if not info.uploaded:
                    drop_old(self._place(info.key), before)
                self._announced(info.key).unlink(missing_ok=True)
        return sum(not info.uploaded for info in stale)

    def _announcements(self) -> Iterator[FileInfo]:
        for path in self.registered.glob("*.json"):
            with suppress(FileUnknown):
                yield self.stat(path.stem)

    def _place(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise FileUnknown(key)
        return self.root / key[:2] / key[2:4] / key

    def _announced(self, key: str) -> Path:
        return self.registered / f"{key}.json"

    def _written(self, target: Path) -> AbstractContextManager[IO[bytes]]:
        return replacing(target, self.incoming, self.root)

    def _describe(self, path: Path, info: FileInfo) -> None:
        with self._written(path) as file:
            file.write(msgspec.json.encode(info))


def _described(place: Path) -> Path:
    return place.with_suffix(".json")


def _decoded(path: Path) -> FileInfo:
    try:
        return msgspec.json.decode(path.read_bytes(), type=FileInfo)
    except msgspec.DecodeError as error:
        raise StorageFailed(f"{path}: {error}") from error
