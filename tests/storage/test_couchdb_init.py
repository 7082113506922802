"""A new CouchDB store for a user who may write it, and for nobody else."""

from __future__ import annotations

import secrets
from contextlib import closing
from urllib.parse import quote

import pytest

from openprocurement_api import cli
from openprocurement_api.storage import Unavailable, couch_init
from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.contract_kinds import create, listed
from openprocurement_api.storage.couch_database import Database
from openprocurement_api.storage.couch_design import DESIGN, DUE, declare
from openprocurement_api.storage.couch_init import init_db, upgrade
from openprocurement_api.storage.couch_names import Address
from openprocurement_api.storage.couch_wire import Refused, Wire
from openprocurement_api.storage.couchdb import CouchStore

pytest_plugins = ("couch_server",)

PASSWORD = "p@ss:wörd/"


@pytest.fixture
def user():
    """The name of a user who is not on the server yet."""
    return f"op{secrets.token_hex(4)}"


@pytest.fixture
def as_user(couch_url):
    """The store's URL with a user and a password."""

    def url(name, password=PASSWORD):
        return f"couchdb://{quote(name, '')}:{quote(password, '')}@{couch_url.rpartition('@')[2].removeprefix('couchdb://')}"

    return url


@pytest.fixture
def made(couch_url, user, as_user):
    """The URL of a store that `init_db` has made."""
    init_db(couch_url, KINDS, user=user, password=PASSWORD)
    return as_user(user)


def test_the_user_writes_and_reads(made, opened):
    store = opened(url=made)
    put = create(store, "a", next_check="2024-01-01")
    assert store.get("tender", "a") == put
    assert listed(store) == listed(store, descending=True) == ["a"]
    assert store.count("number") == 1


def test_it_may_be_done_again(made, opened, couch_url, user, as_user):
    create(opened(url=made), "a")
    init_db(couch_url, KINDS, user=user, password="another")
    assert listed(opened(url=as_user(user, "another"))) == ["a"]
    with pytest.raises(Unavailable, match="401"):
        CouchStore(made, KINDS)


def test_nobody_else_writes_and_nobody_deletes(made, opened, couch_url):
    rev = create(opened(url=made), "a").rev
    for url, document in ((couch_url, b'{"body": "{}"}'), (made, b'{"_deleted": true, "_rev": "%s"}' % rev.encode())):
        wire = Wire(Address.parse(url))
        path = [wire.address.database("tender"), "a" if b"_rev" in document else "b"]
        with pytest.raises(Refused, match=r"403 forbidden: (only the application|nothing is deleted)"):
            wire.once("PUT", path, document)
        wire.close()
    assert opened(url=made).get("tender", "a").rev == rev


def test_every_database_has_the_guard(made):
    wire = Wire(Address.parse(made))
    names = [
        wire.address.counters,
        *(wire.address.database(kind.name, part) for kind in KINDS for part in ("", "feed", "history")),
    ]
    for name in names:
        assert b"nothing is deleted" in wire.once("GET", [name, "_design", "guard"]).raw
        assert b'"members":{"names":["' in wire.once("GET", [name, "_security"]).raw
    wire.close()


def test_a_password_that_is_wrong_is_in_no_error(made, user, as_user):
    with pytest.raises(Unavailable, match="401") as error:
        CouchStore(as_user(user, "hunter2"), KINDS)
    assert "hunter2" not in str(error.value)


# --- what is made is told


@pytest.fixture
def told(couch_url, user):
    """Runs `init_db`; returns what it says."""

    def run(kinds=KINDS):
        said = []
        init_db(couch_url, kinds, user=user, password=PASSWORD, tell=said.append)
        return said

    return run


def test_each_thing_is_told_without_the_password(told, user, couch_url):
    prefix = couch_url.rpartition("/")[2]
    said = told()
    assert said[:6] == [
        f"user {user}: made",
        f"database {prefix}__counters: made",
        f"  only {user} writes, nobody deletes: made",
        f"database {prefix}_tender: made",
        "  indexes due: made",
        f"  only {user} writes, nobody deletes: made",
    ]
    assert not any(PASSWORD in line for line in said)
    again = told()
    assert again[0] == f"user {user}: already there, password set"
    assert {line.rpartition(": ")[2] for line in again[1:]} == {"already there"}
    assert len(again) == len(said)


def test_databases_that_the_application_made_are_protected_later(opened, told, user):
    create(opened(), "a")
    assert f"  only {user} writes, nobody deletes: set" in told()


# --- indexes that change


@pytest.fixture
def bodies(opened):
    """A database with two documents, whose indexes are those of an earlier version."""
    store = opened()
    for name in "ab":
        create(store, name, next_check="2024-01-01")
    bodies = store._open("tender").shelf.bodies
    declare(bodies, DESIGN, {"views": {"due": {"map": "function (doc) {}"}}})
    return bodies


def rows(bodies):
    return len(bodies.view(DESIGN, "due").rows)


def test_a_changed_index_is_built_before_it_is_used(bodies, monkeypatch):
    view, acts = Database.view, []

    def building(self, design, name, **params):
        acts.append((design, rows_before.copy()))
        return view(self, design, name, **params)

    rows_before = [rows(bodies)]
    monkeypatch.setattr(Database, "view", building)
    assert upgrade(bodies, DUE)
    assert acts == [("next", [0])]
    monkeypatch.undo()
    assert rows(bodies) == 2
    assert not upgrade(bodies, DUE)


def test_an_index_may_take_longer_to_build_than_a_call(bodies, monkeypatch):
    view, slow = Database.view, [Unavailable("timed out"), Unavailable("timed out")]

    def building(*args, **params):
        if slow:
            raise slow.pop()
        return view(*args, **params)

    monkeypatch.setattr(Database, "view", building)
    assert upgrade(bodies, DUE)
    assert (slow, rows(bodies)) == ([], 2)


def test_an_index_that_cannot_be_built_is_told_in_the_end(bodies, monkeypatch):
    def failing(*args, **params):
        raise Unavailable("the disk is full")

    monkeypatch.setattr(couch_init, "PATIENCE", 3)
    monkeypatch.setattr(Database, "view", failing)
    with pytest.raises(Unavailable, match="the disk is full"):
        upgrade(bodies, DUE)
    monkeypatch.undo()
    assert rows(bodies) == 0


def test_a_server_that_goes_away_meanwhile_is_told(bodies, monkeypatch):
    def away(*args, **params):
        raise Unavailable("gone")

    monkeypatch.setattr(Database, "view", away)
    monkeypatch.setattr(Database, "exists", away)
    with pytest.raises(Unavailable, match="gone"):
        upgrade(bodies, DUE)
    monkeypatch.undo()
    assert rows(bodies) == 0


# --- the command


@pytest.fixture
def ini(tmp_path, as_user, user):
    """The INI file of an installation whose store is not there yet."""
    path = tmp_path / "production.ini"
    path.write_text(
        "[app:main]\nuse = egg:openprocurement-api#main\nauth.file = auth.ini\nplugins =\n"
        f"storage.url = {as_user(user).replace('%', '%%')}\n"
    )
    return str(path)


def server_of(couch_url):
    return couch_url.rpartition("/")[0]


def test_the_command_makes_what_the_application_needs(ini, couch_url, as_user, user, capsys, monkeypatch):
    monkeypatch.setenv("OPENPROCUREMENT_ADMIN_URL", server_of(couch_url) + "/")
    assert cli.main(["init-db", ini]) == 0
    said = capsys.readouterr()
    assert f"user {user}: made\n" in said.out
    assert PASSWORD not in said.out + said.err
    with closing(CouchStore(as_user(user), KINDS[:1])) as store:
        create(store, "a")
    assert cli.main(["init-db", ini, "--admin-url", couch_url]) == 0
    assert "made" not in capsys.readouterr().out


def test_an_administrator_is_needed(ini, capsys, monkeypatch):
    monkeypatch.delenv("OPENPROCUREMENT_ADMIN_URL", raising=False)
    assert cli.main(["init-db", ini]) == 2
    assert "give --admin-url, or OPENPROCUREMENT_ADMIN_URL" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("couchdb://admin:secret@127.0.0.1:1/other", "names another store"),
        ("http://admin:secret@x", "the administrator's address must be couchdb://"),
        ("http://admin:secret@x:5984", "the administrator's address must be couchdb://"),
        ("couchdb://admin:se/secret@x", "the administrator's address must be couchdb://"),
        ("couchdb://admin:secret℀@x", "the administrator's address must be couchdb://"),
    ],
)
def test_an_administrators_address_must_fit(ini, url, said, capsys):
    assert cli.main(["init-db", ini, "--admin-url", url]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "secret" not in told


def test_a_store_without_a_user_cannot_be_protected(ini, couch_url, capsys, monkeypatch):
    monkeypatch.setenv("OPENPROCUREMENT_STORAGE_URL", f"couchdb://{couch_url.rpartition('@')[2].removeprefix('couchdb://')}")
    assert cli.main(["init-db", ini, "--admin-url", couch_url]) == 2
    assert "storage.url names no user" in capsys.readouterr().err
