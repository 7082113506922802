"""One of several processes that write one store until they are killed: `python couch_writer.py URL NAME`.

Each round creates a document of the writer's own and raises the field `n` of the shared one. What was acknowledged is printed.
"""

from __future__ import annotations

import itertools
import sys

from openprocurement_api.storage import open_store
from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.contract_kinds import create
from openprocurement_api.storage.contract_races import increment

SHARED = "shared"


def acknowledged(name: str) -> None:
    sys.stdout.write(f"{name}\n")
    sys.stdout.flush()


def main(url: str, name: str) -> None:
    store = open_store(url, KINDS[:1])
    for n in itertools.count():
        create(store, f"{name}-{n}", n=n)
        acknowledged(f"{name}-{n}")
        increment(store, SHARED, 1)
        acknowledged(SHARED)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
