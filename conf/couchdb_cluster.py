"""Join the nodes of CouchDB into one cluster; what is joined already stays as it is. `docker-compose.yml` runs it at each start.

From the environment: `COUCHDB_NODES`, the host names of the nodes, the first of which does the work; `COUCHDB_ADMIN_PASSWORD`.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

PORT = 5984
PATIENCE = 120.0
"""Seconds that a node has to come up."""
SYSTEM = ("_users", "_replicator", "_global_changes")
EXISTS = 412


class Node:
    """One node as its administrator sees it."""

    def __init__(self, host: str, password: str, port: int = PORT) -> None:
        self.host = host
        self.base = f"http://{host}:{port}"
        self.key = base64.b64encode(f"admin:{password}".encode()).decode()

    def call(self, method: str, path: str, data: Any = None) -> Any:
        """One call; its JSON. Raises HTTPError, URLError."""
        body = None if data is None else json.dumps(data).encode()
        headers = {"Authorization": f"Basic {self.key}", "Content-Type": "application/json"}
        with urlopen(Request(self.base + path, body, headers, method=method), timeout=30) as answer:  # noqa: S310 - http
            return json.load(answer)

    def wait(self, patience: float = PATIENCE) -> None:
        """Return when the node answers. Raises what it failed with at last."""
        deadline = time.monotonic() + patience
        while True:
            try:
                self.call("GET", "/_up")
            except (URLError, OSError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(1)
            else:
                return


def join(nodes: list[Node]) -> list[str]:
    """Make one cluster of the nodes; the names of those that were not in it yet. Raises HTTPError, URLError."""
    first = nodes[0]
    for node in nodes:
        node.wait()
    known = set(first.call("GET", "/_membership")["cluster_nodes"])
    new = [node for node in nodes[1:] if f"couchdb@{node.host}" not in known]
    for node in new:
        first.call("PUT", f"/_node/_local/_nodes/couchdb@{node.host}", {})
    for name in SYSTEM:
        make(first, name)
    # What a replicator remembers hangs on this id: it must be the same whichever node works.
    uuid = first.call("GET", "/_node/_local/_config/couchdb/uuid")
    for node in nodes[1:]:
        node.call("PUT", "/_node/_local/_config/couchdb/uuid", uuid)
    return [node.host for node in new]


def make(node: Node, name: str) -> None:
    """Make a database unless it is there."""
    try:
        node.call("PUT", f"/{name}")
    except HTTPError as error:
        if error.code != EXISTS:
            raise


def main() -> int:
    """Join, and tell of it."""
    password = os.environ["COUCHDB_ADMIN_PASSWORD"]
    nodes = [Node(host, password) for host in os.environ["COUCHDB_NODES"].split()]
    try:
        new = join(nodes)
    except (HTTPError, URLError, OSError) as error:
        sys.stderr.write(f"The cluster cannot be set up: {getattr(error, 'url', '')} {error}\n")
        return 1
    sys.stdout.write(f"{len(nodes)} nodes, joined now: {', '.join(new) or 'none'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
