"""Calls that are lost, late, cut short or refused by something in between: the document is old or new, and the answer is true.

All tests of this module share a store; each has a document and a feed of its own.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import pytest
from couch_proxy import FAULTS, PATIENCE, nothing, start

from openprocurement_api.storage import RevConflict, Revision, Unavailable, couch_saving, couch_wire
from openprocurement_api.storage.contract import KINDS
from openprocurement_api.storage.contract_kinds import create, listed, replace
from openprocurement_api.storage.couchdb import CouchStore

pytest_plugins = ("couch_server",)

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)

# The calls of a save over an existing document: read it, archive the revision it carries, save it, read its row, put its row.
CALLS = range(5)
BODY = 2


@pytest.fixture(scope="module")
def url(couch_server):
    return f"{couch_server}/t{secrets.token_hex(6)}"


@pytest.fixture(scope="module", autouse=True)
def _short_pauses():
    with pytest.MonkeyPatch.context() as patch:
        for module in (couch_wire, couch_saving):
            patch.setattr(module, "PAUSES", (0.01, 0.05))
        yield


@pytest.fixture(scope="module")
def store(url):
    store = CouchStore(url, KINDS[:1])
    yield store
    store.close()


@pytest.fixture(scope="module")
def running(url):
    proxy, end = start(url)
    yield proxy
    end()


@pytest.fixture(scope="module")
def reached(store, running):
    """The store as one who talks to the server through the proxy has it."""
    reached = CouchStore(running.url, KINDS[:1], read_seconds=PATIENCE)
    yield reached
    reached.close()


@pytest.fixture
def proxy(running):
    yield running
    running.meanwhile = nothing
    running.heal()


@pytest.fixture
def through(reached, proxy):
    return reached


@pytest.fixture
def name():
    """The id of the test's document, and of its feed."""
    return secrets.token_hex(6)


@pytest.fixture
def document(store, name):
    """A document saved twice, so that it carries a revision that is not archived yet."""
    rev = store.put("tender", name, body(name, 1), expect=None, revision={"n": 1}).rev
    return store.put("tender", name, body(name, 2), expect=rev, revision={"n": 2})


def body(name, n):
    return {"mode": name, "dateModified": f"2024-01-01T00:00:{n:02}Z", "n": n}


def saved(store, document, n=3):
    """The answer to a save: the document, or the error."""
    try:
        return store.put("tender", document.id, body(document.id, n), expect=document.rev, revision={"n": n})
    except (RevConflict, Unavailable) as error:
        return error


def check(store, document, answer):
    """What must hold after a save by a single writer, however it went."""
    found = store.get("tender", document.id)
    assert not isinstance(answer, RevConflict)
    if isinstance(answer, Unavailable):
        assert found == document or found.body == body(document.id, 3)
    else:
        assert found == answer
    n = found.body["n"]
    assert list(store.revisions("tender", document.id)) == [Revision(number, {"n": number}) for number in range(1, n + 1)]
    store.repair("tender")
    for descending in (False, True):
        rows = store.changes("tender", feed=document.id, descending=descending)
        assert [(row.id, row.stamp) for row in rows] == [(document.id, found.body["dateModified"])]
    saved(store, found, n + 1)
    assert [revision.number for revision in store.revisions("tender", document.id)] == list(range(1, n + 2))


class TestSaves:
    def test_the_calls_that_the_other_tests_spoil(self, through, proxy, document):
        proxy.spoil(0, "", 0)
        assert saved(through, document).body["n"] == 3
        assert [call.split(" ")[0] for call in proxy.calls] == ["GET", "PUT", "PUT", "GET", "PUT"]
        parts = ["_tender/", "_history/", "_tender/", "_feed/", "_feed/"]
        assert all(part in call for part, call in zip(parts, proxy.calls, strict=True))

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("call", CALLS)
    def test_one_spoiled_call_does_not_matter(self, store, through, proxy, document, call, fault):
        proxy.spoil(call, fault)
        answer = saved(through, document)
        proxy.heal()
        assert answer.body["n"] == 3
        check(store, document, answer)

    @pytest.mark.parametrize("fault", ["reset before", "reset after", "503 before", "502 after", "truncated"])
    @pytest.mark.parametrize("call", CALLS)
    def test_when_all_calls_are_spoiled_from_one_on(self, store, through, proxy, document, call, fault):
        proxy.spoil(call, fault, 100)
        answer = saved(through, document)
        proxy.heal()
        assert isinstance(answer, Unavailable) == (call <= BODY)
        check(store, document, answer)

    @pytest.mark.parametrize("fault", FAULTS)
    def test_a_creation(self, store, through, proxy, name, fault):
        proxy.spoil(0, fault)
        assert create(through, name, mode=name, n=1).body["n"] == 1
        proxy.heal()
        assert store.get("tender", name).body["n"] == 1
        assert listed(store, feed=name) == [name]
        with pytest.raises(RevConflict):
            create(through, name)


class TestOthers:
    """Other writers save between a spoiled save and the question what became of it."""

    @pytest.mark.parametrize("fault", ["reset after", "502 after"])
    def test_a_save_is_found_under_those_that_followed(self, store, through, proxy, document, fault):
        def three_saves():
            proxy.meanwhile = nothing
            for n in range(4, 7):
                replace(store, document.id, n=n)

        proxy.meanwhile = three_saves
        proxy.spoil(BODY, fault)
        answer = saved(through, document)
        proxy.heal()
        assert answer.body["n"] == 3
        assert store.get("tender", document.id).body == {"n": 6}
        with pytest.raises(RevConflict):
            through.put("tender", document.id, {}, expect=answer.rev)

    def test_the_revision_of_a_save_found_so_is_its_own(self, store, through, proxy, document):
        seen = []

        def one_save():
            proxy.meanwhile = nothing
            seen.append(store.get("tender", document.id).rev)
            replace(store, document.id)

        proxy.meanwhile = one_save
        proxy.spoil(BODY, "reset after")
        answer = saved(through, document)
        proxy.heal()
        assert [answer.rev] == seen

    def test_a_save_that_was_forestalled_is_a_conflict(self, store, through, proxy, document, monkeypatch):
        next_fault = proxy.next_fault

        def forestalled(call):
            fault = next_fault(call)
            if fault:
                replace(store, document.id, n=7)
            return fault

        monkeypatch.setattr(proxy, "next_fault", forestalled)
        proxy.spoil(BODY, "reset before")
        assert isinstance(saved(through, document), RevConflict)
        assert store.get("tender", document.id).body == {"n": 7}

    def test_a_document_that_was_removed_by_force_is_no_conflict(self, store, through, proxy, document):
        def purge():
            proxy.meanwhile = nothing
            shelf = store._open("tender").shelf
            shelf.bodies.put(document.id, {"_deleted": True}, store.get("tender", document.id).rev)

        proxy.meanwhile = purge
        proxy.spoil(BODY, "502 after")
        assert "has gone" in str(saved(through, document))
        assert listed(store, feed=document.id) == [document.id]


class TestTheRest:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_no_number_is_given_twice_or_left_out(self, store, through, proxy, name, fault):
        before = store.count(name)
        proxy.spoil(1, fault)
        number = through.count(name)
        proxy.heal()
        assert (number, store.count(name)) == (before + 1, before + 2)

    @pytest.mark.parametrize("fault", FAULTS)
    def test_reading_is_tried_again(self, store, through, proxy, document, fault):
        proxy.spoil(0, fault)
        assert through.get("tender", document.id) == document

    @pytest.mark.parametrize("fault", FAULTS)
    def test_so_is_asking_whether_anything_has_changed(self, store, through, proxy, document, fault):
        through.get("tender", document.id)
        proxy.spoil(0, fault)
        assert through.rev("tender", document.id) == document.rev
        proxy.heal()
        rev = replace(store, document.id).rev
        proxy.spoil(0, fault)
        assert through.rev("tender", document.id) == rev

    def test_what_has_not_changed_is_not_sent_again(self, store, through, proxy, name):
        create(store, name, text="x" * 10_000)
        proxy.spoil(0, "", 0)
        revs = [through.rev("tender", name) for _ in range(3)]
        rev = replace(store, name, text="y" * 10_000).rev
        assert [*revs, rev] == [revs[0]] * 3 + [through.rev("tender", name)]
        assert through.get("tender", name).rev == rev == through.rev("tender", name)
        assert [(status, size > 10_000) for status, size in proxy.sent] == [
            (200, True), (304, False), (304, False), (200, True), (200, True), (304, False),
        ]  # fmt: skip

    @pytest.mark.parametrize("fault", ["reset after", "truncated", "garbage", "503 before"])
    def test_so_are_pages_of_lists(self, store, through, proxy, document, fault):
        cursor = store.cursor_at("tender", NOON)
        for read in (
            lambda store: store.changes("tender", feed=document.id),
            lambda store: store.changes("tender", feed=document.id, descending=True),
            lambda store: store.changes("tender", since=cursor),
            lambda store: store.due("tender", until=NOON),
            lambda store: list(store.revisions("tender", document.id)),
        ):
            proxy.spoil(0, fault)
            assert read(through) == read(store)

    def test_a_process_that_could_not_list_does_so_before_it_shows_the_feed(self, through, proxy, document):
        proxy.spoil(BODY + 1, "reset before", 100)
        saved(through, document)
        proxy.heal()
        assert [row.stamp[-3:-1] for row in through.changes("tender", feed=document.id)] == ["03"]

    def test_a_server_that_is_not_there(self, couch_server):
        with pytest.raises(Unavailable, match="Connection refused"):
            CouchStore("couchdb://user:secret@127.0.0.1:1/prefix")

    def test_a_large_answer_cut_short(self, store, through, proxy, name):
        put = create(store, name, text="x" * 100_000)
        proxy.spoil(0, "truncated")
        assert through.get("tender", name) == put
