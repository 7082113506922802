"""Answers that no test server gives when asked: refusals, races lost to others, a cluster without its quorum."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import pytest

from openprocurement_api.storage import Kind, RevConflict, Unavailable, couch_pool
from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.contract_kinds import create, listed, replace
from openprocurement_api.storage.couch_counters import secret_of
from openprocurement_api.storage.couch_design import create as create_database
from openprocurement_api.storage.couch_design import declare
from openprocurement_api.storage.couch_init import init_db
from openprocurement_api.storage.couch_wire import Answer, Interrupted, Refused, Wire
from openprocurement_api.storage.couchdb import CouchStore

pytest_plugins = ("couch_server",)

LATER = datetime(2024, 1, 2, tzinfo=UTC)


@pytest.fixture
def instead(monkeypatch):
    """Registers what is done instead of the next calls of a method and a path that ends so. Each act gets the call to be made."""

    def register(method, end, *acts):
        once, left = Wire.once, list(acts)

        def spoiled(self, verb, path, *args):
            if left and verb == method and "/".join(path).endswith(end):
                return left.pop(0)(lambda: once(self, verb, path, *args))
            return once(self, verb, path, *args)

        monkeypatch.setattr(Wire, "once", spoiled)

    return register


def first(act):
    """Others do something before the call."""

    def acting(call):
        act()
        return call()

    return acting


def refuse(status, word):
    def act(call):
        raise Refused(status, word, "because")

    return act


def interrupt(call):
    raise Interrupted("the line is dead")


def conflict(call):
    """The call is done, but an earlier one of the same save had been done already."""
    call()
    raise Refused(409, "conflict", "because")


def too_few(call):
    return Answer(202, call().raw)


class TestOutcomes:
    """See also the tests of faults, which cannot make these happen for certain."""

    def test_a_save_whose_every_attempt_is_lost_is_not_done(self, store, instead):
        first = create(store, "a", n=1)
        instead("PUT", "_tender/a", interrupt, interrupt, interrupt)
        with pytest.raises(Unavailable, match="the line is dead"):
            store.put("tender", "a", {"n": 2}, expect=first.rev)
        assert store.get("tender", "a") == first

    def test_an_attempt_that_meets_an_earlier_one_of_its_own(self, store, instead):
        rev = create(store, "a", n=1).rev
        instead("PUT", "_tender/a", interrupt, conflict)
        assert store.put("tender", "a", {"n": 2}, expect=rev) == store.get("tender", "a")

    def test_a_save_too_long_ago_cannot_be_told(self, store, instead):
        rev = create(store, "a", n=1).rev

        def done_and_followed_by_many(call):
            call()
            for n in range(20):
                replace(store, "a", n=n)
            raise Interrupted

        instead("PUT", "_tender/a", done_and_followed_by_many)
        with pytest.raises(Unavailable, match="too often"):
            store.put("tender", "a", {"n": 2}, expect=rev)


class TestQuorum:
    def test_a_save_on_too_few_nodes_is_not_acknowledged(self, store, instead):
        instead("PUT", "_tender/a", too_few)
        with pytest.raises(Unavailable, match="fewer nodes than a quorum"):
            create(store, "a")

    def test_neither_is_a_number(self, store, instead):
        instead("PUT", "n:x", too_few)
        with pytest.raises(Unavailable, match="fewer nodes than a quorum"):
            store.count("x")


class TestState:
    """See also the contract."""

    def test_of_several_copies_it_cannot_be_told(self, store, instead):
        asked = []

        def copied(call):
            asked.append(call())
            return Answer(200, b'{"update_seq": "9-g1AAAA", "cluster": {"q": 2, "n": 3, "w": 2, "r": 2}}')

        instead("GET", "_tender", copied)
        assert store.state("tender") is None
        instead("GET", "_tender", copied)
        assert store.state("tender") is None
        assert len(asked) == 1

    def test_of_one_copy_on_a_cluster_it_is_the_place_of_the_newest_change(self, store, instead):
        told = Answer(200, b'{"update_seq": "9-g1AAAA", "cluster": {"q": 2, "n": 1, "w": 1, "r": 1}}')
        instead("GET", "_tender", lambda call: told)
        instead("GET", "_feed", lambda call: told)
        assert store.state("tender") == "9-g1AAAA 9-g1AAAA"

    def test_who_could_not_list_a_save_looks_again(self, store, instead):
        assert store.state("tender")
        instead("PUT", "_feed/a", refuse(500, "no"))
        create(store, "a", dateModified="2024-01-01")
        assert store.state("tender") is None
        assert listed(store) == ["a"]
        assert store.state("tender")


class TestOthersWereFaster:
    def test_in_making_the_secret_of_the_cursors(self, store, instead):
        fresh = store._wire.address.prefix + "x"
        counters = type(store._counters)(store._wire, fresh)
        create_database(counters)
        secrets = []
        instead("PUT", "/cursors", first(lambda: secrets.append(secret_of(counters))))
        assert [secret_of(counters)] == secrets

    def test_in_making_a_database(self, store, couch_url, opened, instead):
        instead("PUT", "x_tender", refuse(412, "file_exists"))
        with pytest.raises(Unavailable, match="x_tender"):
            CouchStore(f"{couch_url}x", KINDS)
        assert listed(opened(url=f"{couch_url}x")) == []

    def test_in_declaring_an_index(self, store, instead):
        bodies = store._open("tender").shelf.bodies
        content = {"views": {"other": {"map": "function (doc) {}"}}}
        instead("PUT", "_design/other", first(lambda: declare(bodies, "other", content)))
        declare(bodies, "other", content)
        assert bodies.get("_design/other", dict)["views"] == content["views"]

    def test_in_setting_the_password(self, couch_url, instead):
        name = couch_url.rpartition("/")[2]
        instead("PUT", f"org.couchdb.user:{name}", first(lambda: init_db(couch_url, KINDS, user=name, password="x")))
        init_db(couch_url, KINDS, user=name, password="y")

    def test_in_listing_a_new_document(self, store, instead):
        instead("PUT", "_feed/a", first(lambda: store.repair("tender")))
        create(store, "a")
        assert [len(listed(store)), store._behind] == [1, set()]

    def test_in_archiving_a_revision(self, store, instead):
        rev = store.put("tender", "a", {}, expect=None, revision={"n": 1}).rev
        instead("PUT", "_history/a:0000000001", first(lambda: store.put("tender", "a", {}, expect=rev, revision={"n": 2})))
        with pytest.raises(RevConflict):
            store.put("tender", "a", {}, expect=rev, revision={"n": 3})
        assert [revision.body["n"] for revision in store.revisions("tender", "a")] == [1, 2]

    def test_in_indexing_a_document_anew(self, store, opened, instead):
        create(store, "a", next_check="2024-01-01", wake="2024-01-03")
        instead("PUT", "_tender/a", first(lambda: replace(store, "a", next_check="2024-01-01", wake="2024-01-02")))
        again = opened([Kind("tender", due="wake")])
        assert [name for _, name in again.due("tender", until=LATER)] == ["a"]
        assert again.due("tender", until=datetime(2024, 1, 1, tzinfo=UTC)) == []

    def test_in_noting_how_far_a_repair_came(self, store, instead):
        create(store, "a")
        instead("PUT", "_local/repair", first(lambda: store.repair("tender")))
        store.repair("tender")
        assert listed(store) == ["a"]


class TestRefusals:
    def test_a_user_who_may_not_make_databases_is_told_what_does(self, couch_url, instead):
        instead("PUT", "__counters", refuse(401, "unauthorized"))
        with pytest.raises(Unavailable, match=r"401 unauthorized: because \(openprocurement init-db makes what is missing\)"):
            CouchStore(couch_url)

    def test_a_user_who_may_not_protect_them(self, couch_url, instead):
        instead("PUT", "_security", refuse(403, "forbidden"))
        with pytest.raises(Unavailable, match="403 forbidden"):
            init_db(couch_url, KINDS, user="x", password="y")

    def test_a_body_that_is_too_large(self, store, instead):
        instead("PUT", "_tender/a", refuse(413, "too_large"))
        with pytest.raises(Unavailable, match="413 too_large"):
            create(store, "a")

    def test_nothing_is_due_between_a_moment_and_an_earlier_one(self, store):
        create(store, "a", next_check="2024-01-01")
        assert store.due("tender", until=LATER, after=(LATER.replace(day=3), "a")) == []

    def test_a_row_of_another_program(self, store):
        store._open("tender").shelf.feed.put("a", {"hello": "world"})
        with pytest.raises(Unavailable, match="an answer that is no answer"):
            listed(store)


class TestConnections:
    def test_one_that_was_idle_for_long_is_not_used(self, store, monkeypatch):
        create(store, "a")
        pool = store._wire._pool
        ((old, _),) = pool._idle
        now = time.monotonic()
        monkeypatch.setattr(couch_pool, "time", type("Clock", (), {"monotonic": lambda: now + 60}))
        assert listed(store) == ["a"]
        ((new, _),) = pool._idle
        assert new is not old
        assert old.closed

    def test_an_inherited_one_is_not_used(self, store, monkeypatch):
        create(store, "a")
        pool = store._wire._pool
        ((inherited, _),) = pool._idle
        monkeypatch.setattr(os, "getpid", lambda: -1)
        assert listed(store) == ["a"]
        ((own, _),) = pool._idle
        assert own is not inherited
        assert inherited.closed

    def test_one_given_back_after_close_is_closed(self, store):
        pool = store._wire._pool
        connection = pool.take()
        store.close()
        pool.give(connection)
        assert connection.closed
        assert not pool._idle
