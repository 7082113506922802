"""Files for the document service."""

from __future__ import annotations

import hashlib
import mimetypes
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import httpx

from .answers import data_of
from .errors import ClientError
from .resources import Doc
from .wire import Call, Wire

Source = Path | BinaryIO
"""A file by its path, or one that is open for reading bytes."""
CHUNK = 1 << 16
DEFAULT_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class File:
    """An open file and what it is to be called. It must be possible to read it twice."""

    content: BinaryIO
    title: str
    format: str = DEFAULT_TYPE

    @property
    def parts(self) -> dict[str, Any]:
        """The form to send."""
        return {"file": (self.title, self.content, self.format)}

    def md5(self) -> str:
        """`md5:` and the digest, as the wire contract wants it."""
        digest = hashlib.md5(usedforsecurity=False)
        self.content.seek(0)
        while chunk := self.content.read(CHUNK):
            digest.update(chunk)
        return f"md5:{digest.hexdigest()}"


@dataclass(frozen=True, slots=True)
class Documents:
    """The document service at `url`. `auth` is name and password, if it has accounts of its own."""

    wire: Wire
    url: str
    auth: tuple[str, str] | None = None

    def upload(self, file: File) -> Doc:
        """Send a file; returns url, hash, format and title for the document to add.

        It may be repeated: a file that no document names is forgotten by the service. Raises ClientError, also if the file did
        not arrive as it was sent.
        """
        call = Call("POST", f"{self.url}/upload", files=file.parts, auth=self.auth, harmless=True)
        kept = self.wire.send(call, data_of)
        if kept.get("hash") != file.md5():
            raise ClientError(f"{file.title}: the document service received something else than was sent")
        return kept


def documents_at(address: str, key: str, wire: Wire) -> Documents:
    """The document service at an address; name and password are in it, or the key of the platform is its name."""
    url = httpx.URL(address.rstrip("/"))
    auth = (url.username, url.password) if url.username else ((key, "") if key else None)
    return Documents(wire, str(url.copy_with(username=None, password=None)), auth)


def opened(file: Source) -> AbstractContextManager[BinaryIO]:
    """The open file; one that the caller opened stays open. Raises OSError."""
    return file.open("rb") if isinstance(file, Path) else nullcontext(file)


def described(content: BinaryIO, title: str) -> File:
    """The file with a title and a type; both come from its name if they are not given."""
    name = title or Path(str(getattr(content, "name", "document"))).name
    return File(content, name, mimetypes.guess_type(name)[0] or DEFAULT_TYPE)
