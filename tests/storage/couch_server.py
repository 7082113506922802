"""A server for the tests of the CouchDB store, as fixtures. Where none can be had, the tests are skipped and say why."""

from __future__ import annotations

import secrets
from contextlib import ExitStack

import pytest

from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.couchdb import CouchStore
from openprocurement_api.testing import couch


@pytest.fixture(scope="session")
def couch_server(request):
    """The URL of a server, without a prefix: `couchdb://...host:port`. With `--store=couchdb...`, that one."""
    given = request.config.getoption("--store")
    if given.startswith("couchdb"):
        yield given
        return
    with ExitStack() as ends:
        try:
            url = ends.enter_context(couch.running(request.config.rootpath / "build" / "pouchdb"))
        except couch.NoServer as error:
            pytest.skip(f"the CouchDB store is not tested: {error}")
        yield url


@pytest.fixture
def couch_url(couch_server):
    """The URL of a new, empty store; its databases are removed at the end."""
    url = f"{couch_server}/t{secrets.token_hex(6)}"
    yield url
    couch.erase(url)


@pytest.fixture
def opened(couch_url):
    """Opens the store with the given kinds; all is closed at the end of the test."""
    stores = []

    def open_it(kinds=KINDS, *, url=couch_url, **options):
        stores.append(CouchStore(url, kinds, **options))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()


@pytest.fixture
def store(opened):
    return opened()
