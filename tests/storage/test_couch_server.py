"""The server that tests of CouchDB's protocol get, and what they leave behind there: nothing."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.contract_kinds import create
from openprocurement_api.storage.couchdb import CouchStore
from openprocurement_api.testing import couch

pytest_plugins = ("couch_server",)
WELCOME = {
    "couchdb": "Welcome",
    "version": "3.5.0",
    "features": ["quickjs"],
    "vendor": {"name": "The Apache Software Foundation"},
}


def test_a_store_is_erased_and_its_neighbour_is_not(couch_url):
    stores = [CouchStore(url, KINDS) for url in (couch_url, f"{couch_url}x")]
    for store in stores:
        create(store, "a")
        store.close()
    couch.erase(couch_url)
    left = couch.call(couch.address_of(couch_url), "GET", "/_all_dbs")
    couch.erase(f"{couch_url}x")
    prefix = couch_url.rpartition("/")[2]
    assert [name for name in left if name.startswith(f"{prefix}_")] == []
    assert [name for name in left if name.startswith(f"{prefix}x_")]


@pytest.fixture
def server():
    """A server that says it is CouchDB, to those who have a name."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.headers["Authorization"] else 401)
            self.end_headers()
            self.wfile.write(json.dumps(WELCOME).encode())

        def log_message(self, *_arguments):
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"couchdb://admin:secret@127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_server_that_was_given_is_taken_and_named(server, monkeypatch, tmp_path):
    monkeypatch.setenv(couch.VARIABLE, f"{server}/")
    with couch.running(tmp_path) as url:
        assert couch.about(url) == "couchdb 3.5.0"
        assert couch.about(f"{url}/prefix") == "couchdb 3.5.0"
    assert list(tmp_path.iterdir()) == []


def test_without_npm_there_is_none(monkeypatch, tmp_path):
    monkeypatch.delenv(couch.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(couch.NoServer, match="neither OP_TEST_COUCHDB_URL nor node and npm"), couch.running(tmp_path):
        pass


def test_a_package_that_cannot_be_installed_is_named(monkeypatch, tmp_path):
    monkeypatch.delenv(couch.VARIABLE, raising=False)
    for name in ("npm", "node"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(couch.NoServer, match=r"pouchdb-server@4\.2\.0 cannot be installed"), couch.running(tmp_path / "build"):
        pass
