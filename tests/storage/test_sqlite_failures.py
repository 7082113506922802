"""How the SQLite store fails: every failure of the driver or the disk is `Unavailable` with a reason, and loses nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from openprocurement_api.storage import Unavailable, sqlite_pool
from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.contract_kinds import create, listed, replace
from openprocurement_api.storage.sqlite import SqliteStore
from openprocurement_api.storage.sqlite_schema import VERSION, prepare


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store.db"


@pytest.fixture
def store(path):
    store = SqliteStore(path, KINDS, busy_seconds=0.05)
    yield store
    store.close()


def test_a_full_disk_refuses_the_save_and_nothing_else(store):
    first = create(store, "a", n=1)
    with store.pool.connection() as db:
        db.execute("PRAGMA max_page_count = 1")
    with pytest.raises(Unavailable, match="full"):
        store.put("tender", "a", {"text": "x" * 100_000}, expect=first.rev, revision={"n": 2})
    assert store.get("tender", "a") == first
    assert list(store.revisions("tender", "a")) == []
    assert replace(store, "a", n=2).body == {"n": 2}


def test_opening_a_file_that_is_as_it_should_be_writes_nothing(store, path):
    create(store, "1")
    with closing(sqlite3.connect(path)) as witness:
        (before,) = witness.execute("PRAGMA data_version").fetchone()
        SqliteStore(path, KINDS).close()
        assert witness.execute("PRAGMA data_version").fetchone() == (before,), (
            "a full disk would keep every process from starting"
        )


def test_a_lock_held_for_too_long(store, path):
    create(store, "a")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="locked"):
            replace(store, "a")
        assert listed(store) == ["a"]
    replace(store, "a")


def test_a_new_file_locked_by_another_program(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unavailable, match="locked"):
            SqliteStore(path, busy_seconds=0.05)


class Refusing(sqlite3.Connection):
    """Is refused the write-ahead log a few times, as happens when processes open a new file together."""

    refusals = 3

    def execute(self, statement):
        if "journal_mode" in statement and self.refusals:
            self.refusals -= 1
            error = sqlite3.OperationalError("database is locked")
            error.sqlite_errorcode = sqlite3.SQLITE_BUSY
            raise error
        return super().execute(statement)


def test_opening_a_new_file_is_not_tried_for_ever(path):
    with (
        closing(sqlite3.connect(path, isolation_level=None, factory=Refusing)) as db,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        prepare(db, 0.0)


def test_opening_a_new_file_is_tried_again(path):
    with closing(sqlite3.connect(path, isolation_level=None, factory=Refusing)) as db:
        prepare(db, 5.0)
        assert db.refusals == 0
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_removed_file_is_not_made_again(store, path, monkeypatch):
    create(store, "a")
    path.unlink()
    with pytest.raises(Unavailable, match="No such file"):
        create(store, "b")
    monkeypatch.setattr(sqlite_pool, "GLANCE_SECONDS", 0.0)
    for call in (store.ping, lambda: create(store, "b"), lambda: store.get("tender", "a")):
        with pytest.raises(Unavailable, match="No such file"):
            call()
    assert not path.exists()


def test_readers_look_for_the_file_again_after_a_while(store, path, monkeypatch):
    create(store, "a")
    looks = []
    look = store.pool._check_file
    monkeypatch.setattr(store.pool, "_check_file", lambda: looks.append(1) or look())
    monkeypatch.setattr(sqlite_pool, "GLANCE_SECONDS", 1e6)
    store.get("tender", "a")
    assert not looks
    create(store, "b")
    assert looks == [1]
    monkeypatch.setattr(sqlite_pool, "GLANCE_SECONDS", 0.0)
    store.get("tender", "a")
    assert looks == [1, 1]


def test_a_file_removed_with_no_connection_open(store, path):
    store.pool.drop_idle()
    path.unlink()
    with pytest.raises(Unavailable):
        store.ping()
    with pytest.raises(sqlite3.OperationalError):
        store.pool.open()
    assert not path.exists()


def test_a_replaced_file(store, path, tmp_path, monkeypatch):
    create(store, "a")
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE other (x)")
    (tmp_path / "other.db").replace(path)
    with pytest.raises(Unavailable, match="another file"):
        create(store, "b")
    monkeypatch.setattr(sqlite_pool, "GLANCE_SECONDS", 0.0)
    with pytest.raises(Unavailable, match="another file"):
        store.get("tender", "a")
    monkeypatch.setattr(sqlite_pool, "GLANCE_SECONDS", 1e6)
    with pytest.raises(Unavailable, match="another file"):
        store.get("tender", "a")


def test_a_corrupt_file(store, path):
    create(store, "a")
    store.close()
    content = path.read_bytes()
    path.write_bytes(b"not a database at all" + content[21:])
    with pytest.raises(Unavailable, match="not a database"):
        SqliteStore(path)


def test_a_file_that_becomes_corrupt(store, path):
    create(store, "a", text="x" * 100_000)
    store.pool.drop_idle()
    with path.open("r+b") as file:
        file.write(b"\x00" * 4096)
    with pytest.raises(Unavailable, match=r"store\.db"):
        store.ping()


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="file"):
        SqliteStore(tmp_path / "file" / "store.db")


def test_a_path_that_is_a_folder(tmp_path):
    with pytest.raises(Unavailable, match="unable to open database file"):
        SqliteStore(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(Unavailable):
        SqliteStore(tmp_path / "store.db")
    tmp_path.chmod(0o755)


def test_a_later_schema_is_refused(store, path):
    store.close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(Unavailable, match=f"schema version {VERSION + 1}"):
        SqliteStore(path)


def test_an_error_of_the_caller_undoes_the_transaction(store):
    create(store, "a")

    def interrupted():
        with store.pool.transaction() as db:
            db.execute("DELETE FROM document")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert store.get("tender", "a").body == {}


def test_a_commit_is_on_the_disk(store):
    with store.pool.connection() as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_opening_a_file_again_keeps_the_locks_that_the_process_holds_on_it(store, path):
    """POSIX takes all locks of a process off a file as soon as it closes any of its handles of that file.

    Without them another process thinks itself alone, and removes the write-ahead log when it goes.
    """
    create(store, "a")
    SqliteStore(path).close()
    rival = f"import sqlite3; db = sqlite3.connect({str(path)!r}); db.execute('SELECT * FROM head').fetchall(); db.close()"
    subprocess.run([sys.executable, "-c", rival], check=True)
    assert path.with_name(f"{path.name}-wal").exists()


def test_a_file_that_another_process_makes_meanwhile_is_taken(tmp_path, monkeypatch):
    link = os.link

    def late(new, path):
        SqliteStore(path.with_name("other.db")).close()
        link(path.with_name("other.db"), path)
        link(new, path)

    monkeypatch.setattr(os, "link", lambda new, path: late(new, path) if path.name == "store.db" else link(new, path))
    store = SqliteStore(tmp_path / "store.db")
    store.ping()
    store.close()
    assert {found.name for found in tmp_path.iterdir()} == {"store.db", "other.db"}
