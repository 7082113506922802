"""Many documents at once into CouchDB and out of it: dumps of both kinds of store are the same, after any failure too."""

from __future__ import annotations

import io
from itertools import count

import pytest

from openprocurement_api.commands import dumping, loading
from openprocurement_api.commands.dumping import Dump
from openprocurement_api.commands.files import Writer
from openprocurement_api.commands.spool import Spool
from openprocurement_api.storage import RevConflict, Unavailable, bulk, couch_bulk, couch_counters
from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.contract_kinds import create, listed, replace
from openprocurement_api.storage.contract_wholes import whole
from openprocurement_api.storage.couch_database import Database
from openprocurement_api.storage.couch_wire import Answer, Interrupted, Refused, Wire
from openprocurement_api.storage.index import Kinds
from openprocurement_api.storage.memory import MemoryStore

pytest_plugins = ("couch_server",)

DECLARED = Kinds({kind.name: kind for kind in KINDS})


def text_of(store):
    file, spool = io.BytesIO(), Spool()
    dumping.dump(store, DECLARED, Dump(Writer(file, packed=False), spool))
    spool.close()
    return file.getvalue()


def load(text, store):
    return loading.load(store, DECLARED, text.splitlines(keepends=True))


def filled(store):
    for n in range(12):
        name = f"{n * 5 % 12:02}"
        status = "draft" if n % 4 == 3 else "active"
        rev = store.put("tender", name, {"n": n, "status": status}, expect=None, revision={"r": 1}).rev
        for number in range(2, 2 + n % 4):
            rev = store.put("tender", name, {"n": n, "status": status, "m": number}, expect=rev, revision={"r": number}).rev
    create(store, "x", "asset", changed="2024-01-01", registry="land")
    store.raise_counters({"UA": 12, "lots": 3})
    return store


class TestBetweenStores:
    def test_from_memory_and_back(self, store):
        before = filled(MemoryStore(KINDS))
        load(text_of(before), store)
        after = MemoryStore(KINDS)
        load(text_of(store), after)
        assert text_of(before) == text_of(store) == text_of(after)
        assert listed(store, descending=True) == listed(before, descending=True)
        assert sorted(listed(store)) == sorted(listed(before))
        assert store.counters() == {"UA": 12, "lots": 3}

    def test_from_couchdb(self, store, opened, couch_url):
        filled(store)
        other = opened(url=f"{couch_url}b")
        load(text_of(store), other)
        assert text_of(other) == text_of(store)

    def test_a_loaded_store_goes_on(self, store):
        load(text_of(filled(MemoryStore(KINDS))), store)
        replace(store, "05", n="later")
        assert listed(store)[-1] == "05"
        assert listed(store, descending=True)[0] == "05"
        assert store.count("UA") == 13


class TestFailures:
    @pytest.mark.parametrize("failing", range(1, 13))
    @pytest.mark.parametrize("done", [False, True])
    def test_a_load_that_fails_at_any_call_is_completed(self, store, opened, monkeypatch, failing, done):
        monkeypatch.setattr(bulk, "BATCH_DOCUMENTS", 5)
        text = text_of(filled(MemoryStore(KINDS)))
        put_new, calls = Database.put_new, count(1)

        def dying(self, documents):
            if next(calls) != failing:
                return put_new(self, documents)
            if done:
                put_new(self, dict(list(documents.items())[::2]))
            raise KeyboardInterrupt

        monkeypatch.setattr(Database, "put_new", dying)
        with pytest.raises(KeyboardInterrupt):
            load(text, store)
        monkeypatch.setattr(Database, "put_new", put_new)
        again = opened()
        load(text, again)
        assert text_of(again) == text

    def test_an_answer_that_is_lost_is_asked_for_again(self, store, monkeypatch):
        once, lost = Wire.once, []

        def losing(self, method, path, *args):
            answer = once(self, method, path, *args)
            if path[-1] == "_bulk_docs" and path not in lost:
                lost.append(path)
                raise Interrupted("the line is dead")
            return answer

        monkeypatch.setattr(Wire, "once", losing)
        given = [whole(name, {"r": 1}, {"r": 2}, n=1) for name in "ba"]
        store.restore("tender", given)
        assert len(lost) == 3
        assert store.wholes("tender", ["b", "a"]) == given
        assert listed(store, descending=True) == ["a", "b"]

    def test_who_is_faster_is_not_written_over(self, store, monkeypatch):
        put_new = Database.put_new

        def late(self, documents):
            if self.name.endswith("_tender"):
                create(store, "a", mine=True)
            return put_new(self, documents)

        monkeypatch.setattr(Database, "put_new", late)
        with pytest.raises(RevConflict, match="a is kept otherwise"):
            store.restore("tender", [whole("a", n=1)])
        assert store.get("tender", "a").body == {"mine": True}

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (Answer(201, b'[{"id": "a", "error": "forbidden", "reason": "only the application"}]'), "a: forbidden: only the app"),
            (Answer(202, b'[{"id": "a"}]'), "fewer nodes than a quorum"),
            (Answer(201, b"{}"), "an answer that is no answer"),
        ],
    )
    def test_what_was_not_written_is_told(self, store, monkeypatch, answer, said):
        store.ids("tender")
        once = Wire.once

        def answering(self, method, path, *args):
            return answer if path[-1] == "_bulk_docs" else once(self, method, path, *args)

        monkeypatch.setattr(Wire, "once", answering)
        with pytest.raises(Unavailable, match=said):
            store.restore("tender", [whole("a")])

    def test_a_refusal_is_told(self, store, monkeypatch):
        store.ids("tender")
        once = Wire.once

        def refusing(self, method, path, *args):
            if path[-1] == "_bulk_docs":
                raise Refused(413, "too_large", "the request entity is too large")
            return once(self, method, path, *args)

        monkeypatch.setattr(Wire, "once", refusing)
        with pytest.raises(Unavailable, match="413 too_large"):
            store.restore("tender", [whole("a")])

    def test_a_revision_that_has_gone_is_told(self, store):
        store.restore("tender", [whole("a", {"r": 1}, {"r": 2})])
        history = store._open("tender").shelf.history
        rev = history.get("a:0000000001", dict)["_rev"]
        history.put("a:0000000001", {"_deleted": True}, rev)
        with pytest.raises(Unavailable, match="a:0000000001 cannot be read"):
            store.wholes("tender", ["a"])

    def test_a_counter_that_others_raise_is_raised_after_them(self, store, monkeypatch):
        put, acts = Database.put, [lambda: store.count("n")]

        def raced(self, *args):
            if acts:
                acts.pop()()
            return put(self, *args)

        monkeypatch.setattr(Database, "put", raced)
        store.raise_counters({"n": 7})
        assert store.counters() == {"n": 7}


class TestPages:
    def test_a_long_history_is_read_in_pages(self, store, monkeypatch):
        monkeypatch.setattr(couch_bulk, "PAGE", 2)
        given = [whole(name, *({"r": n} for n in range(5))) for name in "ab"]
        store.restore("tender", given)
        assert store.wholes("tender", ["a", "b"]) == given

    def test_many_counters_are_read_in_pages(self, store, monkeypatch):
        monkeypatch.setattr(couch_counters, "PAGE", 2)
        store.raise_counters({str(n): n for n in range(5)})
        assert store.counters() == {str(n): n for n in range(5)}

    def test_a_design_document_fills_no_page(self, store):
        for name in ("A", "Z", "a", "z"):
            create(store, name)
        assert [store.ids("tender", after=after, limit=1) for after in ("A", "Z", "a", "z")] == [["Z"], ["a"], ["z"], []]
