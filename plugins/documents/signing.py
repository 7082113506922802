"""Ed25519 signatures of document addresses, and the ring of keys whose signatures are believed.

A key is known on the wire by its KeyID: the first 8 hex digits of its public half. A signature travels as base64 that is
percent-quoted and then quoted once more with the rest of the query (``+`` arrives as ``%252B``).
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from urllib.parse import quote, unquote, urlencode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_ID_LENGTH = 8
_KEY = re.compile(r"[0-9a-fA-F]{64}")
_SEPARATORS = re.compile(r"[\0,\s]+")
_SEED_MARK = "seed:"


class SignatureRefused(Exception):
    """A signature that proves nothing."""


class UnknownKey(SignatureRefused):
    """No key of this KeyID is in the ring."""


class MalformedSignature(SignatureRefused):
    """The signature is not base64."""


class WrongSignature(SignatureRefused):
    """The key did not sign this message."""


class Signer:
    """Signs with one private key. `key_id` and `verify_key` (64 hex digits) tell others how to check."""

    def __init__(self, seed_hex: str) -> None:
        """Take the seed: 32 bytes as 64 hex digits. Raises ValueError for anything else."""
        self._key = Ed25519PrivateKey.from_private_bytes(_key_bytes(seed_hex, "dockey"))
        self.public_key = self._key.public_key()
        self.verify_key = self.public_key.public_bytes_raw().hex()
        self.key_id = self.verify_key[:KEY_ID_LENGTH]

    def sign(self, message: bytes) -> str:
        """The detached signature, base64."""
        return b64encode(self._key.sign(message)).decode()


class KeyRing(Mapping[str, Ed25519PublicKey]):
    """Public keys by KeyID."""

    def __init__(self, keys: Mapping[str, Ed25519PublicKey]) -> None:
        self._keys = dict(keys)

    @classmethod
    def of(cls, setting: str, *own: Signer) -> KeyRing:
        """Read a setting, and add the keys of `own` signers.

        Items are public keys of 64 hex digits (or ``seed:`` and 64 digits), separated by NUL, comma or whitespace.
        Raises ValueError for an item that is no key, and for two different keys of one KeyID.
        """
        keys: dict[str, Ed25519PublicKey] = {}
        items = [item for item in _SEPARATORS.split(setting) if item]
        for public in [*map(_public_key, items), *(signer.public_key for signer in own)]:
            key_id = public.public_bytes_raw().hex()[:KEY_ID_LENGTH]
            if keys.setdefault(key_id, public) != public:
                raise ValueError(f"two keys have the KeyID {key_id}")
        return cls(keys)

    def __getitem__(self, key_id: str) -> Ed25519PublicKey:
        return self._keys[key_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __or__(self, other: KeyRing) -> KeyRing:
        return KeyRing({**self._keys, **other})

    def verify(self, key_id: str, message: bytes, signature: str) -> None:
        """Return if the key signed the message; `signature` is base64, still quoted or not.

        Raises UnknownKey, MalformedSignature or WrongSignature.
        """
        try:
            key = self._keys[key_id]
        except KeyError:
            raise UnknownKey(key_id) from None
        try:
            # A plus sign that was never quoted has become a space on its way through the query.
            raw = b64decode(unquote(signature).replace(" ", "+"), validate=True)
        except ValueError:
            raise MalformedSignature(signature) from None
        try:
            key.verify(raw, message)
        except InvalidSignature:
            raise WrongSignature(key_id) from None


def signed_query(key_id: str, signature: str, **others: str) -> str:
    """The query string of a signed address, with the signature quoted twice."""
    return urlencode({**others, "KeyID": key_id, "Signature": quote(signature)})


def _public_key(item: str) -> Ed25519PublicKey:
    if item.startswith(_SEED_MARK):
        return Signer(item.removeprefix(_SEED_MARK)).public_key
    return Ed25519PublicKey.from_public_bytes(_key_bytes(item, "dockeys"))


def _key_bytes(text: str, setting: str) -> bytes:
    if not _KEY.fullmatch(text):
        # The text itself stays out of the message: it may be a seed that lost a digit.
        raise ValueError(f"{setting}: a key is 64 hexadecimal digits, not {len(text)} characters")
    return bytes.fromhex(text)
