"""A proxy between the store and its server that can spoil the calls passing through it, one at a time or all from one on."""

from __future__ import annotations

import contextlib
import http.client
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

# What the store waits for an answer in these tests, in seconds.
PATIENCE = 0.5

# Before: the server never hears of the call. After: it does the call, and the answer is spoiled.
BEFORE = ("reset before", "silence before", "503 before")
AFTER = ("reset after", "delay after", "truncated", "502 after", "garbage", "nothing")
# The server hears of the call when the store has given up waiting for it.
LATE = "late"
PAGES = {"garbage": b"<html>", "nothing": b""}
FAULTS = (*BEFORE, *AFTER, LATE)


def nothing():
    """What happens between the server's answer and its spoiling."""


@dataclass
class Proxy:
    """Counts calls, and keeps the status and size of each answer.

    `spoil(first, fault, times)` spoils some from the call `first` (counted from now, 0 is the next).
    """

    url: str
    calls: list[str] = field(default_factory=list)
    sent: list[tuple[int, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    plan: dict[int, str] = field(default_factory=dict)
    meanwhile: Callable[[], None] = nothing
    busy: int = 0

    def spoil(self, first, fault, times=1):
        with self.lock:
            self.calls.clear()
            self.sent.clear()
            self.plan = dict.fromkeys(range(first, first + times), fault)

    def heal(self):
        """No more faults; returns when all late calls have reached the server."""
        with self.lock:
            self.plan = {}
        while self.busy:
            time.sleep(0.02)

    def next_fault(self, call):
        with self.lock:
            self.calls.append(call)
            return self.plan.get(len(self.calls) - 1)


class Handler(BaseHTTPRequestHandler):
    """Passes one connection's calls on."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    etag = None

    def pass_on(self):
        proxy = self.server.proxy
        fault = proxy.next_fault(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        proxy.busy += 1
        try:
            self.spoil(fault, body) if fault else self.answer(*self.ask(body))
        except ConnectionError:
            self.close_connection = True
        finally:
            proxy.busy -= 1

    do_GET = do_PUT = do_POST = pass_on  # noqa: N815 - http.server finds the methods by these names

    def ask(self, body):
        server = http.client.HTTPConnection(self.server.target.hostname, self.server.target.port)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        server.request(self.command, self.path, body or None, headers)
        found = server.getresponse()
        text = found.read()
        server.close()
        self.etag = found.getheader("ETag")
        return found.status, text

    def answer(self, status, text, sent=None):
        self.send_response(status)
        self.server.proxy.sent.append((status, len(text)))
        if self.etag:
            self.send_header("ETag", self.etag)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(text[:sent])

    def spoil(self, fault, body):
        self.close_connection = True
        status, text = 503, b""
        if fault in ("silence before", LATE):
            self.outlast()
        if fault not in BEFORE:
            status, text = self.ask(body)
            self.server.proxy.meanwhile()
        if fault == "delay after":
            self.outlast()
        self.answer_spoiled(fault, status, text)

    def outlast(self):
        """Say nothing until the store has given up waiting: until it closes the connection."""
        with contextlib.suppress(ConnectionError):
            assert self.connection.recv(1) == b""

    def answer_spoiled(self, fault, status, text):
        if fault in ("503 before", "502 after"):
            self.answer(int(fault[:3]), b'{"error":"bad gateway","reason":"a proxy says so"}')
        elif fault == "truncated":
            self.answer(status, text, len(text) // 2)
        elif fault in PAGES:
            self.answer(status, PAGES[fault])
        else:
            # With no time to linger, closing sends a reset instead of an end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def log_message(self, format, *args):
        """Nothing."""


class Server(ThreadingHTTPServer):
    """A thread for each connection."""

    daemon_threads = True
    proxy = target = None

    def handle_error(self, request, client_address):
        """Clients that have gone are what these tests are about."""


def start(couch_url):
    """A proxy before the server of a store's URL, and the function that ends it."""
    server = Server(("127.0.0.1", 0), Handler)
    server.target = urlsplit(couch_url)
    user = server.target.netloc.rpartition("@")[0]
    server.proxy = Proxy(f"couchdb://{user + '@' if user else ''}127.0.0.1:{server.server_port}{server.target.path}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()

    def end():
        server.shutdown()
        server.server_close()
        thread.join()

    return server.proxy, end
