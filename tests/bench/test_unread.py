"""First readings are first: nothing is handed out twice to a server, and profiles are of the same kind of requests as rows."""

from __future__ import annotations

import socket
from datetime import UTC, datetime
from random import Random

import pytest

from bench import where
from bench.data import Data
from bench.fill import tenders
from bench.growth import REQUESTS, Store
from bench.jobs import READS, Job
from bench.unread import PAGE, Places, Unread
from bench.wire import AUTHORIZATION, request
from openprocurement_api.storage.memory import MemoryStore


@pytest.fixture
def data(tmp_path):
    data = Data(tmp_path, f"sqlite:///{tmp_path}/bench.db")
    yield data
    data.close()


@pytest.fixture
def unread():
    """Ids that count from 0."""
    known = Unread(lambda number: [str(len(known.ids) + n) for n in range(number)])
    return known


@pytest.fixture
def places():
    """Places of a feed in memory, in which only what is needed is listed."""
    store = MemoryStore()

    def add(number: int) -> None:
        for _ in range(number):
            store.put("tender", f"{Random().random()}", {"dateModified": "2026-01-01T00:00:00Z"}, expect=None)

    return Places(store, "tender", add)


def test_no_tender_is_handed_out_twice(unread) -> None:
    assert [unread.take(2), unread.take(1), unread.take(2)] == [["0", "1"], ["2"], ["3", "4"]]


def test_another_server_gets_the_same_tenders_again(unread) -> None:
    unread.take(3)
    unread.forget()
    assert (unread.take(2), len(unread.ids)) == (["0", "1"], 3)


def test_no_place_is_handed_out_twice_until_there_is_another_server(places) -> None:
    taken = [*places.take(3), *places.take(700), *places.take(700)]
    assert len(set(taken)) == 1403
    places.forget()
    assert set(places.take(1403)) & set(taken)


def test_a_whole_page_follows_each_place(places) -> None:
    assert {len(places.store.changes("tender", since=place, limit=PAGE)) for place in places.take(400)} == {PAGE}


def job(*jobs: str) -> list[Job]:
    return [one for one in READS if one.name in jobs]


def paths(sent: list[bytes]) -> list[str]:
    return [str(where.environ(one)["PATH_INFO"]) + str(where.environ(one)["QUERY_STRING"]) for one in sent]


@pytest.mark.parametrize(
    ("name", "different"),
    [("GET tender, 10 KB, first reading", 6), ("feed page of 100, first reading", 6), ("GET tender, 10 KB", 3)],
)
def test_requests_of_first_readings_differ(data, name: str, different: int) -> None:
    (found,) = job(name)
    assert len({*paths(found.requests(data, 3)), *paths(found.requests(data, 3))}) == different


def test_what_is_measured_is_answered(data) -> None:
    names = ("GET tender, 10 KB, first reading", "GET tender, 10 KB, by its owner", "feed page of 100, first reading")
    notes = where.notes(data, job(*names))
    assert set(notes) == set(names)
    assert all("store" in note or "Pyramid" in note for note in notes.values())


@pytest.mark.parametrize("name", ["GET tender, 10 KB", "GET tender, 10 KB, first reading", "feed page of 100"])
def test_the_store_has_what_it_is_asked_for(data, name: str) -> None:
    (found,) = job(name)
    assert len(found.requests(data, 1)) == 1
    for ask in filter(None, (found.ask, found.check)):
        assert ask(data)()


def test_the_owner_comes_with_key_and_token(data) -> None:
    (found,) = job("GET tender, 10 KB, by its owner")
    made = where.environ(found.requests(data, 1)[0])
    assert (made["HTTP_AUTHORIZATION"], made["HTTP_X_ACCESS_TOKEN"]) == (AUTHORIZATION, data.small.sample.token)


def test_requests_are_profiled_the_second_time() -> None:
    seen: list[str] = []
    sent = Job("GET", 200, lambda _, number: [request("GET", f"/{n}") for n in range(number)], lambda _: int)

    def app(environ, _):
        seen.append(environ["PATH_INFO"])
        return []

    where.parts(app, sent, None)
    assert seen == [f"/{n}" for n in range(where.REPEATS)] * 2


def test_waiting_is_no_part_of_a_profile() -> None:
    assert where.part_of(("~", 0, "<method 'recv_into' of '_socket.socket' objects>")) == where.WAITING
    asker, asked = socket.socketpair()

    def app(*_):
        asked.sendall(b"!")
        return [asker.recv(1)]

    with asker, asked:
        assert where.WAITING not in where.profiled(app, where.environ(request("GET", "/")))


def test_growth_asks_for_no_tender_twice(data) -> None:
    sample, size = data.maker.enquired(10_000), 400
    data.load(tenders(sample, size, datetime(2026, 3, 2, tzinfo=UTC)))
    store = Store(data, size, sample.token, None)
    for make, _ in REQUESTS.values():
        sent = [make(store, one) for one in store.picked(300)]
        assert len(set(sent)) == 300
