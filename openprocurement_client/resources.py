"""What the server says, in Python: documents with exact numbers, and things that can be changed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

Doc = dict[str, Any]
"""A JSON object. Numbers with a fraction are `Decimal`: money is never a binary float."""

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class _Envelope(msgspec.Struct):
    data: msgspec.Raw


_RAW_DECODER = msgspec.json.Decoder(_Envelope)


def decoded(text: bytes) -> Any:
    """The value of a JSON text. Raises ValueError."""
    try:
        return _DECODER.decode(text)
    except (RecursionError, ArithmeticError) as error:
        raise ValueError(str(error)) from error


def encoded(value: Any) -> bytes:
    """The JSON text of a value."""
    return _ENCODER.encode(value)


def raw_data(text: bytes) -> bytes:
    """The member `data` of an answer, on one line, every number as it was written. Raises ValueError."""
    return msgspec.json.format(bytes(_RAW_DECODER.decode(text).data), indent=-1)


@dataclass(frozen=True, slots=True)
class Thing:
    """A resource as it was when the server answered.

    `path` is its address below the API's version, `token` proves that you hold it and was shown once, when it was made. `etag`
    stands for this very state. `location` is what the answer pointed at: the new award after a decision, for example.
    """

    path: str
    data: Doc
    etag: str = ""
    token: str = ""
    transfer: str = ""
    location: str = ""

    @property
    def id(self) -> str:
        """The id of the resource."""
        return str(self.data["id"])

    @property
    def status(self) -> str:
        """Its status."""
        return str(self.data["status"])

    def __getitem__(self, field: str) -> Any:
        return self.data[field]

    def at(self, *steps: str) -> str:
        """The path of something below: `tender.at("bids", bid_id)`."""
        return "/".join((self.path, *steps))
