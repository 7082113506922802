"""Is a signed address good? The checks of the document service, with the messages of the wire contract."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from openprocurement_api.errors import Forbidden, Problem
from plugins.documents.links import expiring_message
from plugins.documents.signing import KeyRing, MalformedSignature, WrongSignature

#: Seconds since 1970. Bounded: 32 digits may be an MD5 sum, and then the signature is a proof of upload, not a ticket.
_SECONDS = re.compile(r"[0-9]{1,11}", re.ASCII)


class Tickets:
    """Checks queries against two rings: `own` keys of the document service, `api` keys of those who publish its files.

    `default` is the KeyID of a query without one. All refusals are Forbidden, with location url.
    """

    def __init__(self, own: KeyRing, api: KeyRing, default: str) -> None:
        self.own = own
        self.api = api
        self.all = own | api
        self.default = default

    def uploading(self, key: str, query: Mapping[str, str]) -> None:
        """Let pass whoever may send the content of the registered file `key`."""
        self._verify(self.own, key.encode(), query)

    def reading(self, key: str, query: Mapping[str, str], now: datetime) -> None:
        """Let pass whoever may read the file `key`: until ``Expires``, or for good if one of the API's keys says so.

        ``Prefix`` (a folder of older stores) is part of the signed message only.
        """
        key_id = query.get("KeyID", self.default)
        if key_id in self.all and key_id not in self.api and "Expires" not in query:
            raise refusal("KeyID", "Key Id does permit to get private document")
        message = key.encode()
        if "Expires" in query:
            expires = query["Expires"]
            if not _SECONDS.fullmatch(expires) or int(expires) < now.timestamp():
                raise refusal("Expires", "Request has expired")
            message = expiring_message(key, expires)
        if "Prefix" in query:
            message = f"{query['Prefix']}/".encode() + message
        self._verify(self.all, message, query)

    def _verify(self, ring: KeyRing, message: bytes, query: Mapping[str, str]) -> None:
        key_id = query.get("KeyID", self.default)
        if key_id not in ring:
            raise refusal("KeyID", "Key Id does not exist")
        if not query.get("Signature"):
            raise refusal("Signature", "Not Found")
        try:
            ring.verify(key_id, message, query["Signature"])
        except MalformedSignature:
            raise refusal("Signature", "Signature invalid") from None
        except WrongSignature:
            raise refusal("Signature", "Signature does not match") from None


def refusal(name: str, description: str) -> Forbidden:
    """An address that is not good."""
    return Forbidden(Problem("url", name, description))
