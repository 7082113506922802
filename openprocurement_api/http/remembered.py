"""Answers that are sent again while what they were made from is still what is stored.

To a reader without a token a document shows what follows from its revision and from the group of the reader's key, and a page of
the feed follows from the state of the store. Such an answer is kept together with that revision or state, and the store is asked
for the present one each time: nothing is sent that a fresh reading would not show.
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

from ..storage.base import Rev, Store
from .body import bare, seen
from .identity import Keys, User, key_of
from .noting import ID, Environ, Notes, document_of, id_of, who

if TYPE_CHECKING:
    from pyramid.registry import Registry
    from pyramid.request import Request
    from pyramid.response import Response
    from pyramid.router import Router

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
        return store.rev(self.kind, self.id) == self.rev


@dataclass(frozen=True, slots=True)
class OfStore:
    """One state of the store."""

    state: str

    def holds(self, store: Store) -> bool:
        """See Basis."""
        return store.state() == self.state


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
        """Bytes of the body."""
        return sum(map(len, self.whole[2]))


class Answers:
    """The answers that are kept, so many megabytes of them; those that nobody asks for give way."""

    def __init__(self, store: Store, keys: Keys, megabytes: int) -> None:
        self._store, self._keys = store, keys
        self._kept: LRUCache[Hashable, Answer] = LRUCache(megabytes * MEGABYTE, getsizeof=lambda answer: answer.size)
        self._lock = Lock()

    def again(self, environ: Environ, user: User | None) -> Answer | None:
        """The answer to an equal request, if it is still true. Raises StorageError."""
        if environ["REQUEST_METHOD"] != "GET" or "HTTP_X_ACCESS_TOKEN" in environ:
            return None
        with self._lock:
            found = self._kept.get(subject(environ, user))
        return found if found and found.basis.holds(self._store) else None

    def keep(self, request: Request, response: Response) -> None:
        """Keep an answer if its maker has said what it was made from."""
        environ = request.environ
        basis: Basis | None = environ.get(BASIS)
        if basis is None or request.method != "GET" or response.status_int != HTTPStatus.OK:
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
        key = subject(environ, self._keys.user(key_of(environ)))
        # A larger one than all that may be kept is refused.
        with self._lock, suppress(ValueError):
            self._kept[key] = answer


def subject(environ: Environ, user: User | None) -> Hashable:
    """All of a request for reading that its answer depends on, but for a token: what depends on one is not kept."""
    get = environ.get
    address = environ["PATH_INFO"], environ.get("QUERY_STRING"), environ["wsgi.url_scheme"], get("HTTP_HOST")
    return *address, get("HTTP_ACCEPT_ENCODING"), user.actor if user else None


class Front:
    """The WSGI application: what is remembered is sent at once, everything else is Pyramid's."""

    def __init__(self, app: Router, keys: Keys, answers: Answers, notes: Notes) -> None:
        self.app, self.keys, self.answers, self.notes = app, keys, answers, notes
        self.registry: Registry = app.registry

    def __call__(self, environ: MutableMapping[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        began = perf_counter()
        try:
            user = self.keys.user(key_of(environ))
            answer = self.answers.again(environ, user)
        except Exception:  # noqa: BLE001 - behind, the same is met again, and there is a word for it
            answer = None
        if answer is None:
            return self.app(environ, start)  # type: ignore[no-any-return]
        request_id = id_of(environ)
        known = seen(environ, answer.etag)
        status, headers, body = answer.short if known else answer.whole
        spent = perf_counter() - began
        self.notes.take(environ, answer.route, answer.document, int(status[:3]), spent, request_id=request_id, **who(user))
        start(status, [*headers, (ID, request_id)])
        return body
