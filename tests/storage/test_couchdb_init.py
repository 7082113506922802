"""A new CouchDB store for a user who may write it, and for nobody else."""

from __future__ import annotations

import secrets
from urllib.parse import quote

import pytest

from openprocurement_api.storage import Unavailable
from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.contract_kinds import create, listed
from openprocurement_api.storage.couch_init import init_db
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
