"""The store in CouchDB: the contract, and what is its own: cursors, names, secrecy, declarations, branches."""

from __future__ import annotations

import time
from dataclasses import replace as but
from datetime import UTC, datetime

import pytest

from openprocurement_api.storage import BadCursor, Kind, Missing, Unavailable, couch_feed, open_store
from openprocurement_api.storage.contract import KINDS, StoreContract
from openprocurement_api.storage.contract_kinds import create, listed, replace
from openprocurement_api.storage.couch_listing import PlaceClock
from openprocurement_api.storage.couch_names import Address
from openprocurement_api.storage.couchdb import CouchStore

pytest_plugins = ("couch_server",)

TENDER = KINDS[0]
END = datetime.max.replace(tzinfo=UTC)
NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


class TestCouchDB(StoreContract):
    @pytest.fixture
    def reopen(self, opened):
        return opened


class TestTurningRound:
    """A reader that goes back reads forward from where it began, and misses nothing of what came meanwhile."""

    def test_forward_from_the_first_row_of_a_walk_back(self, store):
        for name in "abc":
            create(store, name)
        first = store.changes("tender", descending=True, limit=2)[0].cursor
        assert listed(store, since=first) == []
        create(store, "d")
        replace(store, "a")
        assert listed(store, since=first) == ["d", "a"]

    def test_forward_from_the_middle_of_a_walk_back(self, store):
        for name in "abcde":
            create(store, name)
        *_, middle = store.changes("tender", descending=True, limit=3)
        replace(store, "a")
        create(store, "f")
        seen, cursor = [], middle.cursor
        while rows := store.changes("tender", since=cursor, limit=1):
            cursor = rows[0].cursor
            seen.append(rows[0].id)
        assert (middle.id, seen) == ("c", ["d", "e", "a", "f"])

    def test_forward_from_a_later_page_of_a_walk_back(self, store):
        for name in "abcdef":
            create(store, name)
        first = store.changes("tender", descending=True, limit=2)[-1].cursor
        replace(store, "a")
        second = store.changes("tender", descending=True, limit=2, since=first)
        assert [row.id for row in second] == ["d", "c"]
        assert listed(store, since=second[-1].cursor) == ["d", "e", "f", "a"]

    def test_back_from_a_moment(self, store):
        for hour, name in enumerate("abc", 11):
            create(store, name, dateModified=f"2024-01-01T{hour}:00:00Z")
        cursor = store.cursor_at("tender", NOON)
        assert listed(store, since=cursor, descending=True) == ["a"]
        assert listed(store, since=cursor) == ["b", "c"]

    def test_a_document_saved_again_during_a_walk_from_a_moment(self, store):
        for name in "abc":
            create(store, name, dateModified="2024-01-01T12:00:00Z")
        rows = store.changes("tender", since=store.cursor_at("tender", NOON), limit=1)
        replace(store, "b", dateModified="2024-01-01T11:00:00Z", status="moved to where the walk has been")
        assert [row.id for row in rows] + listed(store, since=rows[0].cursor) == ["a", "c", "b"]

    def test_clocks_go_forward_only(self, monkeypatch):
        monkeypatch.setattr(time, "time_ns", iter([5_000_000, 3_000_000, 9_000_000]).__next__)
        clock = PlaceClock()
        assert [clock.next() for _ in range(3)] == [5000, 5001, 9000]


class TestCursors:
    def test_those_of_another_kind_and_of_another_store_are_refused(self, store, opened, couch_url):
        create(store, "a")
        create(store, "a", "asset")
        cursor = store.changes("tender")[0].cursor
        other = opened(url=f"{couch_url}other")
        create(other, "a")
        for refusing, kind in ((store, "asset"), (other, "tender")):
            with pytest.raises(BadCursor):
                refusing.changes(kind, since=cursor)

    def test_they_are_words_that_no_link_changes(self, store):
        create(store, "a")
        cursors = [store.changes("tender", descending=back)[0].cursor for back in (False, True)]
        for cursor in [*cursors, store.cursor_at("tender", NOON)]:
            assert cursor.replace("-", "a").replace("_", "a").isalnum()
            assert cursor.startswith("c")


class TestFeeds:
    def test_a_rare_feed_among_many_rows(self, store, monkeypatch):
        """What was read through for nothing is not read again."""
        monkeypatch.setattr(couch_feed, "BATCH", 2)
        create(store, "rare", mode="test")
        cursor = store.changes("tender", feed="test")[0].cursor
        for n in range(7):
            create(store, f"{n}")
        asked = []
        page = store._open("tender").shelf.feed.wire.once
        monkeypatch.setattr(store._wire, "once", lambda *args: asked.append(args) or page(*args))
        assert listed(store, feed="test", since=cursor, limit=1) == []
        assert len(asked) == 4
        assert listed(store, feed="test", since=cursor, limit=1) == []
        assert len(asked) == 5
        create(store, "rare too", mode="test")
        assert listed(store, feed="test", since=cursor) == ["rare too"]

    def test_a_page_asks_for_little_more_than_it_shows_until_that_is_not_enough(self, store, monkeypatch):
        for n in range(12):
            create(store, f"{n:02}", mode="test" if n % 3 else None)
        asked = []
        once = store._open("tender").shelf.feed.wire.once
        monkeypatch.setattr(store._wire, "once", lambda *args: asked.append(args[3]["limit"]) or once(*args))
        assert listed(store, feed=None, limit=4) == ["00", "01", "02", "03"]
        assert listed(store, limit=4) == ["00", "03", "06", "09"]
        assert asked == ["6", "6", "12"]

    def test_what_is_remembered_of_readers_has_an_end(self, store, monkeypatch):
        monkeypatch.setattr(couch_feed, "REMEMBERED", 2)
        create(store, "a")
        for feed in "bcd":
            assert listed(store, feed=feed) == []
        assert [feed for _, feed in store._open("tender").feed._empty] == ["c", "d"]

    def test_a_bid_leaves_no_trace(self, store):
        """A save that keeps the stamp changes nothing that an observer of the feed can see, CouchDB's own numbers included."""
        create(store, "a", dateModified="2024-01-01", mode="test")
        feed = store._open("tender").shelf.feed
        before = feed.changes(0, 10, dict)
        replace(store, "a", dateModified="2024-01-01", mode="test", bids=["sealed"])
        assert feed.changes(0, 10, dict) == before

    def test_a_draft_has_no_row_at_all(self, store):
        create(store, "a", status="draft")
        replace(store, "a", status="draft")
        assert store._open("tender").shelf.feed.get("a", dict) is None


class TestNames:
    @pytest.mark.parametrize(
        "id", ["_all_docs", "_design/store", "_local/x", "~", "", ".", "..", "a/b", "a?b#c", "%2F", "Київ", "a b"]
    )
    def test_any_id_is_a_document(self, store, id):
        with pytest.raises(Missing):
            store.get("tender", id)
        put = create(store, id, next_check="2024-01-01")
        assert store.get("tender", id) == put
        assert listed(store) == listed(store, descending=True) == [id]
        assert [found for _, found in store.due("tender", until=END)] == [id]

    @pytest.mark.parametrize("kind", ["tender_feed", "Tender", "$", "_counters", "counters", "план", "tender/x"])
    def test_any_kind_has_databases_of_its_own(self, store, kind):
        create(store, "a", n=1)
        create(store, "a", kind, n=2)
        assert store.count("a") == 1
        assert [store.get(name, "a").body["n"] for name in ("tender", kind)] == [1, 2]

    def test_the_history_of_one_is_not_that_of_another(self, store):
        for name in ("a", "a:0000000001", "a:"):
            rev = store.put("tender", name, {}, expect=None, revision={"of": name}).rev
            store.put("tender", name, {}, expect=rev, revision={"of": name})
        assert [revision.body["of"] for revision in store.revisions("tender", "a")] == ["a", "a"]


class TestAddresses:
    def test_no_text_tells_the_password(self):
        address = Address.parse("couchdb://user:sec%40ret@host:1234/prefix")
        assert (address.credentials, address.base) == (("user", "sec@ret"), "http://host:1234")
        assert "ret" not in f"{address} {address!r}".replace("credentials", "")

    def test_defaults_and_tls(self):
        assert Address.parse("couchdb://host/prefix").base == "http://host:5984"
        assert Address.parse("couchdbs://[::1]/prefix").base == "https://[::1]:6984"

    @pytest.mark.parametrize(
        "url",
        [
            "couchdb://user:secret@host:x/prefix",
            "couchdb:user:secret@host/prefix",
            "couchdb://user:secret@host:5984",
            "couchdb://user:secret@host:5984/Prefix",
            "couchdb://user:secret@host:5984/a/b",
            "couchdb://user:secret@host:5984/prefix?x=1",
            "couch://user:secret@host:5984/prefix",
        ],
    )
    def test_a_wrong_url_is_told_without_the_password(self, url):
        with pytest.raises(ValueError, match=r"storage\.url must be") as error:
            open_store(url)
        assert "secret" not in str(error.value)

    def test_open_store(self, couch_url):
        store = open_store(couch_url, [Kind("tender", feed="registry")])
        store.put("tender", "a", {"registry": "land"}, expect=None)
        assert listed(store, feed="land") == ["a"]
        assert repr(store) == f"<CouchStore {couch_url}>"
        store.close()


class TestDeclarations:
    """A store whose kinds are declared otherwise than when it was written is indexed anew."""

    def test_a_longer_summary_fills_the_rows_that_exist(self, store, opened):
        for n in range(3):
            create(store, f"{n}", dateModified="2024-01-01", tenderID=f"UA-{n}")
        rows = opened([but(TENDER, summary=("tenderID",))]).changes("tender")
        assert [row.summary for row in rows] == [{"tenderID": f"UA-{n}"} for n in range(3)]

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
        create(store, "c", status="draft", wake="2024-01-03")
        again = opened([but(TENDER, due="wake")])
        assert again.due("tender", until=END) == [
            (datetime(2024, 1, 2, tzinfo=UTC), "a"),
            (datetime(2024, 1, 3, tzinfo=UTC), "c"),
        ]
        assert sorted(listed(again)) == ["a", "b"]

    def test_the_bodies_and_their_history_stay(self, store, opened):
        store.put("tender", "a", {"wake": "2024-01-02", "n": 0.0}, expect=None, revision={"n": 1})
        again = opened([but(TENDER, due="wake")])
        assert again.get("tender", "a").raw == store.get("tender", "a").raw
        assert [revision.body for revision in again.revisions("tender", "a")] == [{"n": 1}]

    def test_the_same_declaration_is_not_worked_through_again(self, store, opened):
        revs = [create(store, "a").rev, create(store, "b", status="draft").rev]
        rows = store.changes("tender")
        again = opened([but(TENDER, unlisted={"status": frozenset({"terminated", "draft"})})])
        assert again.changes("tender") == rows
        assert [again.get("tender", name).rev for name in "ab"] == revs


class TestDamage:
    def test_branches_of_a_document_are_not_built_on(self, store):
        """As two nodes of a cluster make them that save the same document while they do not hear of each other."""
        rev = create(store, "a", n=1).rev
        bodies = store._open("tender").shelf.bodies
        branch = b'{"new_edits": false, "docs": [{"_id": "a", "_rev": "1-0", "body": "{}", "saves": 1, "write": "x"}]}'
        bodies.wire.once("POST", [bodies.name, "_bulk_docs"], branch)
        with pytest.raises(Unavailable, match="branches"):
            replace(store, "a", n=2)
        assert store.get("tender", "a").rev == rev

    def test_a_revision_that_cannot_be_read_is_not_passed_over(self, store):
        rev = store.put("tender", "a", {}, expect=None, revision={"n": 1}).rev
        store.put("tender", "a", {}, expect=rev, revision={"n": 2})
        history = store._open("tender").shelf.history
        archived = history.get("a:0000000001", dict)
        history.put("a:0000000001", {"_deleted": True}, archived["_rev"])
        with pytest.raises(Unavailable, match="revision 1 of a"):
            list(store.revisions("tender", "a"))

    def test_databases_that_vanish_are_no_missing_documents(self, store):
        create(store, "a")
        for database in (store._open("tender").shelf.bodies, store._counters):
            database.wire.once("DELETE", [database.name])
        for call in (store.ping, lambda: store.get("tender", "a"), lambda: create(store, "b"), lambda: store.count("x")):
            with pytest.raises(Unavailable, match=store._wire.address.prefix):
                call()

    def test_a_refusal_is_told(self, store):
        with pytest.raises(Unavailable, match=r"404 not_found"):
            store._open("tender").shelf.bodies.view("store", "nothing")

    def test_a_document_of_another_program_is_told(self, store):
        store._open("tender").shelf.bodies.put("a", {"hello": "world"})
        with pytest.raises(Unavailable, match="an answer that is no answer"):
            store.get("tender", "a")


def test_a_busy_counter_is_given_up(store, monkeypatch):
    monkeypatch.setattr("openprocurement_api.storage.couch_counters.BUSY_SECONDS", -1.0)
    with pytest.raises(Unavailable, match="no number of x"):
        store.count("x")


def test_a_store_that_cannot_be_opened_keeps_no_connection(couch_url, monkeypatch):
    wires = []

    def fail(counters):
        wires.append(counters.wire)
        raise KeyboardInterrupt

    monkeypatch.setattr("openprocurement_api.storage.couchdb.secret_of", fail)
    with pytest.raises(KeyboardInterrupt):
        CouchStore(couch_url)
    with pytest.raises(Unavailable, match="closed"):
        wires[0].once("GET", [])
