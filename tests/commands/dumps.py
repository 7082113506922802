"""Stores with something in them, and their dumps as text."""

from __future__ import annotations

import io

from openprocurement_api.commands import dumping, loading
from openprocurement_api.commands.dumping import Dump
from openprocurement_api.commands.files import Writer
from openprocurement_api.commands.spool import Spool
from openprocurement_api.storage import Kind
from openprocurement_api.storage.index import Kinds

KINDS = Kinds(
    {
        "tender": Kind("tender", unlisted={"status": frozenset({"draft"})}, summary=("status",), due="_due"),
        "asset": Kind("asset", stamp="changed", feed="registry", due="wake"),
    }
)


def fill(store, documents=25):
    """Documents in and outside the feed, saved in an order that is neither that of ids nor that of stamps, with histories."""
    for n in range(documents):
        name = f"{n * 7 % documents:04}"
        body = {"id": name, "title": f"Папір {n}", "dateModified": f"2024-01-01T{n * 5 % 24:02}:00:00Z", "status": "active"}
        body |= {"status": "draft"} if n % 6 == 5 else {"_due": "2024-02-01T00:00:00Z"}
        rev = store.put("tender", name, body, expect=None, revision={"n": 1, "author": None}).rev
        for number in range(2, 2 + n % 4):
            moved = {"dateModified": f"2024-01-02T{n % 24:02}:00:0{number}Z"} if n % 3 == 0 else {}
            rev = store.put("tender", name, body | moved | {"n": number}, expect=rev, revision={"n": number, "rev": rev}).rev
        store.count(f"day {n % 3}")
    return store


def text_of(store, kinds=KINDS, written=b"", *, packed=False):
    """The dump of a store; `written` is what an earlier run has left of it."""
    file, spool = io.BytesIO(written), Spool()
    begun = Dump(Writer(file, packed=packed), spool)
    dumping.resume(begun, file, packed=packed)
    if not begun.end:
        dumping.dump(store, kinds, begun)
    spool.close()
    return file.getvalue()


def load(text, store, kinds=KINDS):
    """Load a dump that is not compressed."""
    return loading.load(store, kinds, text.splitlines(keepends=True))
