"""Several processes on one CouchDB store: killed at any moment, forked, switching greenlets."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from couch_writer import SHARED

from openprocurement_api.storage import Revision, couchdb
from openprocurement_api.storage.contract_kinds import create, listed, replace
from openprocurement_api.storage.contract_races import increment

pytest_plugins = ("couch_server",)

ROOT = Path(__file__).parents[2]
WRITERS, ROUNDS = "pqr", 12
SECONDS = 60
NEW_YEAR, NOON = datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, 12, tzinfo=UTC)


class Observer(threading.Thread):
    """Follows the feed by its cursors from the start, and remembers which documents it saw."""

    def __init__(self, store):
        super().__init__()
        self.store, self.seen, self.cursor, self.ending = store, Counter(), "", threading.Event()

    def run(self):
        while True:
            last = self.ending.is_set()
            rows = self.store.changes("tender", since=self.cursor, limit=5)
            self.seen.update(row.id for row in rows)
            self.cursor = rows[-1].cursor if rows else self.cursor
            if last and not rows:
                return
            time.sleep(0 if rows else 0.01)


class Writer:
    """A process that writes; its acknowledgements are read by a thread."""

    def __init__(self, url, name):
        script = [sys.executable, str(Path(__file__).with_name("couch_writer.py")), url, name]
        self.process = subprocess.Popen(script, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
        self.acknowledged = []
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            if line.endswith("\n"):
                self.acknowledged.append(line.strip())

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()


def test_killed_writers_lose_nothing_that_was_acknowledged_and_observers_miss_nothing(store, opened, couch_url):
    store.put("tender", SHARED, {"n": 0}, expect=None)
    observer, writers = Observer(opened()), [Writer(couch_url, name) for name in WRITERS]
    observer.start()
    deadline = time.monotonic() + SECONDS
    for writer in writers:
        # One after the other is killed in whatever it is doing, while the rest go on.
        while len(writer.acknowledged) < 2 * ROUNDS and time.monotonic() < deadline:
            time.sleep(0.005)
        writer.kill()
    again = opened()
    observer.ending.set()
    observer.join()

    acknowledged = Counter(line for writer in writers for line in writer.acknowledged)
    shared = again.get("tender", SHARED).body["n"]
    assert acknowledged.pop(SHARED) <= shared <= sum(len(writer.acknowledged) for writer in writers) + len(writers)
    assert len(acknowledged) >= ROUNDS * len(writers)
    assert set(acknowledged) <= set(observer.seen) == set(listed(again, limit=10_000))
    assert list(again.revisions("tender", SHARED)) == [Revision(n, {"n": n}) for n in range(1, shared + 1)]
    assert all(again.get("tender", name).id == name for name in observer.seen)


class Killed(BaseException):
    """Stands for the end of the process."""


class TestBetweenSavingAndListing:
    """The process dies when the document is saved and its row is not."""

    @pytest.fixture
    def dying(self, opened, monkeypatch):
        def die(*_):
            raise Killed

        def save(act):
            with monkeypatch.context() as patch:
                patch.setattr(couchdb, "list_row", die)
                with pytest.raises(Killed):
                    act()

        return save

    def test_repair_lists_it(self, store, dying):
        dying(lambda: create(store, "a", dateModified="2024-01-01"))
        assert (store.get("tender", "a").id, listed(store)) == ("a", [])
        store.repair("tender")
        assert listed(store) == ["a"]

    def test_so_does_opening(self, store, opened, dying):
        dying(lambda: create(store, "a"))
        assert listed(opened()) == ["a"]

    def test_so_does_whoever_asks_what_is_due_a_minute_later(self, store, dying, monkeypatch):
        dying(lambda: create(store, "a", next_check="2024-01-01"))
        assert store.due("tender", until=NOON) == [(NEW_YEAR, "a")]
        assert listed(store) == []
        monkeypatch.setattr(couchdb, "REPAIR_SECONDS", 0.0)
        assert store.due("tender", until=NOON) == [(NEW_YEAR, "a")]
        assert listed(store) == ["a"]

    def test_what_is_due_is_told_even_if_nothing_can_be_repaired(self, store, monkeypatch):
        create(store, "a", next_check="2024-01-01")
        store._open("tender").shelf.bodies.put("b", {"hello": "world"})
        monkeypatch.setattr(couchdb, "REPAIR_SECONDS", 0.0)
        assert store.due("tender", until=NOON) == [(NEW_YEAR, "a")]

    def test_so_does_the_next_save_even_of_one_that_keeps_its_place(self, store, dying):
        create(store, "a", dateModified="2024-01-01")
        dying(lambda: replace(store, "a", dateModified="2024-01-02", status="one"))
        replace(store, "a", dateModified="2024-01-02", status="two")
        assert [(row.stamp, row.summary) for row in store.changes("tender")] == [("2024-01-02", {"status": "two"})]

    def test_a_document_that_leaves_the_feed(self, store, dying):
        create(store, "a")
        dying(lambda: replace(store, "a", status="draft"))
        store.repair("tender")
        assert listed(store) == listed(store, descending=True) == []

    def test_repair_leaves_what_is_right_at_its_place(self, store):
        for name in "ab":
            create(store, name, dateModified="2024-01-01")
        replace(store, "a", dateModified="2024-01-01", secret="a bid was added")
        rows = store.changes("tender")
        store.repair("tender")
        assert store.changes("tender") == rows

    def test_repair_of_more_than_a_page(self, store):
        names = [f"{n:03}" for n in range(210)]
        shelf = store._open("tender").shelf
        row = {"feed": "", "stamp": None, "instant": None, "summary": "{}"}
        for name in names:
            shelf.bodies.put(name, {"body": "{}", "saves": 1, "write": "x", "turn": 1, "row": row})
        store.repair("tender")
        assert sorted(listed(store, limit=1000)) == names


def test_a_fork_opens_connections_of_its_own(store):
    create(store, "a", n=0)
    child = os.fork()
    if child == 0:
        increment(store, "a", 10)
        os._exit(0)
    increment(store, "a", 10)
    assert os.waitpid(child, 0)[1] == 0
    assert store.get("tender", "a").body == {"n": 20}


GREENLETS = """
from gevent import monkey
monkey.patch_all()
import gevent, sys
from openprocurement_api.storage import open_store
from openprocurement_api.storage.contract_races import increment
store = open_store(sys.argv[1])
writers = [gevent.spawn(increment, store, "a", 3) for _ in range(5)]
gevent.joinall(writers, raise_error=True)
"""


def test_greenlets_share_a_store(store, couch_url):
    create(store, "a", n=0)
    subprocess.run([sys.executable, "-c", GREENLETS, couch_url], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert store.get("tender", "a").body == {"n": 15}
