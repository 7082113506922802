"""The part of `Documents` that takes nothing but keys: believe addresses and write them."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import parse_qsl

from openprocurement_api.errors import Forbidden, Invalid, Problem
from plugins.documents.links import Links, proof_message
from plugins.documents.signing import KeyRing, MalformedSignature, UnknownKey, WrongSignature

_HOST = re.compile(r"\Ahttps?://[^/?#]+", re.IGNORECASE)


class Addresses:
    """The part of `Documents` that is done with keys alone."""

    def __init__(self, links: Links, ring: KeyRing) -> None:
        self.links = links
        self.ring = ring

    def public_url(self, key: str) -> str:
        """See Documents."""
        return self.links.public(key)

    def private_url(self, key: str, now: datetime) -> str:
        """See Documents."""
        return self.links.private(key, now)

    def accept(self, url: str, hash: str | None) -> str:
        """See Documents."""
        key, query = self._own(url)
        if not hash:
            raise Invalid(Problem("body", "hash", "This field is required."))
        try:
            self.ring.verify(query["KeyID"], proof_message(key, hash), query["Signature"])
        except UnknownKey:
            raise bad_url("Document url expired.") from None
        except MalformedSignature:
            raise bad_url("Document url signature invalid.") from None
        except WrongSignature:
            raise bad_url("Document url invalid.") from None
        return key

    def _own(self, url: str) -> tuple[str, dict[str, str]]:
        """Key and query of an address of the document service, which has Signature and KeyID and nothing else."""
        start = f"{self.links.base}/get/"
        if start.startswith("/"):
            # The base names no host, since the API may be known by several; the signature is proof enough.
            url = _HOST.sub("", url)
        address, _, query = url.partition("?")
        key = address.removeprefix(start)
        pairs = parse_qsl(query)
        own = address.startswith(start) and key and "/" not in key and "#" not in url
        if not own or sorted(name for name, _ in pairs) != ["KeyID", "Signature"]:
            raise Forbidden(Problem("body", "url", "Can add document only from document service."))
        return key, dict(pairs)


def bad_url(description: str) -> Invalid:
    """An address that is not good."""
    return Invalid(Problem("body", "url", description))
