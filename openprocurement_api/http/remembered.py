"""Answers that are sent again while what they were made from is still what is stored.

To a reader without a token a document shows what follows from its revision and from the group of the reader's key, and a page of
the feed follows from the state of its documents. Such an answer is kept together with that revision or state, and the store is
asked for the present one each time: nothing is sent that a fresh reading would not show.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol

from cachetools import LRUCache

from ..keys import Keys, User
from ..storage.base import Missing, Rev, Store
from .body import bare, seen, takes_gzip
from .identity import CALLER, key_of
from .noting import ID, Environ, Notes, document_of, id_of, who

if TYPE_CHECKING:
    from pyramid.registry import Registry
    from pyramid.request import Request
    from pyramid.response import Response
    from pyramid.router import Router

OVERHEAD, LONGEST = 2500, 500
"""Bytes: what an answer takes beside its body, and the longest address, the server's name included, whose answer is kept."""
FAILURE = "openprocurement.failure"
"""What went wrong before Pyramid had the request."""
UNCHANGED = "304 Not Modified"
MEGABYTE = 1 << 20
BASIS = "openprocurement.basis"
"""Where a request says what its answer was made from."""
Headers = list[tuple[str, str]]
Sent = tuple[str, Headers, list[bytes]]
"""Status, headers and body, as WSGI sends them."""
Start = Callable[[str, Headers], object]


class Basis(Protocol):
    """What an answer was made from."""

    def holds(self, store: Store) -> bool:
        """Whether it is still what is stored. Raises StorageError."""


@dataclass(frozen=True, slots=True)
class OfDocument:
    """One revision of one document."""

    kind: str
    id: str
    rev: Rev

    def holds(self, store: Store) -> bool:
        """See Basis."""
        try:
            return store.rev(self.kind, self.id) == self.rev
        except Missing:
            return False


@dataclass(frozen=True, slots=True)
class OfKind:
    """One state of all documents of a kind, and of their feed."""

    kind: str
    state: str

    def holds(self, store: Store) -> bool:
        """See Basis."""
        return store.state(self.kind) == self.state


def based_on(request: Request, basis: Basis) -> None:
    """Say what the answer to a request is made from: from that alone, and from what `subject` names."""
    request.environ[BASIS] = basis


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished answer, with what it was made from, and where the request had led. `short` is for who has it already."""

    basis: Basis
    etag: str
    whole: Sent
    short: Sent
    route: str
    document: str | None

    @property
    def size(self) -> int:
        """Bytes of memory: those of the body, and as many as the rest may take."""
        return OVERHEAD + sum(map(len, self.whole[2]))


class Answers:
    """The answers that are kept, so many megabytes of them; those that nobody asks for give way."""

    def __init__(self, store: Store, megabytes: int) -> None:
        self._store = store
        self._kept: LRUCache[Hashable, Answer] = LRUCache(megabytes * MEGABYTE, getsizeof=lambda answer: answer.size)
        self._lock = Lock()

    def again(self, environ: Environ) -> Answer | None:
        """The answer to an equal request, if it is still true. Raises StorageError."""
        if not is_plain(environ):
            return None
        with self._lock:
            found = self._kept.get(subject(environ))
        return found if found and found.basis.holds(self._store) else None

    def keep(self, request: Request, response: Response) -> None:
        """Keep an answer if its maker has said what it was made from."""
        environ = request.environ
        basis: Basis | None = environ.get(BASIS)
        if basis is None or not is_plain(environ) or response.status_int != HTTPStatus.OK:
            return
        headers = response.headerlist
        answer = Answer(
            basis,
            etag=response.headers["ETag"],
            whole=(response.status, list(headers), [response.body]),
            short=(UNCHANGED, bare(headers), []),
            route=request.matched_route.pattern,
            document=document_of(request.matchdict),
        )
        # A larger one than all that may be kept is refused.
        with self._lock, suppress(ValueError):
            self._kept[subject(environ)] = answer


def is_plain(environ: Environ) -> bool:
    """Whether it is a GET without a token in its head, and with an address of ordinary length."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_X_ACCESS_TOKEN" in environ:
        return False
    return len(environ["PATH_INFO"]) + len(environ["QUERY_STRING"]) + len(environ.get("HTTP_HOST", "")) <= LONGEST


def subject(environ: Environ) -> Hashable:
    """All of a plain request that its answer depends on. A token may be in the query: what depends on one is not kept."""
    user: User | None = environ[CALLER]
    host = environ.get("HTTP_HOST") or (environ["SERVER_NAME"], environ["SERVER_PORT"])
    where = environ["wsgi.url_scheme"], host, environ.get("SCRIPT_NAME"), environ["PATH_INFO"], environ["QUERY_STRING"]
    return *where, takes_gzip(environ.get("HTTP_ACCEPT_ENCODING")), user.actor if user else None


class Front:
    """The WSGI application: what is remembered is sent at once, everything else is Pyramid's."""

    def __init__(self, app: Router, keys: Keys, answers: Answers, notes: Notes) -> None:
        self.app, self.keys, self.answers, self.notes = app, keys, answers, notes
        self.registry: Registry = app.registry

    def __call__(self, environ: MutableMapping[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        began = perf_counter()
        try:
            environ[CALLER] = user = self.keys.user(key_of(environ))
            answer = self.answers.again(environ)
        except Exception as error:  # noqa: BLE001 - behind there is a word for it
            environ[FAILURE], answer = error, None
        if answer is None:
            return self.app(environ, start)  # type: ignore[no-any-return]
        request_id = id_of(environ)
        known = seen(environ, answer.etag)
        status, headers, body = answer.short if known else answer.whole
        spent = perf_counter() - began
        self.notes.take(environ, answer.route, answer.document, int(status[:3]), spent, request_id=request_id, **who(user))
        start(status, [*headers, (ID, request_id)])
        return body
