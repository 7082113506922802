"""What no application reads, and gunicorn alone would handle badly: requests it cannot parse, and bodies of refused requests.

It answers the former in HTML. Of the latter it reads the rest in small pieces, in one go: a large upload that was refused would
stop everybody else in a worker of greenlets, and in the end the worker.
A body that comes too slowly is given up: a worker has a thousand places, which dead or hostile connections would hold for ever.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import AbstractContextManager, nullcontext, suppress
from errno import ECONNRESET
from http import HTTPStatus
from socket import socket
from typing import IO, Any

from gevent import Timeout, monkey
from gunicorn import util

from .errors import ApiError, Problem

TURN = 1 << 16
"""Bytes that are read before others in a worker of greenlets have their turn: half a gigabyte takes seconds."""
LOCATIONS = {HTTPStatus.REQUEST_URI_TOO_LONG: "url"}
MOST = 1 << 30
"""Bytes that are read of the rest of a body; a longer one ends with its connection."""
GRACE = 60.0
"""Seconds within which each TURN bytes of a body must come, and the rest of it."""
Environ = MutableMapping[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]


def speak_json() -> None:
    """Let this process and its workers answer in the envelope: gunicorn has no setting for it, but one function that answers."""
    util.write_error = write_error


def write_error(sock: socket, status_int: int, reason: str, mesg: str) -> None:
    """Answer and say that the connection ends; takes the place of a function of gunicorn with these arguments."""
    error = ApiError(Problem(LOCATIONS.get(HTTPStatus(status_int), "header"), "request", mesg or reason))
    body = json.dumps(error.envelope()).encode()
    head = (
        f"HTTP/1.1 {status_int} {reason}\r\nConnection: close\r\n"
        f"Content-Type: application/json; charset=UTF-8\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(sock, head.encode("ascii") + body)


def reading(app: Application) -> Application:
    """The application, behind which all of a body is read, and others have their turn meanwhile."""

    def serve(environ: Environ, start: Any) -> Iterable[bytes]:
        if environ.get("CONTENT_LENGTH", "0") == "0" and "HTTP_TRANSFER_ENCODING" not in environ:
            return app(environ, start)
        body = environ["wsgi.input"] = Body(environ["wsgi.input"])
        return Answer(app(environ, start), body)

    return serve


class Body:
    """A body of which all is read, however fast it comes, and of which others have their turn after each TURN bytes.

    broken: reading failed once. Some versions of gunicorn go on as if the body had ended there.
    """

    broken = False

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._left = source, TURN

    def read(self, size: int = -1, /) -> bytes:
        """See PEP 3333. Taken in pieces, each in its time."""
        pieces: list[bytes] = []
        while size and (piece := self._taken(self._source.read, min(size, TURN) if size > 0 else TURN)):
            pieces.append(piece)
            size -= len(piece) if size > 0 else 0
        return b"".join(pieces)

    def readline(self, size: int = -1, /) -> bytes:
        """See PEP 3333."""
        return self._taken(self._source.readline, size)

    def readlines(self, _hint: int = -1, /) -> list[bytes]:
        """See PEP 3333."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _taken(self, read: Callable[[int], bytes], size: int) -> bytes:
        """What one of the source's methods reads. Raises TimeoutError for a body that comes too slowly."""
        try:
            with limit(GRACE):
                found = read(size)
        except Exception:
            self.broken = True
            raise
        self._left -= len(found)
        if self._left <= 0:
            self._left = TURN
            time.sleep(0)
        return found


def limit(seconds: float) -> AbstractContextManager[Any]:
    """Raises TimeoutError after so many seconds of waiting, in a worker of greenlets; others have limits of their own."""
    return Timeout(seconds, TimeoutError("a body comes too slowly")) if monkey.is_module_patched("socket") else nullcontext()


class Answer:
    """An answer after which the rest of the request is read: most clients do not listen before they have sent all of it."""

    def __init__(self, pieces: Iterable[bytes], body: Body) -> None:
        self._pieces, self._body = pieces, body

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        """The answer is sent, or has failed."""
        try:
            if hasattr(self._pieces, "close"):
                self._pieces.close()
        finally:
            drain(self._body)


def drain(body: Body) -> None:
    """Read the rest of a body. Raises ConnectionResetError for one that is broken or too long.

    With that every worker of gunicorn ends the connection without a word: the rest of the body would be taken for requests.
    """
    if not body.broken:
        with suppress(Exception):
            for _ in range(MOST // TURN):
                if not body.read(TURN):
                    return
    raise ConnectionResetError(ECONNRESET, "the rest of a body was not read")
