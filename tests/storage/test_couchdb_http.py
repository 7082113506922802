"""Faults on the wire to the store as clients see them: an answer is true, a document is old or new, nothing is doubled."""

from __future__ import annotations

import secrets
import threading
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from couch_proxy import FAULTS, PATIENCE, start

from openprocurement_api import app
from openprocurement_api.storage import couch_saving, couch_wire
from openprocurement_api.storage.couchdb import CouchStore
from openprocurement_api.testing import builders, couch
from openprocurement_api.testing.client import BASE, Api
from plugins.chronograph.clockwork import Clockwork

pytest_plugins = ("couch_server",)

BREAKS = ("reset before", "reset after", "503 before", "502 after", "truncated")
# What a PATCH asks of the store: read the document, then the five calls of its save.
CALLS = range(6)
DOWN = 503


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    for module in (couch_wire, couch_saving):
        monkeypatch.setattr(module, "PAUSES", (0.01, 0.05))


@pytest.fixture(scope="module")
def place(couch_server):
    """A proxy before the server, and the URL of a store behind it."""
    url = f"{couch_server}/t{secrets.token_hex(6)}"
    proxy, end = start(url)
    yield proxy, url
    end()
    couch.erase(url)


@pytest.fixture
def proxy(place):
    yield place[0]
    place[0].heal()


@pytest.fixture
def reached(settings, place, proxy, monkeypatch):
    """An API whose store is behind the proxy."""
    monkeypatch.setattr(app, "open_store", lambda url, kinds: CouchStore(url, kinds, read_seconds=PATIENCE))
    return Api.start(settings | {"storage.url": proxy.url, "plugins": "belowThreshold documents chronograph"})


@pytest.fixture
def tender(reached):
    thing = reached.tender(title="old", description="old")
    reached.patch(thing, {"title": "older", "description": "older"})
    return thing


def patch(api, thing, text):
    """The answer to a change of two fields."""
    headers = {"X-Access-Token": thing.token}
    api.web.authorization = ("Basic", ("broker", ""))
    data = {"data": {"title": text, "description": text}}
    return api.web.patch_json(BASE + thing.path, data, headers=headers, expect_errors=True)


def told_to_repeat(answer):
    """It is a 503 in the envelope that says when to come again."""
    assert answer.status_int == DOWN
    assert answer.json["status"] == "error"
    return answer.headers["Retry-After"].isdigit()


def stored(api, thing):
    """The text of the stored document, whole, with one revision for each save."""
    found = api.store.get("tender", thing.id)
    assert found.body["title"] == found.body["description"]
    saves = int(found.rev.partition("-")[0])
    assert [revision.number for revision in api.store.revisions("tender", thing.id)] == list(range(1, saves + 1))
    return found.body["title"], saves


def test_the_calls_that_the_others_spoil(reached, proxy, tender):
    proxy.spoil(0, "", 0)
    assert patch(reached, tender, "new").status_int == 200
    assert [call.split(" ")[0] for call in proxy.calls] == ["GET", "GET", "PUT", "PUT", "GET", "PUT"]
    assert len(proxy.calls) == len(CALLS)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_one_fault_is_not_noticed(reached, proxy, tender, call, fault):
    proxy.spoil(call, fault)
    answer = patch(reached, tender, "new")
    proxy.heal()
    assert (answer.status_int, answer.json["data"]["title"]) == (200, "new")
    assert stored(reached, tender) == ("new", 3)


@pytest.mark.parametrize("fault", BREAKS)
@pytest.mark.parametrize("call", CALLS)
def test_a_store_that_goes_away_at_any_call(reached, proxy, tender, call, fault):
    proxy.spoil(call, fault, 1000)
    answer = patch(reached, tender, "new")
    proxy.heal()
    text, saves = stored(reached, tender)
    if answer.status_int == 200:
        assert (text, saves) == ("new", 3)
    else:
        assert told_to_repeat(answer)
        assert (text, saves) in {("older", 2), ("new", 3)}
    again = patch(reached, tender, "new")
    assert again.status_int == 200
    assert stored(reached, tender) == ("new", 3), "what was done already is not done twice"


@pytest.mark.parametrize("fault", ["reset before", "reset after", "truncated"])
@pytest.mark.parametrize("call", range(15))
def test_a_bid_that_is_sent_again_is_there_once(reached, proxy, call, fault):
    """With its Idempotency-Key, whose claim and answer are documents of the store as well."""
    thing = reached.tender()
    reached.until(thing, "active.tendering")
    reached.web.authorization = ("Basic", ("broker", ""))
    headers = {"Idempotency-Key": secrets.token_hex(16)}

    def send():
        return reached.web.post_json(f"{BASE}{thing.path}/bids", {"data": builders.bid()}, headers=headers, expect_errors=True)

    proxy.spoil(call, fault, 1000)
    first = send()
    proxy.heal()
    bids = reached.store.get("tender", thing.id).body.get("bids", [])
    assert len(bids) == 1 if first.status_int == 201 else told_to_repeat(first) and len(bids) <= 1
    second = send()
    assert second.status_int == 201, second.text
    (bid,) = reached.store.get("tender", thing.id).body["bids"]
    assert second.json["data"]["id"] == bid["id"]
    reached.call("GET", f"{thing.path}/bids/{bid['id']}", token=second.json["access"]["token"])


class TestTheRest:
    def test_readers_are_told_to_come_again(self, reached, proxy, tender):
        proxy.spoil(0, "reset before", 1000)
        for path in (tender.path, "/tenders", "/tenders?descending=1"):
            assert told_to_repeat(reached.web.get(BASE + path, expect_errors=True))

    def test_the_health_page_says_so(self, reached, proxy):
        proxy.spoil(0, "reset before", 1000)
        answer = reached.web.get(f"{BASE}/health", expect_errors=True)
        assert answer.status_int == DOWN
        assert answer.json["data"]["store"].startswith("unreachable: ")
        proxy.heal()
        assert reached.web.get(f"{BASE}/health").json["data"]["store"] == "ok"

    def test_an_observer_goes_on_from_where_he_was(self, reached, proxy):
        reached.tender()
        page = reached.call("GET", "/tenders?limit=1000", user=None).json
        while page["data"]:
            page = reached.call("GET", path_of(page["next_page"]), user=None).json
        made = [reached.tender().id for _ in range(3)]
        proxy.spoil(0, "truncated", 1000)
        assert told_to_repeat(reached.web.get(path_of(page["next_page"]), expect_errors=True))
        proxy.heal()
        page = reached.call("GET", path_of(page["next_page"]), user=None).json
        assert [row["id"] for row in page["data"]] == made

    def test_the_chronograph_rides_it_out(self, reached, proxy):
        thing = reached.tender()
        reached.clock.advance(timedelta(days=7))
        stop, clockwork = threading.Event(), Clockwork(reached.registry.services, timedelta(seconds=0.05))
        proxy.spoil(0, "reset before", 10**6)
        worker = threading.Thread(target=clockwork.run, args=(stop,))
        worker.start()
        try:
            while len(proxy.calls) < len(CALLS):
                stop.wait(0.01)
            proxy.heal()
            while reached.store.get("tender", thing.id).body["status"] != "active.tendering":
                assert worker.is_alive()
                stop.wait(0.05)
        finally:
            stop.set()
            worker.join()


def path_of(page):
    parts = urlsplit(page["uri"])
    return f"{parts.path}?{parts.query}"
