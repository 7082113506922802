"""The signed addresses of files: who may write one, what each of them promises."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from plugins.documents.signing import Signer, signed_query

#: How long an address of a private file works.
EXPIRES = timedelta(seconds=300)
_REMEMBERED = 32768
#: Where the API serves files itself; with no docservice_url it is the base of their addresses, and the host is the one asked.
MOUNT = "/docservice"


class Links:
    """Writes addresses under `base`, signed with one key.

    The base is the public URL of the document service, or a path: then addresses are paths, and who sends them adds the host.
    """

    def __init__(self, base: str, signer: Signer) -> None:
        self.base = base.rstrip("/")
        self.signer = signer
        # Ed25519 is deterministic: what has no expiry is signed once, however often a list of documents is read.
        self._lasting = lru_cache(maxsize=_REMEMBERED)(self._signed)

    def proof(self, key: str, hash: str) -> str:
        """The address given to an uploader: proves to the API that this file with this hash is kept here."""
        return self._lasting("get", key, proof_message(key, hash))

    def public(self, key: str) -> str:
        """A reading address without expiry."""
        return self._lasting("get", key, key.encode())

    def private(self, key: str, now: datetime) -> str:
        """A reading address that works until `now` + 300 s."""
        expires = str(int((now + EXPIRES).timestamp()))
        return self._address("get", key, self.signer.sign(expiring_message(key, expires)), Expires=expires)

    def upload(self, key: str) -> str:
        """Where the content of a registered file may be sent, once."""
        return self._lasting("upload", key, key.encode())

    def _signed(self, action: str, key: str, message: bytes) -> str:
        return self._address(action, key, self.signer.sign(message))

    def _address(self, action: str, key: str, signature: str, **others: str) -> str:
        return f"{self.base}/{action}/{key}?{signed_query(self.signer.key_id, signature, **others)}"


def proof_message(key: str, hash: str) -> bytes:
    """What a proof signs; `hash` is ``md5:<hex>``, of which the hex counts."""
    return f"{key}\0{hash.partition(':')[2] or hash}".encode()


def expiring_message(key: str, expires: str) -> bytes:
    """What an address with expiry signs; `expires` is in seconds since 1970."""
    return f"{key}\0{expires}".encode()
