"""Documents to JSON text and back, with nothing lost or bent on the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(dict[str, Any])
_parts = msgspec.json.Decoder(dict[str, msgspec.Raw])


def encode(value: dict[str, Any]) -> bytes:
    """`value` as JSON text in UTF-8; raises ValueError for anything that would not come back as it is.

    The encoder writes NaN as null, a Decimal as a string and a set as a list. Comparing with the decoded text finds all of them.
    """
    try:
        raw = _encoder.encode(value)
    except TypeError as error:
        raise ValueError(f"a document must be plain JSON: {error}") from error
    if _decoder.decode(raw) != value:
        raise ValueError("a document must be plain JSON: it holds NaN, an infinity or a value of another type")
    return raw


def excerpt(document: dict[str, Any], names: Iterable[str]) -> bytes:
    """Some fields of a document that has been encoded, or was decoded, as JSON text: that they are plain is known."""
    return _encoder.encode({name: document[name] for name in names if name in document})


def decode(raw: bytes) -> dict[str, Any]:
    """The document of a text; ValueError if it is none."""
    return _decoder.decode(raw)


def decode_beside(raw: bytes, other: dict[str, Any]) -> dict[str, Any]:
    """The document of a text, with the very values of `other` where these are written alike: comparing the two is cheap then.

    Whoever changes one of them may only change its top level.
    """
    parts = {name: bytes(part) for name, part in _parts.decode(raw).items()}
    alike = {name for name, part in parts.items() if name in other and _encoder.encode(other[name]) == part}
    return {name: other[name] if name in alike else msgspec.json.decode(part) for name, part in parts.items()}
