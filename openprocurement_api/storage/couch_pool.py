"""Connections to a CouchDB server, lent to one call at a time."""

from __future__ import annotations

import os
import time
from collections import deque
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection

from .base import Unavailable
from .couch_connection import Connection
from .couch_names import Address

# Servers and proxies close what is idle; an older connection would often fail, and a save's outcome would have to be found out.
IDLE_SECONDS = 4.0


class Pool:
    """A stack of idle connections, each with the time it became idle."""

    def __init__(self, address: Address, connect_seconds: float, read_seconds: float) -> None:
        self._address = address
        self._limits = connect_seconds, read_seconds
        self._idle: deque[tuple[Connection, float]] = deque()
        self._pid = os.getpid()
        self._closed = False

    def take(self) -> Connection:
        """A connection that nobody else uses. Raises `Unavailable` if the store is closed, OSError if the server is not there."""
        if self._closed:
            raise Unavailable("the store is closed")
        if self._pid != os.getpid():
            # Closing the child's copies leaves the parent's connections as they are.
            self._pid = os.getpid()
            self._drop()
        # Only popping tells whether there is one: other threads pop as well.
        with suppress(IndexError):
            while True:
                connection, since = self._idle.pop()
                if time.monotonic() - since < IDLE_SECONDS:
                    return connection
                connection.close()
        return self._open()

    def give(self, connection: Connection) -> None:
        """Take back a connection on which nothing is left to be read."""
        if self._closed or self._pid != os.getpid() or connection.closed:
            connection.close()
        else:
            self._idle.append((connection, time.monotonic()))

    def close(self) -> None:
        """Close what is idle now, the rest when it is given back; lend nothing any more."""
        self._closed = True
        self._drop()

    def _open(self) -> Connection:
        connect, read = self._limits
        kind = HTTPSConnection if self._address.base.startswith("https:") else HTTPConnection
        opened = kind(self._address.host, self._address.port, timeout=connect)
        opened.connect()
        opened.sock.settimeout(read)
        return Connection(opened.sock, self._address.authority)

    def _drop(self) -> None:
        with suppress(IndexError):
            while True:
                self._idle.pop()[0].close()


class Lease:
    """What one call sees of the pool. The connection goes back only if the library says that the answer was read to its end."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._connection: Connection | None = None
        self._clean = False

    def get(self, url: str) -> Connection:
        """The connection for the call."""
        self._connection = self._pool.take()
        return self._connection

    def release(self, url: str, connection: Connection) -> None:
        """Note that the answer was read; the library may say so twice."""
        self._clean = True

    def end(self) -> None:
        """Give the connection back, or close it."""
        if self._connection is None:
            return
        if self._clean:
            self._pool.give(self._connection)
        else:
            self._connection.close()
