"""What a call of the SQLite store costs: index searches only, the same work in a small and a large file, no bodies in lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.contract_kinds import create, replace
from openprocurement_api.storage.sqlite import SqliteStore

START = datetime(2024, 1, 1, tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)
SMALL, LARGE = 150, 1500


def body(n, **fields):
    moment = (START + timedelta(hours=n)).isoformat()
    return {"dateModified": moment, "next_check": moment, "status": "active", **fields}


CALLS = {
    "get": lambda store: store.get("tender", "00001"),
    "create": lambda store: create(store, uuid4().hex, **body(10**4)),
    "update": lambda store: replace(store, "00001", **body(10**4)),
    "update in place": lambda store: replace(store, "00002", **store.get("tender", "00002").body),
    "append a revision": lambda store: store.put("tender", "long", {}, expect=store.get("tender", "long").rev, revision={}),
    "changes": lambda store: store.changes("tender", limit=10),
    "changes since": lambda store: store.changes("tender", since=store.cursor_at("tender", START), limit=10),
    "changes back": lambda store: store.changes("tender", descending=True, limit=10),
    "all feeds": lambda store: store.changes("tender", feed=None, limit=10),
    "all feeds back": lambda store: store.changes("tender", feed=None, descending=True, limit=10),
    "cursor at the start": lambda store: store.cursor_at("tender", START),
    "cursor at the end": lambda store: store.cursor_at("tender", END),
    "due": lambda store: store.due("tender", until=END, limit=10),
    "due after": lambda store: store.due("tender", until=END, limit=10, after=(START, "00000")),
    "revisions": lambda store: next(store.revisions("tender", "long")),
    "count": lambda store: store.count("number"),
    "ping": lambda store: store.ping(),
}


def filled(path, size):
    store = SqliteStore(path, KINDS)
    with store.pool.connection() as db:
        db.execute("PRAGMA synchronous=OFF")
    rev = None
    for n in range(size):
        create(store, f"{n:05}", **body(n, mode="test" if n % 2 else None))
        rev = store.put("tender", "long", {}, expect=rev, revision={"n": n}).rev
    return store


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    pair = [filled(tmp_path_factory.mktemp("cost") / "store.db", size) for size in (SMALL, LARGE)]
    yield pair
    for store in pair:
        store.close()


def observed(store, call):
    """The statements of a call and the number of instructions of SQLite's machine that it took."""
    statements, steps = [], [0]

    def step():
        steps[0] += 1

    with store.pool.connection() as db:
        db.set_trace_callback(statements.append)
        db.set_progress_handler(step, 1)
    call(store)
    with store.pool.connection() as db:
        db.set_trace_callback(None)
        db.set_progress_handler(None, 1)
    return statements, steps[0]


def plan(store, statement):
    with store.pool.connection() as db:
        return [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")]


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_work_does_not_grow_with_the_store(stores, call):
    (_, small), (_, large) = (observed(store, call) for store in stores)
    assert 0 < large <= small * 1.2


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_every_statement_searches_an_index_and_sorts_nothing(stores, call):
    store = stores[0]
    statements, _ = observed(store, call)
    plans = [line for statement in statements if not statement.startswith(("BEGIN", "COMMIT")) for line in plan(store, statement)]
    assert [line for line in plans if line.startswith("SCAN") and "head" not in line and "CONSTANT" not in line] == []
    assert [line for line in plans if "TEMP B-TREE" in line] == []


@pytest.mark.parametrize(
    "name", ["changes", "changes since", "changes back", "all feeds", "all feeds back", "cursor at the start"]
)
def test_listings_read_no_body(stores, name):
    statements, _ = observed(stores[0], CALLS[name])
    assert [statement for statement in statements if "document" in statement] == []


def test_due_times_are_read_from_their_index_alone(stores):
    statements, _ = observed(stores[0], CALLS["due"])
    assert [line for statement in statements for line in plan(stores[0], statement)] == [
        "SEARCH document USING COVERING INDEX document_due (kind=? AND (due,id)>(?,?) AND due<?)"
    ]
