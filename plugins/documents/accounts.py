"""Who may upload: names and digests of passwords, in an INI file of the document service.

::

    [uploaders]
    broker = <sha512 of the password, 128 hex digits>
    [api]
    cdb = scrypt:<salt, hex>:<digest, hex>
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b64decode
from collections.abc import Mapping
from configparser import ConfigParser
from pathlib import Path

GROUPS = ("uploaders", "api")
_DIGEST = re.compile(r"[0-9a-f]{128}|scrypt:[0-9a-f]{16,}:[0-9a-f]{128}")


class Accounts:
    """Accounts by name, each with the digest of its password."""

    def __init__(self, digests: Mapping[str, str]) -> None:
        self._digests = digests
        # scrypt is slow on purpose; what was right once is recognised by a fast digest that dies with the process.
        self._secret = secrets.token_bytes(32)
        self._recognised: dict[str, bytes] = {}

    @classmethod
    def read(cls, path: Path) -> Accounts:
        """Read the file. Raises OSError if it cannot be read, ValueError naming a group or an account that is wrong."""
        parser = ConfigParser(interpolation=None, delimiters=("=",))
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read_string(path.read_text(encoding="utf-8"), str(path))
        digests: dict[str, str] = {}
        for group in parser.sections():
            if group not in GROUPS:
                raise ValueError(f"{path}: [{group}] is not a group; groups are {', '.join(GROUPS)}")
            for name, digest in parser.items(group):
                if not _DIGEST.fullmatch(digest) or name in digests:
                    raise ValueError(f"{path}: [{group}] {name}: not a sha512 or scrypt digest, or a name given twice")
                digests[name] = digest
        return cls(digests)

    def admit(self, authorization: str | None) -> str | None:
        """The account of an ``Authorization: Basic`` header; None if the header, name or password is not right."""
        scheme, _, credentials = (authorization or "").partition(" ")
        try:
            name, _, password = b64decode(credentials.strip(), validate=True).decode().partition(":")
        except ValueError:
            return None
        digest = self._digests.get(name)
        if scheme.lower() != "basic" or digest is None:
            return None
        return name if self._right(name, password, digest) else None

    def _right(self, name: str, password: str, digest: str) -> bool:
        mark = hashlib.blake2b(password.encode(), key=self._secret).digest()
        if hmac.compare_digest(self._recognised.get(name, b""), mark):
            return True
        if not hmac.compare_digest(digest, _like(digest, password)):
            return False
        self._recognised[name] = mark
        return True


def digest_of(password: str, salt: str | None = None) -> str:
    """The scrypt line of a password, for the file; `salt` in hex, random if not given."""
    salt = salt or secrets.token_hex(16)
    made = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1)
    return f"scrypt:{salt}:{made.hex()}"


def _like(digest: str, password: str) -> str:
    """The password's digest, made in the way `digest` was."""
    if digest.startswith("scrypt:"):
        return digest_of(password, digest.split(":")[1])
    return hashlib.sha512(password.encode()).hexdigest()
