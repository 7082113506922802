"""The bench measures what it says: its load generator, its documents, its verdicts."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime

import pytest

from bench.documents import Maker, copy_id
from bench.fill import WAITING, tenders
from bench.jobs import at_limit, request
from bench.load import LoadError, content_length, drive
from bench.measure import Cell
from bench.report import Results, markdown, picture, row, text
from bench.verdicts import Row
from openprocurement_api.storage import codec

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


@pytest.fixture
def server():
    """Serves connections with answers that come in two pieces; the second request of a connection ends it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(client: socket.socket) -> None:
        with client:
            client.recv(1000)
            client.sendall(ANSWER[:30])
            client.sendall(ANSWER[30:])
            client.recv(1000)

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def test_every_connection_sends_its_next_request_when_it_has_its_answer(server) -> None:
    load = drive(server, [request("GET", "/")] * 3, connections=3)
    assert (load.requests, load.statuses) == (3, {200: 3})
    assert load.rate == 3 / load.seconds


def test_a_server_that_breaks_off_is_told_of(server) -> None:
    with pytest.raises(LoadError, match="closed"):
        drive(server, [request("GET", "/")] * 2, connections=1)


@pytest.mark.parametrize(("head", "length"), [(b"X\r\nCONTENT-LENGTH: 12\r\nY: 1", 12), (b"HTTP/1.1 304 Not Modified", 0)])
def test_the_length_of_an_answer(head: bytes, length: int) -> None:
    assert content_length(head) == length


def test_the_limit_gets_the_same_request() -> None:
    sent = request("POST", "/api/2.5/tenders", {"title": "Парти"})
    assert at_limit("8", sent).replace(b"/limit/8", b"/api/2.5/tenders") == sent


def test_samples_are_as_large_as_they_are_to_be() -> None:
    maker = Maker("belowThreshold", datetime(2026, 3, 2, 9, tzinfo=UTC))
    large = maker.large(60_000).body
    assert (len(large["bids"]), large["status"]) == (20, "active.qualification")
    assert abs(len(codec.encode(large)) - 60_000) < 1000


def test_a_store_is_filled_with_tenders_of_which_a_hundred_are_due() -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    made = list(tenders(Maker("belowThreshold", now).enquired(10_000), WAITING + 2, now))
    assert [body["id"] for body in made] == [copy_id(number) for number in range(WAITING + 2)]
    assert sum(datetime.fromisoformat(body["_due"]) < now for body in made) == WAITING


def cell(connections: int, ratio: float, store_cost: float = 0.0) -> Cell:
    return Cell("PATCH" if store_cost else "GET", "sqlite", 1, connections, 9, 9, 9, 9, store_cost, ratio, 1, 0.1, 0.5)


def test_the_worst_load_stands_for_the_job() -> None:
    assert row([cell(1, 0.7), cell(16, 0.4)], {}).ratio == 0.4
    assert row([cell(1, 7, 5), cell(16, 4, 5)], {"PATCH": "JSON 40%"}).ratio == 7


@pytest.mark.parametrize(("ratio", "most", "verdict"), [(0.4, False, "FAIL"), (0.6, False, "pass"), (0.6, True, "FAIL")])
def test_verdicts(ratio: float, most: bool, verdict: str) -> None:
    assert Row("GET", "sqlite", "", "", ratio, 0.5, most).verdict == verdict


def test_what_has_no_target_is_not_judged() -> None:
    assert Row("GET", "sqlite", "", "", 0.1, None).verdict == "-"


def test_a_run_is_shown_as_text_as_markdown_and_as_a_picture() -> None:
    rows = [Row("GET", "sqlite, 1 w", "9 µs", "8 µs", 0.4, 0.5, most=False, note="JSON 40%"), Row("x", "sqlite", "", "", 1, None)]
    found = Results("2 cores", "2026-03-02", "quick", rows, [])
    assert "FAIL\n    JSON 40%" in text(found)
    assert "| GET | sqlite, 1 w | 9 µs | 8 µs | 0.40 | ≥ 0.5 | FAIL | JSON 40% |" in markdown(found)
    assert picture(found).count("<rect") == 2
