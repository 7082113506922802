"""Names on the CouchDB server: the address of a store, its databases, ids of documents, keys of the indexes.

Keys are text in digits and the letters a-f, numbers at a fixed width. Whatever compares them (CouchDB's Unicode collation, bytes,
Python) finds the same order, and no number passes through the JavaScript of a map function, which would round it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from .index import microseconds

SCHEMES = {"couchdb": ("http", 5984), "couchdbs": ("https", 6984)}
PREFIX = re.compile(r"[a-z][a-z0-9_-]*")
UNFINISHED = re.compile(r":(?!//|[0-9]*(/|$)).*")
"""What follows a colon and is no port: a password, where the host is missing."""
WIDTH = 18
YEAR_ONE = microseconds(datetime.min.replace(tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Address:
    """Where a store is. Its text, made for logs and errors, holds no credentials."""

    scheme: str
    host: str
    port: int
    prefix: str
    credentials: tuple[str, str] | None = field(repr=False)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}/{self.prefix}"

    @classmethod
    def parse(cls, url: str, name: str = "storage.url") -> Address:
        """Read `couchdb://user:pw@host:port/prefix`; `couchdbs` is the same over TLS. Characters such as @ are %-encoded.

        Raises ValueError, which says what the URL was given as (`name`) and does not tell the password.
        """
        complaint = f"{name} must be couchdb://USER:PASSWORD@HOST:PORT/PREFIX, not {masked(url)!r}"
        try:
            parts = urlsplit(url)
            usual = SCHEMES[parts.scheme][1]
            port = parts.port or usual
        except (ValueError, KeyError):
            raise ValueError(complaint) from None
        prefix = parts.path[1:]
        if not parts.hostname or not PREFIX.fullmatch(prefix) or parts.query or parts.fragment:
            raise ValueError(complaint)
        known = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        return cls(parts.scheme, parts.hostname, port, prefix, known)

    @property
    def authority(self) -> str:
        """Host and port, as a URL and the header Host have them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def base(self) -> str:
        """The root URL of the server, without credentials."""
        return f"{SCHEMES[self.scheme][0]}://{self.authority}"

    def database(self, kind: str, part: str = "") -> str:
        """The database of a kind's bodies, or of its `part`: "feed" or "history"."""
        return "_".join([self.prefix, *filter(None, [_escaped(kind), part])])

    @property
    def counters(self) -> str:
        """The database of the counters; the empty word before it keeps it apart from a kind named "counters"."""
        return f"{self.prefix}__counters"


def masked(url: str) -> str:
    """`url` without all that may belong to a password, well-formed or not: people forget to write / and @ as %2F and %40."""
    scheme, _, rest = url.partition(":")
    credentials, _, host = rest.rpartition("@")
    if not credentials:
        return UNFINISHED.sub(":***", url)
    return f"{scheme}:{'//' if credentials.startswith('//') else ''}***@{host}"


def doc_id(id: str) -> str:
    """The id under which CouchDB keeps the document `id`: no path of the server's own, nothing a proxy would rewrite."""
    return f"~{id}" if not id or id[0] in "_~." else id


def id_of(doc_id: str) -> str:
    """The inverse of `doc_id`."""
    return doc_id.removeprefix("~")


def key_of(instant: int, doc_id: str = "") -> str:
    """The key of a document at so many microseconds since the epoch; without a document, one before all those of that time."""
    number = min(max(instant - YEAR_ONE, 0), 10**WIDTH - 1)
    return f"{number:0{WIDTH}d}{doc_id.encode().hex()}"


def instant_of(key: str) -> int:
    """The microseconds since the epoch that a key begins with."""
    return int(key[:WIDTH]) + YEAR_ONE


def _escaped(kind: str) -> str:
    """Lower-case letters, digits and hyphens stay; the `_` that joins names is escaped, so no two kinds share a database."""
    return "".join(c if re.fullmatch("[a-z0-9-]", c) else "".join(f"${byte:02x}" for byte in c.encode()) for c in kind)
