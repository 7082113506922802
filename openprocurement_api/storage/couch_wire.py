"""One HTTP call to CouchDB: lent connections, limits of time, and the truth about whether it happened.

The couchdb package speaks HTTP here and is imported nowhere else. Of its session we keep the request and the reading of errors.
Its repeats are off (a PUT would be sent twice), its pool and its connections are replaced (an error's connection can end up in
the pool twice), and each call has a session of its own, since threads must not share the cache in it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from couchdb import http
from httptools import HttpParserError, HttpParserUpgrade

from .base import Unavailable
from .couch_names import Address
from .couch_pool import Lease, Pool

T = TypeVar("T")
Params = Mapping[str, str] | None

CONNECT_SECONDS, READ_SECONDS = 3.0, 20.0

# Pauses before a call is made again, in seconds; one more attempt than there are pauses.
PAUSES: Final = (0.05, 0.3)

UNCHANGED, SERVER_ERROR, TOO_MANY = 304, 500, 429

# What the library and the parser raise for connections that break and answers that are cut short or make no sense.
BROKEN: Final = (
    OSError, HttpParserError, HttpParserUpgrade, ValueError, TypeError, LookupError, AttributeError, http.RedirectLimit,
)  # fmt: skip

STATUS: Final = (
    (http.Unauthorized, 401),
    (http.Forbidden, 403),
    (http.ResourceNotFound, 404),
    (http.ResourceConflict, 409),
    (http.PreconditionFailed, 412),
)


class Interrupted(Exception):
    """The call failed in a way that leaves open whether the server did it. The text says how."""


class Refused(Exception):
    """The server understood the call and did not do it: HTTP status, CouchDB's word for the error, and the reason it gives."""

    def __init__(self, status: int, error: str, reason: str) -> None:
        super().__init__(f"{status} {error}: {reason}")
        self.status = status
        self.error = error
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: its HTTP status, its JSON text, and its ETag if it has one."""

    status: int
    raw: bytes
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What the library takes for its cache: an answer that the caller still has, by its ETag."""

    etag: str

    def get(self, _url: str) -> tuple[int, dict[str, str], None] | None:
        """What the library returns if the server says that nothing has changed."""
        return (UNCHANGED, {"etag": self.etag}, None) if self.etag else None

    def put(self, _url: str, _answer: object) -> None:
        """The caller keeps answers, not we."""

    def remove(self, _url: str) -> None:
        """See `put`."""


class Wire:
    """The calls to one server. Threads and greenlets share it; a process that was forked opens its own connections."""

    def __init__(self, address: Address, connect_seconds: float = CONNECT_SECONDS, read_seconds: float = READ_SECONDS) -> None:
        self.address = address
        self._pool = Pool(address, connect_seconds, read_seconds)

    def once(self, method: str, path: Sequence[str], body: bytes | None = None, params: Params = None, etag: str = "") -> Answer:
        """Make the call one time; a GET of what has this ETag still is answered with 304 and no text.

        Raises `Refused`, `Interrupted`, and `Unavailable` if the store is closed.
        """
        lease = Lease(self._pool)
        session = http.Session(retryable_errors=(), max_redirects=-1)
        session.connection_pool = lease
        session.cache = Known(etag)
        headers = {"Content-Type": "application/json"}
        url = http.urljoin(self.address.base, *path, **(params or {}))
        try:
            status, told, data = session.request(method, url, body, headers, self.address.credentials)
            return Answer(status, b"" if data is None else bytes(data.read()), told.get("etag", ""))
        except http.HTTPError as error:
            raise _failure(error) from None
        except BROKEN as error:
            raise Interrupted(f"{self.address}: {type(error).__name__}: {error}") from error
        finally:
            lease.end()

    def close(self) -> None:
        """Close what is idle, and lend nothing any more."""
        self._pool.close()


def persist(call: Callable[[], T]) -> T:
    """What `call` returns; it is made again if it is interrupted, so it must bear repetition. At last `Unavailable`."""
    for pause in PAUSES:
        try:
            return call()
        except Interrupted:
            time.sleep(pause)
    try:
        return call()
    except Interrupted as error:
        raise Unavailable(str(error)) from error


def _failure(error: http.HTTPError) -> Refused | Interrupted:
    """What the library's error says. A 5xx may come from a proxy that had passed the call on: it may have been done."""
    told: Any = error.args[0] if error.args else ""
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 0)
    if not status:
        status, told = told
    code, reason = told if isinstance(told, tuple) else ("", "")
    if status >= SERVER_ERROR or status == TOO_MANY:
        return Interrupted(f"the server answered {status} {code}: {reason}")
    return Refused(status, str(code), str(reason))
