"""The bench measures what it says: its load generator, its documents, its verdicts."""

from __future__ import annotations

import socket
import threading
from datetime import UTC, datetime

import pytest
from gevent import monkey

from bench.documents import Maker, copy_id
from bench.fill import WAITING, tenders
from bench.load import LoadError, content_length, drive
from bench.measure import Cell, as_in_a_worker, cpu_of
from bench.report import AFAR, BAD, Results, markdown, picture, row, summary, text
from bench.verdicts import Row
from bench.wire import at_limit, request
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


def test_a_tender_of_the_open_procedure_may_be_changed_while_it_has_bids() -> None:
    body = Maker("belowThreshold", datetime(2026, 3, 2, 9, tzinfo=UTC)).contested(60_000).body
    assert (body["procurementMethodType"], body["status"], len(body["bids"])) == ("aboveThresholdUA", "active.tendering", 20)


def cell(connections: int, ratio: float, *, write: bool = False, check_cost: float = 0.0, ratio_l2: float = 0.0) -> Cell:
    name = "PATCH" if write else "GET"
    return Cell(name, "sqlite", 1, connections, 9, 9, 9, 9, 5, check_cost, ratio, ratio_l2, 1, 0.1, 0.5, write)


def test_the_worst_load_stands_for_the_job() -> None:
    assert row([cell(1, 0.7), cell(16, 0.4)], {}).ratio == 0.4
    assert row([cell(1, 7, write=True), cell(16, 4, write=True)], {"PATCH": "JSON 40%"}).ratio == 7


def test_a_load_that_misses_stands_for_one_that_is_out_of_reach() -> None:
    far, missing = cell(1, 0.3, check_cost=90, ratio_l2=0.9), cell(16, 0.4, check_cost=1, ratio_l2=0.45)
    assert [row(cells, {}).verdict for cells in ([far, missing], [far, cell(16, 0.7)])] == [
        "FAIL",
        "out of reach (with L2: pass)",
    ]


def test_a_row_has_the_stores_part_and_a_read_has_both_ratios() -> None:
    read, write = (row([cell(1, 0.6, write=write, check_cost=1, ratio_l2=0.9)], {}) for write in (False, True))
    assert (read.limit, read.ratio_l2, read.reach) == ("9 + 5 µs", 0.9, 0.9)
    assert (write.limit, write.ratio_l2, write.reach) == ("9 + 5 µs", None, None)


@pytest.mark.parametrize(("ratio", "most", "verdict"), [(0.4, False, "FAIL"), (0.6, False, "pass"), (0.6, True, "FAIL")])
def test_verdicts(ratio: float, most: bool, verdict: str) -> None:
    assert Row("GET", "sqlite", "", "", ratio, 0.5, most).verdict == verdict


def test_what_has_no_target_is_not_judged() -> None:
    assert Row("GET", "sqlite", "", "", 0.1, None).verdict == "-"


@pytest.mark.parametrize(
    ("ratio", "ratio_l2", "reach", "verdict", "passed"),
    [
        (0.2, 0.6, 0.4, "out of reach (with L2: pass)", True),
        (0.2, 0.4, 0.4, "out of reach (with L2: FAIL)", False),
        (0.2, 0.6, 0.5, "FAIL", False),
        (0.2, 0.6, None, "FAIL", False),
        (0.5, 0.6, 0.4, "pass", True),
    ],
)
def test_a_read_is_out_of_reach_if_asking_the_store_takes_too_long_by_itself(
    ratio: float, ratio_l2: float, reach: float | None, verdict: str, passed: bool
) -> None:
    found = Row("GET", "couchdb", "", "", ratio, 0.5, most=False, ratio_l2=ratio_l2, reach=reach)
    assert (found.verdict, found.passed) == (verdict, passed)


def test_rows_that_miss_are_told_of_apart_from_those_that_are_out_of_reach() -> None:
    far = Row("GET", "couchdb, 1 w", "", "", 0.2, 0.5, most=False, ratio_l2=0.7, reach=0.4)
    missed, good = Row("PATCH", "sqlite, 1 w", "", "", 6, 5), Row("POST", "sqlite", "", "", 4, 5)
    assert summary([good]) == "No target is missed."
    assert summary([far, missed, good]).splitlines() == [
        "1 of 3 rows miss their target: PATCH (sqlite)",
        "1 are out of reach of L1 and judged against L1 + L2: GET (couchdb)",
    ]
    drawn = picture(Results("", "", "", [far, missed, good], []))
    assert (drawn.count(AFAR), drawn.count(BAD), ">0.70<" in drawn) == (1, 1, True)


def test_a_run_is_shown_as_text_as_markdown_and_as_a_picture() -> None:
    rows = [
        Row("GET", "sqlite, 1 w", "9 µs", "8 µs", 0.4, 0.5, most=False, note="JSON 40%", ratio_l2=0.45),
        Row("x", "sqlite", "", "", 1, None),
    ]
    found = Results("2 cores", "2026-03-02", "quick", rows, [])
    assert "FAIL\n    JSON 40%" in text(found)
    assert "| GET | sqlite, 1 w | 9 µs | 8 µs | 0.40 | 0.45 | ≥ 0.5 | FAIL | JSON 40% |" in markdown(found)
    assert picture(found).count("<rect") == 2


def test_the_store_is_asked_where_waiting_costs_what_it_costs_a_worker() -> None:
    def ask() -> None:
        assert monkey.is_module_patched("socket")
        sum(range(100_000))

    assert as_in_a_worker(ask, 3) > cpu_of(int, 3)
    assert not monkey.is_module_patched("socket"), "the bench itself is as it was"
