"""Text fields: strings, identifiers, digests, addresses."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

import msgspec
import schematics.types
from schematics.exceptions import ConversionError

JSON = msgspec.json.Encoder(decimal_format="number")
DOTS = re.compile(r"[.\u3002\uff0e\uff61]")
"""What stands between the labels of a host (RFC 3490)."""
HOST_LENGTH, LABEL_LENGTH = 254, 63
"""The longest host there is, with a dot at its end, and the longest label of one."""


class String(schematics.types.StringType):
    """Text. Integers are accepted and written out, as they always were."""

    MESSAGES: ClassVar = {"choices": "Value must be one of {1}."}

    def __init__(self, *, choices: Iterable[str] | None = None, **options: Any) -> None:
        super().__init__(choices=list(choices) if choices else None, **options)

    def to_native(self, value: Any, _context: Any = None) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise ConversionError(self.messages["convert"].format(shown(value)))


class MD5(String):
    """32 hexadecimal digits: the identifier of a node."""

    MESSAGES: ClassVar = {"length": "Hash value is wrong length.", "hex": "Hash value is not hexadecimal."}
    HEX = re.compile(r"[0-9a-fA-F]+")
    LENGTH = 32

    def to_native(self, value: Any, _context: Any = None) -> str:
        text = super().to_native(value)
        self.check_hex(text, self.LENGTH)
        return text

    def check_hex(self, text: str, length: int) -> None:
        """Raises ConversionError unless `text` is `length` hexadecimal digits."""
        if len(text) != length:
            raise ConversionError(self.messages["length"])
        if not self.HEX.fullmatch(text):
            raise ConversionError(self.messages["hex"])


class Hash(MD5):
    """The digest of a file with the name of its algorithm: `md5:d41d8cd98f00b204e9800998ecf8427e`."""

    MESSAGES: ClassVar = {"algorithm": "Hash type is not supported."}
    SIZES: ClassVar = {name: hashlib.new(name, usedforsecurity=False).digest_size for name in hashlib.algorithms_guaranteed}

    def to_native(self, value: Any, _context: Any = None) -> str:
        text = String.to_native(self, value)
        algorithm, _, digest = text.partition(":")
        if not self.SIZES.get(algorithm):  # the length of a shake digest is anybody's choice
            raise ConversionError(self.messages["algorithm"])
        self.check_hex(digest, self.SIZES[algorithm] * 2)
        return text


class URL(String, schematics.types.URLType):
    """An address of the web, http or https; a host of the local network is one too."""

    MESSAGES: ClassVar = {"invalid_url": "Not a well formed URL."}

    def __init__(self, **options: Any) -> None:
        super().__init__(fqdn=False, **options)

    def valid_url(self, value: str) -> Any:
        """The parts of an address, or False.

        A host that is too long is refused unread: writing a name in ASCII takes time with the cube of its length.
        """
        match = self.URL_REGEX.match(value)
        host = (match and match["hostn"]) or ""
        if len(host) > HOST_LENGTH or any(len(label) > LABEL_LENGTH for label in DOTS.split(host)):
            return False
        return super().valid_url(value)


class Email(String, schematics.types.EmailType):
    """An e-mail address."""

    MESSAGES: ClassVar = {"email": "Not a well formed email address."}


def new_id() -> str:
    """A fresh identifier, 32 hexadecimal digits."""
    return uuid4().hex


def kind(value: object) -> str:
    """The type of a JSON value as messages name it."""
    return "float" if isinstance(value, Decimal) else type(value).__name__


def shown(value: object) -> str:
    """A value as messages quote it: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else JSON.encode(value).decode()
