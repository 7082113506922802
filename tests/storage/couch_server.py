"""A server for the tests of the CouchDB store, as fixtures: PouchDB Server in memory, or the one that OP_TEST_COUCHDB_URL names.

That URL is `couchdb://admin:password@host:port`; every test makes databases of its own there and leaves them. PouchDB Server is
installed by npm into build/pouchdb. Where there is no node or no registry, the tests are skipped and say why.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.couchdb import CouchStore

FOLDER = Path(__file__).parents[2] / "build" / "pouchdb"
PROGRAM = FOLDER / "node_modules" / "pouchdb-server" / "bin" / "pouchdb-server"
PACKAGE = "pouchdb-server@4.2.0"
INSTALL_SECONDS, START_SECONDS = 300, 30


def installed() -> Path:
    """The program; installed if it is missing, by one process at a time. Skips the tests where that cannot be done."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("neither OP_TEST_COUCHDB_URL nor node and npm are there: the CouchDB store is not tested")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not PROGRAM.exists():
            command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(FOLDER), PACKAGE]
            try:
                subprocess.run(command, cwd=FOLDER, check=True, capture_output=True, timeout=INSTALL_SECONDS)
            except (subprocess.SubprocessError, OSError) as error:
                pytest.skip(f"{PACKAGE} cannot be installed ({error}): the CouchDB store is not tested")
    return PROGRAM


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def answers(port: int, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; False if it ended or took too long."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=1):
                return True
        except OSError:
            time.sleep(0.1)
    return False


@pytest.fixture(scope="session")
def couch_server(tmp_path_factory):
    """The URL of a server, without a prefix: `couchdb://...host:port`."""
    given = os.environ.get("OP_TEST_COUCHDB_URL")
    if given:
        yield given.rstrip("/")
        return
    port = free_port()
    command = ["node", str(installed()), "--in-memory", "--host", "127.0.0.1", "--port", str(port), "--no-stdout-logs"]
    folder = tmp_path_factory.mktemp("pouchdb")
    with (folder / "output").open("wb") as output:
        server = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        if not answers(port, server):
            pytest.fail(f"PouchDB Server does not start: {(folder / 'output').read_text()}")
        yield f"couchdb://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def couch_url(couch_server):
    """The URL of a new, empty store."""
    return f"{couch_server}/t{secrets.token_hex(6)}"


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
