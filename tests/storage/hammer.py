"""One of several processes that write one file at once: `python hammer.py URL NAME ROUNDS`.

Each round raises the field `n` of the three shared documents, saves one document of its own and draws a number, which it prints.
"""

from __future__ import annotations

import sys

from openprocurement_api.storage import open_store
from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.contract_kinds import create
from openprocurement_api.storage.contract_races import increment

SHARED = ("one", "two", "three")


def main(url: str, name: str, rounds: int) -> None:
    store = open_store(url, KINDS)
    create(store, name, n=0)
    for _ in range(rounds):
        for shared in SHARED:
            increment(store, shared, 1)
        increment(store, name, 1)
        sys.stdout.write(f"{store.count('number')}\n")
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
