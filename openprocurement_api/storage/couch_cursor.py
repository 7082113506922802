"""Cursors of the CouchDB store: a place in the feed, signed by the store that gave it out."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec

from .base import BadCursor
from .couch_database import Place

SIGNATURE = 12


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """Where a reader is: behind `key` of an index of the feed ("place" or "moment").

    Newer than that are the index's keys up to and with `top`, and everything that changed after `seq`; older are the keys before.
    A row read from the changes has `key` = `top`: nothing of the index is newer.
    """

    index: str
    key: str
    top: str
    seq: Place


class Signer:
    """Turns cursors to text and back. `secret` is the store's, `kind` the kind of document whose feed it is."""

    def __init__(self, secret: str, kind: str) -> None:
        self._key = f"{secret} {kind}".encode()

    def text(self, cursor: Cursor) -> str:
        """The cursor as letters, digits, `-` and `_`; the first letter keeps it from being read as a date."""
        payload = urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")
        return f"c{self._signature(payload)}{payload}"

    def cursor(self, text: str) -> Cursor:
        """The inverse of `text`. Raises BadCursor for what this store has not given out.

        CouchDB would take many a strange place for the start or the end of the changes, and skip documents silently.
        """
        signature, payload = text[1 : SIGNATURE + 1], text[SIGNATURE + 1 :]
        if not (text.isascii() and text[:1] == "c" and hmac.compare_digest(signature, self._signature(payload))):
            raise BadCursor(f"{text!r} is not a cursor of this store")
        return msgspec.json.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=Cursor)

    def _signature(self, payload: str) -> str:
        return urlsafe_b64encode(hmac.digest(self._key, payload.encode(), hashlib.sha256)).decode()[:SIGNATURE]
