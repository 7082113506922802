"""Documents kept by the API's own process, without a document service in between."""

from __future__ import annotations

from openprocurement_api.documents import Readable, Uploaded
from openprocurement_api.errors import BadGateway, Problem
from openprocurement_api.forms import file_name
from plugins.documents.addresses import Addresses, bad_url
from plugins.documents.links import Links
from plugins.documents.names import media_type
from plugins.documents.signing import KeyRing
from plugins.documents.storage import DEFAULT_TYPE, MAX_SIZE, FileStore, FileUnknown, StorageFailed, chunked


class Embedded(Addresses):
    """Documents in a file store. If `strict`, an address is accepted only when the content has come; `limit` is in bytes."""

    def __init__(self, links: Links, ring: KeyRing, store: FileStore, *, strict: bool = False, limit: int = MAX_SIZE) -> None:
        super().__init__(links, ring)
        self.store = store
        self.strict = strict
        self.limit = limit

    def upload(self, stream: Readable, filename: str, content_type: str) -> Uploaded:
        """See Documents."""
        try:
            info = self.store.put(chunked(stream), media_type(content_type, DEFAULT_TYPE), file_name("", filename))
        except StorageFailed as error:
            raise _try_later() from error
        return Uploaded(self.links.proof(info.key, info.hash), info.hash, info.title, info.format)

    def accept(self, url: str, hash: str | None) -> str:
        """See Documents."""
        key = super().accept(url, hash)
        if self.strict and not self._came(key):
            raise bad_url("Document is not uploaded.")
        return key

    def _came(self, key: str) -> bool:
        """Whether a file is complete. One that the store never heard of may live in an older store: its proof is believed."""
        try:
            return self.store.stat(key).uploaded
        except FileUnknown:
            return True
        except StorageFailed as error:
            raise _try_later() from error


def _try_later() -> BadGateway:
    return BadGateway(Problem("body", "file", "Upload failed, please try again later"))
