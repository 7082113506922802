"""A server for tests of CouchDB's protocol: the one that OP_TEST_COUCHDB_URL names, or PouchDB Server in memory, from npm.

That URL is `couchdb://admin:password@host:port`; each test makes databases of its own there and removes them.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from ..storage.couch_names import Address
from .processes import free_port

VARIABLE = "OP_TEST_COUCHDB_URL"
PACKAGE = "pouchdb-server@4.2.0"
INSTALL_SECONDS, START_SECONDS = 300, 60


class NoServer(Exception):
    """There is no server, and none can be started; the text says why."""


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """The URL of a server, without a prefix. PouchDB Server is installed into `folder` if need be. Raises NoServer."""
    given = os.environ.get(VARIABLE)
    if given:
        yield given.rstrip("/")
        return
    with ExitStack() as ends:
        scratch = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="pouchdb-")))
        output = ends.enter_context((scratch / "output").open("wb"))
        server, port = start(installed(folder), scratch, output)
        ends.callback(server.wait)
        ends.callback(server.terminate)
        if not answers(port, server):
            raise NoServer(f"PouchDB Server does not start: {(scratch / 'output').read_text()}")
        yield f"couchdb://127.0.0.1:{port}"


def start(program: Path, scratch: Path, output: IO[bytes]) -> tuple[subprocess.Popen[bytes], int]:
    """A PouchDB Server that keeps everything in memory, and its port."""
    port = free_port()
    command = ["node", str(program), "--in-memory", "--host", "127.0.0.1", "--port", str(port), "--no-stdout-logs"]
    return subprocess.Popen(command, cwd=scratch, stdout=output, stderr=output), port  # noqa: S603 - the command above


def installed(folder: Path) -> Path:
    """The program; installed if it is missing, by one process at a time. Raises NoServer where that cannot be done."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        raise NoServer(f"neither {VARIABLE} nor node and npm are there")
    program = folder / "node_modules" / "pouchdb-server" / "bin" / "pouchdb-server"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(folder), PACKAGE]
            try:
                subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=INSTALL_SECONDS)  # noqa: S603
            except (subprocess.SubprocessError, OSError) as error:
                raise NoServer(f"{PACKAGE} cannot be installed ({error})") from error
    return program


def answers(port: int, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers; False if it ended or took too long."""
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return True
        except OSError:
            time.sleep(0.1)
    return False


def about(url: str) -> str:
    """Name and version of the server at a URL, as it tells them."""
    told = call(address_of(url), "GET", "/")
    name = next(name for name, value in told.items() if str(value).startswith("Welcome"))
    return f"{name} {told['version']}"


def erase(url: str) -> None:
    """Remove all databases of a store. Servers slow down under thousands of them."""
    address = address_of(url)
    for name in call(address, "GET", "/_all_dbs"):
        if name.startswith(f"{address.prefix}_"):
            call(address, "DELETE", f"/{quote(name, safe='')}")


def address_of(url: str) -> Address:
    """The address of a store, or that of a server, whose prefix then means nothing."""
    return Address.parse(url if url.count("/") > 2 else f"{url}/x")  # noqa: PLR2004 - couchdb://host has two


def call(address: Address, method: str, path: str) -> Any:
    """One call to the server; its JSON. Raises OSError."""
    headers = {}
    if address.credentials:
        headers["Authorization"] = "Basic " + base64.b64encode(":".join(address.credentials).encode()).decode()
    with urlopen(Request(address.base + path, headers=headers, method=method), timeout=60) as answer:  # noqa: S310 - http(s)
        return json.load(answer)
