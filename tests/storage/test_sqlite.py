"""The store in one SQLite file: the contract, several processes, forks, and changed declarations."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace as but
from datetime import UTC, datetime
from pathlib import Path

import gevent
import pytest
from hammer import SHARED

from openprocurement_api.storage import BadCursor, open_store, sqlite_index
from openprocurement_api.storage.contract import KINDS, StoreContract
from openprocurement_api.storage.contract_kinds import create, listed, replace
from openprocurement_api.storage.contract_races import follow, increment
from openprocurement_api.storage.sqlite import SqliteStore
from openprocurement_api.storage.sqlite_schema import FIRST, VERSION

ROOT = Path(__file__).parents[2]
TENDER = KINDS[0]
END = datetime.max.replace(tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "store.db"


@pytest.fixture
def opened(path):
    """Opens the file with the given kinds; all is closed at the end of the test."""
    stores = []

    def open_it(kinds=KINDS, **options):
        stores.append(SqliteStore(path, kinds, **options))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()


@pytest.fixture
def store(opened):
    return opened()


class TestSqlite(StoreContract):
    @pytest.fixture
    def reopen(self, opened):
        return opened


def hammer(path, name, rounds):
    script = [sys.executable, str(Path(__file__).with_name("hammer.py")), f"sqlite:///{path}", name, str(rounds)]
    return subprocess.Popen(script, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)})


class TestProcesses:
    def test_several_processes_write_one_file_while_an_observer_follows(self, store, path):
        for name in SHARED:
            create(store, name, n=0)
        names, rounds = ["p", "q", "r", "s"], 15
        writers = [hammer(path, name, rounds) for name in names]
        seen = follow(store, lambda: all(writer.poll() is not None for writer in writers))
        numbers = [int(line) for writer in writers for line in writer.communicate()[0].split()]

        assert [writer.returncode for writer in writers] == [0] * len(names)
        assert seen == {name: {"n": len(names) * rounds} for name in SHARED} | {name: {"n": rounds} for name in names}
        assert sorted(numbers) == list(range(1, len(names) * rounds + 1))

    def test_several_processes_may_make_the_file_at_once(self, path):
        script = f"from openprocurement_api.storage import open_store; open_store('sqlite:///{path}').count('opened')"
        openers = [
            subprocess.Popen([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}) for _ in range(8)
        ]
        assert [opener.wait() for opener in openers] == [0] * 8
        store = open_store(f"sqlite:///{path}")
        assert store.count("opened") == 9
        store.close()

    def test_a_new_file_keeps_everything(self, store, opened):
        rev = store.put(
            "tender", "a", {"dateModified": "2024-01-01", "next_check": "2024-01-02"}, expect=None, revision={"n": 1}
        ).rev
        rows = store.changes("tender")
        store.count("number")
        store.close()

        again = opened()
        assert again.get("tender", "a").rev == rev
        assert again.changes("tender") == rows
        assert again.due("tender", until=END) == [(datetime(2024, 1, 2, tzinfo=UTC), "a")]
        assert [revision.number for revision in again.revisions("tender", "a")] == [1]
        assert again.count("number") == 2

    def test_places_are_never_given_again(self, store, opened):
        """A reused number would lie behind the cursors of those who have already seen it."""
        create(store, "a", status="active")
        create(store, "b", status="active")
        cursor = store.changes("tender")[-1].cursor
        replace(store, "b", status="draft")
        store.close()
        again = opened()
        create(again, "c")
        assert listed(again, since=cursor) == ["c"]

    def test_a_fork_leaves_the_connections_to_the_parent(self, store):
        create(store, "a", n=0)
        child = os.fork()
        if child == 0:
            increment(store, "a", 20)
            os._exit(0)
        increment(store, "a", 20)
        assert os.waitpid(child, 0)[1] == 0
        assert store.get("tender", "a").body == {"n": 40}

    def test_no_connection_is_open_while_forking(self, store):
        create(store, "a")
        with store.pool.connection() as db:
            pass
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)
        with store.pool.connection() as later:
            assert later is not db

    def test_an_inherited_connection_is_neither_used_nor_closed(self, store):
        with store.pool.connection() as inherited:
            pass
        store.pool.inherit()
        with store.pool.connection() as db:
            assert db is not inherited
        assert inherited.execute("SELECT 1").fetchone() == (1,)
        assert [list(idle) for idle in store.pool._inherited] == [[inherited]]
        inherited.close()

    def test_greenlets_share_a_store(self, store):
        create(store, "a", n=0)

        def writer():
            for _ in range(5):
                increment(store, "a", 1)
                gevent.sleep(0)

        gevent.joinall([gevent.spawn(writer) for _ in range(5)], raise_error=True)
        assert store.get("tender", "a").body == {"n": 25}

    def test_a_connection_given_back_after_close_is_closed(self, store):
        with store.pool.connection() as db:
            store.close()
        with pytest.raises(Exception, match="closed"):
            db.execute("SELECT 1")


class TestDeclarations:
    """A file whose kinds are declared otherwise than when it was written is indexed anew."""

    @pytest.fixture(autouse=True)
    def _small_batches(self, monkeypatch):
        monkeypatch.setattr(sqlite_index, "BATCH", 2)

    @pytest.mark.parametrize("documents", [1, 2, 3, 4])
    def test_a_longer_summary_fills_the_rows_that_exist(self, store, opened, documents):
        for n in range(documents):
            create(store, f"a{n}", dateModified="2024-01-01", tenderID=f"UA-{n}")
        before, state = store.changes("tender"), store.state("tender")
        rows = opened([but(TENDER, summary=("tenderID",))]).changes("tender")
        assert store.state("tender") != state
        assert [row.summary for row in rows] == [{"tenderID": f"UA-{n}"} for n in range(documents)]
        assert [(row.cursor, row.id) for row in rows] == [(row.cursor, row.id) for row in before]

    def test_documents_enter_and_leave_feeds(self, store, opened):
        for name, status in (("a", "draft"), ("b", "active"), ("c", "hidden")):
            create(store, name, status=status, dateModified="2024-01-01")
        cursor = store.changes("tender")[-1].cursor
        again = opened([but(TENDER, unlisted={"status": frozenset({"hidden"})})])
        assert listed(again) == ["b", "a"]
        assert listed(again, since=cursor) == ["a"]

    def test_another_field_is_due(self, store, opened):
        create(store, "a", next_check="2024-01-01", wake="2024-01-02")
        create(store, "b", next_check="2024-01-01")
        assert opened([but(TENDER, due="wake")]).due("tender", until=END) == [(datetime(2024, 1, 2, tzinfo=UTC), "a")]

    def test_the_same_declaration_is_not_worked_through_again(self, store, opened):
        create(store, "a")
        rows = store.changes("tender")
        assert opened([but(TENDER, unlisted={"status": frozenset({"terminated", "draft"})})]).changes("tender") == rows


# --- files: whose they are, and of which version


def test_a_cursor_of_another_file_is_refused(store, tmp_path):
    create(store, "a")
    create(store, "b")
    cursor = store.changes("tender")[0].cursor
    with closing(SqliteStore(tmp_path / "other.db", KINDS)) as other:
        other.restore("tender", store.wholes("tender", ["b", "a"]))
        assert listed(other) == ["b", "a"]
        # By its number alone it would lead past "b", which its reader does not know.
        for since in (cursor, store.cursor_at("tender", END)):
            with pytest.raises(BadCursor):
                other.changes("tender", since=since)


def test_after_the_statement_of_the_guide_no_cursor_given_out_before_is_good(store, path):
    create(store, "a")
    cursor = store.changes("tender")[0].cursor
    (statement,) = re.findall(r'"(UPDATE head .*)"', (ROOT / "docs/backup.md").read_text())
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(statement)
    with pytest.raises(BadCursor):
        store.changes("tender", since=cursor)
    assert store.changes("tender", since=store.changes("tender")[0].cursor) == []


def test_a_new_file_is_its_owners_only(store, path):
    create(store, "a")
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert modes == dict.fromkeys(("store.db", "store.db-wal", "store.db-shm"), 0o600)


def test_the_rights_of_a_file_that_is_there_stay(store, path, opened):
    path.chmod(0o640)
    assert opened().ids("tender") == []
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_file_of_the_first_schema_is_brought_to_the_present_one(path, opened):
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in (*FIRST, "PRAGMA user_version = 1"):
            db.execute(statement)
        db.execute("INSERT INTO document VALUES ('tender', 'a', '1-a', NULL, '{}')")
        db.execute("INSERT INTO place VALUES (1, 'tender', 'a', '', NULL, 0, '{}')")
        db.execute("UPDATE head SET seq = 1")
    cursors = [opened().changes("tender")[0].cursor for _ in range(2)]
    assert cursors[0] == cursors[1]
    assert opened().changes("tender", since=cursors[0]) == []
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION,)
