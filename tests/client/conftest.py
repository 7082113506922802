"""The client against the API, without a socket and over one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import pytest
from scripted import HOST

from openprocurement_api.testing.builders import tender
from openprocurement_client import Client, Connection


@pytest.fixture
def connect(api):
    """Makes clients of the API by name of key; everything goes through the WSGI application itself."""
    made = []

    def client(key: str = "broker", **options) -> Client:
        transport = httpx.WSGITransport(api.web.app, remote_addr="127.0.0.1")
        made.append(Client(HOST, key=key, connection=Connection(transport=transport), **options))
        return made[-1]

    yield client
    for each in made:
        each.close()


@pytest.fixture
def client(connect) -> Client:
    return connect()


@pytest.fixture
def announce(api) -> Callable[..., str]:
    """Announces a tender; returns its id."""

    def announced(title: str = "Парти", **changes) -> str:
        return api.post("/tenders", tender(api.clock.now, title=title, **changes)).id

    return announced


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        """A client that was killed is no news."""


@contextmanager
def serving(app) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, Threaded, Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def url(api) -> Iterator[str]:
    """The API on a socket."""
    with serving(api.web.app) as address:
        yield address
